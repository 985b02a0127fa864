/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl top: who makes how many calls. */

#ifndef SCMI_MED_CTL_TOP_TOP_H
#define SCMI_MED_CTL_TOP_TOP_H

#include "ctl/client/verbs.h"
#include "ctl/top/rates.h"

#define TOP_DELAY_MS 1000

/*
 * On a terminal, a table that is kept up to date until it is ended by "q" or a
 * signal. If out is none, or a number of samples is asked for: these, as text.
 */
enum ctl_status ctl_top(char *const *args, const struct ctl_options *options,
                        FILE *out, char error[CTL_ERROR_SIZE]);

/*
 * The parts of what is shown; trouble is what is wrong with the daemon. columns: the width of a terminal, 0 for none.
 * They return false if memory is short, or the output cannot be written.
 */
bool top_show_summary(const struct rated_agent *rated, size_t nr,
                      const char *hint, const char *trouble, FILE *out);
bool top_show_table(const struct rated_agent *rated, size_t nr, size_t columns,
                    bool headings, FILE *out);
bool top_show_json(const struct rated_agent *rated, size_t nr, double seconds,
                   FILE *out);

#endif
