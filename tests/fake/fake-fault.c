/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults in the fake backends, see fake-fault.h. */

#include "tests/fake/fake-fault.h"

#include <errno.h>

static int count, fail_number, fail_rc, cut_number;

void fake_fault_reset(void)
{
    count = 0;
    fail_number = cut_number = -1;
}

void fake_fault_fail(int number, int rc)
{
    fake_fault_reset();
    fail_number = number;
    fail_rc = rc;
}

void fake_fault_cut(int number)
{
    fake_fault_reset();
    cut_number = number;
}

int fake_fault_count(void)
{
    return count;
}

int fake_fault_check(void)
{
    int number = count++;

    if (cut_number >= 0 && number >= cut_number)
        return -ENOTCONN;
    return number == fail_number ? fail_rc : 0;
}
