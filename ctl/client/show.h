/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of replies, which ctl_call() has checked. The functions that return
 * bool return false if memory is short.
 */

#ifndef SCMI_MED_CTL_CLIENT_SHOW_H
#define SCMI_MED_CTL_CLIENT_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>
#include <libsmartcols/libsmartcols.h>

bool ctl_show_nothing(const json_t *reply, bool headings, FILE *out);
bool ctl_show_status(const json_t *reply, bool headings, FILE *out);
bool ctl_show_agents(const json_t *reply, bool headings, FILE *out);
bool ctl_show_domains(const json_t *reply, bool headings, FILE *out);
bool ctl_show_domain(const json_t *reply, bool headings, FILE *out);
bool ctl_show_devices(const json_t *reply, bool headings, FILE *out);

/*
 * Cells: the domain of an agent or device, "one (3)"; the limit of an agent's
 * calls per second, or "none"; the time since its last call.
 */
void ctl_set_domain(struct libscols_line *line, size_t n,
                    const json_t *object);
void ctl_set_limit(struct libscols_line *line, size_t n, const json_t *agent);
void ctl_set_age(struct libscols_line *line, size_t n, const json_t *agent);

#endif
