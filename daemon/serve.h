/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One request from xenstore, from reading it to its answer. Keeps nothing: if
 * the daemon dies anywhere in here, the next one finds the request still
 * waiting and starts it afresh.
 */

#ifndef SCMI_MED_SERVE_H
#define SCMI_MED_SERVE_H

#include <stdint.h>

#include "daemon/hyp.h"
#include "daemon/store.h"
#include "lib/host-tree.h"
#include "lib/policy.h"

/* A domain's name as it is shown; longer ones are cut. */
#define DOMAIN_NAME_SIZE 80

struct serve {
    struct hyp *hyp;
    struct store *store;
    const struct host_tree *tree;
    const struct policy *policy;    /* NULL: none */
    const char *sysfs;          /* where it is mounted */
};

/*
 * Answers the domain's request, if one waits, and logs what came of it.
 * Returns 0, or a negative errno if xenstore cannot be reached any more.
 */
int serve_request(const struct serve *serve, uint32_t domid);

/* Copies text that others chose: cut to size, everything unprintable "?". */
void serve_plain_text(const char *text, char ret_text[DOMAIN_NAME_SIZE]);

/* The name of a domain in plain text; NULL if it has none. */
const char *serve_domain_name(struct store *store, uint32_t domid,
                              char ret_name[DOMAIN_NAME_SIZE]);

#endif
