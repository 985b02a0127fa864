/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs of scmi-medctl. */

#ifndef SCMI_MED_CTL_CLIENT_VERBS_H
#define SCMI_MED_CTL_CLIENT_VERBS_H

#include <stdbool.h>
#include <stdio.h>

#include "ctl/client/answer.h"
#include "ctl/client/client.h"

/* Devices that can be named, at most: one more than a domain can have. */
#define CTL_MAX_DEVICES 65

struct ctl_options {
    const char *socket_path;
    int timeout_ms;
    bool json;
    bool headings;
    /* Of top: */
    int delay_ms;
    unsigned int samples;   /* 0: it is not said how many */
    const char *policy;     /* of check: to be checked as well, or NULL */
    /* Of guest-dtb: */
    const char *fdt;        /* host tree, NULL: the running host's */
    const char *output;
    char *devices[CTL_MAX_DEVICES + 1];     /* ended by NULL */
    size_t nr_devices;
};

/* What a verb asks for, what it is told, and how that is shown. */
struct ctl_verb {
    const char *name;
    const char *method;
    /* The method's parameters, ended by NULL. */
    const char *const *arguments;
    const struct ctl_field *fields;
    bool (*show)(const json_t *answer, bool headings, FILE *out);
    const char *help;
};

/* Ended by one without a name. */
extern const struct ctl_verb ctl_verbs[];

/* NULL if there is none of this name. */
const struct ctl_verb *ctl_verb_find(const char *name);

/*
 * Writes nothing to out unless the daemon's answer is valid. args, ended by
 * NULL, are what is behind the verb on the command line.
 */
enum ctl_status ctl_verb_run(const struct ctl_verb *verb, char *const *args,
                             const struct ctl_options *options, FILE *out,
                             char error[CTL_ERROR_SIZE]);

#endif
