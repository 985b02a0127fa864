/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the daemon's answers as tables. */

#ifndef SCMI_MED_CTL_SHOW_H
#define SCMI_MED_CTL_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

/* One verb: what it asks for, and how the answer is shown. */
struct ctl_verb {
    const char *name;
    const char *method;
    const char *help;
    /* False if the answer is not what the interface says. */
    bool (*show)(const json_t *parameters, bool headings, FILE *out);
};

/* Ended by one without a name. */
extern const struct ctl_verb ctl_verbs[];

#endif
