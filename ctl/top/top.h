/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "scmi-medctl top": the agents, by calls per second. */

#ifndef SCMI_MED_CTL_TOP_TOP_H
#define SCMI_MED_CTL_TOP_TOP_H

#include "ctl/client/verbs.h"
#include "ctl/top/rates.h"

#define TOP_DELAY_MS 1000

/*
 * On a terminal, keeps a table up to date until "q" or a signal ends it.
 * Prints samples instead if out is no terminal, for --json and for --samples.
 */
enum ctl_status ctl_top(char *const *args, const struct ctl_options *options,
                        FILE *out, char error[CTL_ERROR_SIZE]);

/*
 * The views of a sample, which return false without memory or if out fails.
 * columns is the width of the terminal, 0 for none. trouble, unless empty,
 * replaces the line with the sum of the rates.
 */
bool top_show_summary(const struct rated_agent *rated, size_t nr,
                      const char *hint, const char *trouble, size_t columns,
                      FILE *out);
bool top_show_table(const struct rated_agent *rated, size_t nr, size_t columns,
                    bool headings, FILE *out);
bool top_show_json(const struct rated_agent *rated, size_t nr, double seconds,
                   FILE *out);

#endif
