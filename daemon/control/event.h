/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the log as replies to Monitor, see doc/org.scmimed.varlink. */

#ifndef SCMI_MED_DAEMON_CONTROL_EVENT_H
#define SCMI_MED_DAEMON_CONTROL_EVENT_H

#include <stdint.h>

#include <jansson.h>

#include "daemon/log.h"

/* "granted" for LOG_ID_GRANTED; NULL: it is none. */
const char *event_name(const char *message_id);

/*
 * An event as a whole message, to be freed; NULL without memory, or if it is
 * none. event is what was logged.
 */
char *event_text(int priority, const struct log_context *event,
                 const char *message);

/* The first reply to Monitor. NULL without memory. */
json_t *event_watching(void);

/* Says how many events are missing at this place; to be freed. */
char *event_lost(uint64_t nr);

#endif
