/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings about channels: their function IDs and shared pages. See lint.h. */

#ifndef SCMI_MED_CTL_CHECK_LINT_PAGE_H
#define SCMI_MED_CTL_CHECK_LINT_PAGE_H

#include "ctl/check/lint.h"

/* Whether Xen takes calls of this function ID for SCMI. */
void lint_function_id(struct lint *lint, const char *path,
                      uint32_t function_id);

/* Whether shared memory is of whole pages, so that a domain can have it. */
void lint_page(struct lint *lint, enum lint_severity severity,
               const char *path, const struct host_page *page);

/* Whether two channels of the host's SCMI nodes have memory in common. */
void lint_channels_shared(struct lint *lint);

/* Whether two agents have a page, or a function ID, in common. */
void lint_pages_shared(struct lint *lint);

#endif
