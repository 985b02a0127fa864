/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs of scmi-medctl. */

#ifndef SCMI_MED_CTL_CLIENT_VERBS_H
#define SCMI_MED_CTL_CLIENT_VERBS_H

#include <stdbool.h>
#include <stdio.h>

#include "ctl/client/client.h"

/* One more than a domain can have, so that one too many is noticed. */
#define CTL_MAX_DEVICES 65

struct ctl_options {
    const char *socket_path;
    int timeout_ms;
    bool json;
    bool headings;
    /* Of top: */
    int delay_ms;
    unsigned int samples;   /* 0: not limited */
    /* Of check: */
    const char *policy;     /* or NULL */
    /* Of guest-dtb: */
    const char *fdt;        /* host tree; NULL: of the running host */
    const char *output;
    char *devices[CTL_MAX_DEVICES + 1];     /* ended by NULL */
    size_t nr_devices;
};

/* A verb that calls one method; its arguments are the method's parameters. */
struct ctl_verb {
    const char *name;
    const char *method;
    bool (*show)(const json_t *reply, bool headings, FILE *out);
    const char *help;
};

/* The last one has no name. */
extern const struct ctl_verb ctl_verbs[];

/* NULL if there is no such verb. */
const struct ctl_verb *ctl_verb_find(const char *name);

/*
 * Writes nothing to out unless the daemon's reply is valid. args are what
 * follows the verb on the command line, ended by NULL.
 */
enum ctl_status ctl_verb_run(const struct ctl_verb *verb, char *const *args,
                             const struct ctl_options *options, FILE *out,
                             char error[CTL_ERROR_SIZE]);

#endif
