/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults in the fake backends. Every call of a backend that acts on Xen or
 * xenstore counts; one of them can be made to fail, or to be the first that never
 * happens because the daemon was killed before it.
 */

#ifndef FAKE_FAULT_H
#define FAKE_FAULT_H

#include <stdbool.h>

/* No faults, count from 0. */
void fake_fault_reset(void);

/* The call with this number (0, 1, ...) returns rc, the others work. */
void fake_fault_fail(int number, int rc);

/* From the call with this number on, nothing reaches the other side. */
void fake_fault_cut(int number);

/* Calls so far. */
int fake_fault_count(void);

/* For the backends: what the call that begins now must return instead, or 0. */
int fake_fault_check(void);

#endif
