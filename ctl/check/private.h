/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of "check". A finding says what is wrong with the host device tree,
 * or keeps a device from being given to a guest, and what to change.
 */

#ifndef SCMI_MED_CTL_CHECK_PRIVATE_H
#define SCMI_MED_CTL_CHECK_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include "lib/host/scmi.h"
#include "lib/host/tree.h"

enum lint_severity {
    LINT_NOTE,              /* for information */
    LINT_WARNING,           /* something cannot be done with this tree */
    LINT_ERROR,             /* the tree contradicts itself */
};

/* Further findings are only counted. */
#define LINT_MAX_FINDINGS 4096

struct lint_finding {
    enum lint_severity severity;
    const char *code;       /* static: "shared-resource" */
    char *node;             /* path, NULL: the whole tree */
    char *text;
    char *remedy;
};

struct lint {
    const struct host_tree *tree;
    const struct host_scmi *scmi;
    struct lint_finding *findings;
    size_t nr_findings;
    size_t nr_more;         /* beyond LINT_MAX_FINDINGS */
    enum lint_severity worst;   /* LINT_NOTE without findings */
    bool no_memory;         /* findings are missing */
};

/* ---- check.c ------------------------------------------------------------ */

/* Runs all checks. Returns 0 or -ENOMEM. */
int lint_run(const struct host_tree *tree, const struct host_scmi *scmi,
             struct lint *ret_lint);

/* ---- lint.c ------------------------------------------------------------- */

/* Adds a finding; node may be NULL. lint_remedy() must follow. */
void lint_add(struct lint *lint, enum lint_severity severity, const char *code,
              const char *node, const char *text, ...)
    __attribute__((format(printf, 5, 6)));

/* Sets what to change about the last finding. */
void lint_remedy(struct lint *lint, const char *text, ...)
    __attribute__((format(printf, 2, 3)));

/* Sorts the findings by severity, the worst first. Returns 0 or -ENOMEM. */
int lint_sort(struct lint *lint);
void lint_done(struct lint *lint);

const char *lint_severity_name(enum lint_severity severity);

/*
 * Whether neither Dom0 nor a guest can use the device. Xen disables a device
 * with "xen,passthrough" for Dom0 only.
 */
bool lint_is_off(const struct host_device *device);

/* Whether the tree has a "xen,sci" node, which lists the agents. */
bool lint_has_agents(const struct lint *lint);

/* ---- lint-*.c ----------------------------------------------------------- */

void lint_instances(struct lint *lint);
void lint_agents(struct lint *lint);
void lint_devices(struct lint *lint);
void lint_sharing(struct lint *lint);

/* Checks that Xen forwards calls with this function ID. */
void lint_function_id(struct lint *lint, const char *path,
                      uint32_t function_id);

/* Checks that shared memory consists of whole pages, which a domain can map. */
void lint_page(struct lint *lint, enum lint_severity severity,
               const char *path, const struct host_page *page);

/* Finds channels of the host's SCMI nodes that share memory. */
void lint_channels_shared(struct lint *lint);

/* Finds agents that share a page or a function ID. */
void lint_pages_shared(struct lint *lint);

/* ---- json.c, show.c ----------------------------------------------------- */

/* The tree and its findings as an object, NULL without memory. */
json_t *check_to_json(const struct lint *lint);

/* Prints that object as tables. Returns false without memory. */
bool check_show(const json_t *check, bool headings, FILE *out);

#endif
