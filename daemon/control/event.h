/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the log as replies to Monitor, see doc/org.scmimed.varlink. */

#ifndef SCMI_MED_DAEMON_CONTROL_EVENT_H
#define SCMI_MED_DAEMON_CONTROL_EVENT_H

#include <stdint.h>

#include <jansson.h>

#include "daemon/log.h"

/*
 * The reply for a message that a log_listener got; to be freed. NULL if it has
 * no event of its own, or if memory is short.
 */
char *event_text(int priority, const struct log_context *context,
                 const char *message);

/* The first reply to Monitor. NULL if memory is short. */
json_t *event_watching(void);

/* The reply that tells how many events are missing; to be freed. */
char *event_gap(uint64_t nr);

#endif
