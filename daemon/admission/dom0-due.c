/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Dom0 is due, see dom0-due.h. */

#include "daemon/admission/dom0-due.h"

#include <string.h>

#include "daemon/admission/dom0.h"
#include "daemon/log.h"

void dom0_due(struct hyp *hyp, const struct agents *agents,
              const struct host_tree *tree, size_t *nr_lacks)
{
    struct log_context context = {
        .agent_id = -1, .message_id = LOG_ID_RESTORED,
    };
    struct dom0_changes changes;
    const char *more;

    dom0_restore(hyp, agents, tree, &changes);
    more = changes.nr_restored > 1 ? " and others" : "";
    if (changes.nr_restored)
        log_write(LOG_NOTICE, &context, "Dom0 has device \"%s\"%s back",
                  changes.last, more);
    if (changes.nr_failed && changes.nr_failed != *nr_lacks)
        log_write(LOG_ERR, &context, "Dom0 lacks %zu of its devices, for "
                  "example \"%s\", which it could not get back: %s, SCMI "
                  "status %d; trying again", changes.nr_failed, changes.failed,
                  strerror(-changes.rc), changes.scmi_status);
    *nr_lacks = changes.nr_failed;
}
