/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of findings, see private.h. */

#include "ctl/check/private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *lint_severity_name(enum lint_severity severity)
{
    switch (severity) {
    case LINT_NOTE:
        return "note";
    case LINT_WARNING:
        return "warning";
    case LINT_ERROR:
        return "error";
    }
    return "?";
}

void lint_add(struct lint *lint, enum lint_severity severity, const char *code,
              const char *node, const char *text, ...)
{
    struct lint_finding finding = { .severity = severity, .code = code };
    struct lint_finding *grown;
    va_list args;

    if (severity > lint->worst)
        lint->worst = severity;
    if (lint->nr_findings == LINT_MAX_FINDINGS || lint->no_memory) {
        lint->nr_more++;
        return;
    }
    va_start(args, text);
    if (vasprintf(&finding.text, text, args) < 0)
        finding.text = NULL;
    va_end(args);
    finding.node = node ? strdup(node) : NULL;
    grown = realloc(lint->findings, (lint->nr_findings + 1) * sizeof(*grown));
    if (grown)
        lint->findings = grown;
    if (!grown || !finding.text || (node && !finding.node)) {
        free(finding.text);
        free(finding.node);
        lint->no_memory = true;
        return;
    }
    grown[lint->nr_findings++] = finding;
}

void lint_remedy(struct lint *lint, const char *text, ...)
{
    struct lint_finding *finding;
    va_list args;

    if (lint->no_memory || lint->nr_more)
        return;
    finding = &lint->findings[lint->nr_findings - 1];
    va_start(args, text);
    if (vasprintf(&finding->remedy, text, args) < 0) {
        finding->remedy = NULL;
        lint->no_memory = true;
    }
    va_end(args);
}

bool lint_is_off(const struct host_device *device)
{
    return device->disabled && !device->passthrough;
}

bool lint_has_agents(const struct lint *lint)
{
    return lint->scmi->container_path;
}

int lint_sort(struct lint *lint)
{
    struct lint_finding *sorted = calloc(lint->nr_findings + 1,
                                         sizeof(*sorted));
    size_t i, nr = 0;
    int severity;

    if (!sorted)
        return -ENOMEM;
    for (severity = LINT_ERROR; severity >= LINT_NOTE; severity--)
        for (i = 0; i < lint->nr_findings; i++)
            if ((int)lint->findings[i].severity == severity)
                sorted[nr++] = lint->findings[i];
    free(lint->findings);
    lint->findings = sorted;
    return 0;
}

void lint_done(struct lint *lint)
{
    size_t i;

    for (i = 0; i < lint->nr_findings; i++) {
        free(lint->findings[i].node);
        free(lint->findings[i].text);
        free(lint->findings[i].remedy);
    }
    free(lint->findings);
    *lint = (struct lint){ 0 };
}
