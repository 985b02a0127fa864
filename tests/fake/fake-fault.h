/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Injects faults into the fake backends. Calls that act on Xen or xenstore are
 * counted. One can be made to fail, or the daemon can be killed before it.
 */

#ifndef FAKE_FAULT_H
#define FAKE_FAULT_H

#include <stdbool.h>

/* Clears the faults and the count. */
void fake_fault_reset(void);

/* Call n, counted from 0, returns rc; the others work. */
void fake_fault_fail(int number, int rc);

/* Call n and all later ones fail, as after a kill. */
void fake_fault_cut(int number);

/* Calls so far. */
int fake_fault_count(void);

/* For the backends: the error that the next call must return, or 0. */
int fake_fault_check(void);

#endif
