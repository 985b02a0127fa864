/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the board's firmware must do, seen from its agents. Every test leaves
 * the platform as it was at the start: nothing granted, nothing on, no fault.
 */

#ifndef TESTS_H
#define TESTS_H

void test_base_protocol(void);
void test_resources(void);
void test_calls(void);
void test_faults(void);

#endif /* TESTS_H */
