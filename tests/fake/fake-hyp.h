/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hypervisor backend on a model of Xen, for unit tests. */

#ifndef FAKE_HYP_H
#define FAKE_HYP_H

#include "tests/fake/fake-table.h"

/* The model. */
extern struct fake_table fake_table;

/* If not 0, hyp_open() fails with it. */
extern int fake_hyp_open_rc;

/* If set, runs before each assign: simulates a race. */
extern void (*fake_hyp_before_assign)(void);

#endif
