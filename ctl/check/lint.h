/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with a host device tree, or in the way of giving devices to
 * guests; each finding says what to change.
 */

#ifndef SCMI_MED_CTL_CHECK_LINT_H
#define SCMI_MED_CTL_CHECK_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/host/scmi.h"
#include "lib/host/tree.h"

enum lint_severity {
    LINT_NOTE,              /* good to know */
    LINT_WARNING,           /* something cannot be done */
    LINT_ERROR,             /* the tree contradicts itself */
};

/* Findings that are kept; of more, only the number is. */
#define LINT_MAX_FINDINGS 4096

struct lint_finding {
    enum lint_severity severity;
    const char *code;       /* static: "shared-resource" */
    char *node;             /* the path that it is about, NULL: the tree */
    char *text;
    char *remedy;
};

struct lint {
    const struct host_tree *tree;
    const struct host_scmi *scmi;
    struct lint_finding *findings;
    size_t nr_findings;
    size_t nr_more;         /* found, but not kept */
    enum lint_severity worst;   /* of all; LINT_NOTE if there are none */
    bool no_memory;         /* some are missing */
};

/* Looks at everything. Returns 0 or -ENOMEM. */
int lint_run(const struct host_tree *tree, const struct host_scmi *scmi,
             struct lint *ret_lint);
void lint_done(struct lint *lint);

const char *lint_severity_name(enum lint_severity severity);

/* ---- For the parts of it ------------------------------------------------ */

/*
 * Adds a finding, which says what is wrong; node may be NULL. What to do about
 * it is added with lint_remedy().
 */
void lint_add(struct lint *lint, enum lint_severity severity, const char *code,
              const char *node, const char *text, ...)
    __attribute__((format(printf, 5, 6)));

/* Sets the remedy of the finding added last. */
void lint_remedy(struct lint *lint, const char *text, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether nobody can use the device. What is set aside is off only for Dom0. */
bool lint_is_off(const struct host_device *device);

/* Whether agents of the firmware can be told apart at all. */
bool lint_has_agents(const struct lint *lint);

void lint_instances(struct lint *lint);
void lint_agents(struct lint *lint);
void lint_devices(struct lint *lint);
void lint_sharing(struct lint *lint);

#endif
