/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replies to Monitor, see event.h. */

#include "daemon/control/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/reason.h"
#include "lib/text.h"

static const struct {
    const char *message_id, *name;
} events[] = {
    { LOG_ID_STARTED,       "started" },
    { LOG_ID_GRANTED,       "granted" },
    { LOG_ID_REFUSED,       "refused" },
    { LOG_ID_RELEASED,      "released" },
    { LOG_ID_QUARANTINED,   "quarantined" },
    { LOG_ID_ROLLBACK,      "rollback" },
    { LOG_ID_TREE_READ,     "tree_read" },
    { LOG_ID_RESET,         "reset" },
    { LOG_ID_POLICY_READ,   "policy_read" },
    { LOG_ID_LIMIT,         "limit" },
    { LOG_ID_ATTACHED,      "attached" },
    { LOG_ID_DETACHED,      "detached" },
    { LOG_ID_RESTORED,      "restored" },
};

static const char *name_of(const char *message_id)
{
    size_t i;

    for (i = 0; message_id && i < sizeof(events) / sizeof(events[0]); i++)
        if (!strcmp(events[i].message_id, message_id))
            return events[i].name;
    return NULL;
}

static json_int_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (json_int_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* A message may quote any bytes, but JSON must be valid UTF-8. */
static json_t *plain_text(const char *text)
{
    char plain[REASON_SIZE + 512];

    snprintf(plain, sizeof(plain), "%s", text);
    text_make_printable(plain);
    return json_string(plain);
}

static json_t *device_list(const struct log_context *context)
{
    json_t *list = json_array();
    size_t i;

    for (i = 0; list && i < context->nr_devices; i++)
        json_array_append_new(list, plain_text(context->devices[i]));
    return list;
}

/* A whole reply; nr_missing is not 0 in event_gap() only. */
static json_t *reply(const char *name, int priority,
                     const struct log_context *context, const char *message,
                     uint64_t nr_missing)
{
    json_t *object = json_pack(
        "{s:I, s:s, s:i, s:s?, s:o, s:o, s:o, s:o, s:o, s:I}",
        "time_us", now_us(),
        "event", name,
        "priority", priority,
        "message_id", context->message_id,
        "message", plain_text(message),
        "domid", context->domid > 0 ? json_integer(context->domid)
                                    : json_null(),
        "domain", context->domain ? plain_text(context->domain) : json_null(),
        "agent", context->agent_id >= 0 ? json_integer(context->agent_id)
                                        : json_null(),
        "devices", device_list(context),
        "lost", (json_int_t)nr_missing);

    return object ? json_pack("{s:{s:o}, s:b}", "parameters", "event", object,
                              "continues", 1) : NULL;
}

static char *text_of(json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

    json_decref(json);
    return text;
}

char *event_text(int priority, const struct log_context *context,
                 const char *message)
{
    const char *name = name_of(context->message_id);

    return name ? text_of(reply(name, priority, context, message, 0)) : NULL;
}

json_t *event_watching(void)
{
    const struct log_context none = { .agent_id = -1 };

    return reply("watching", LOG_INFO, &none, "scmi-medd "
                 SCMI_MED_VERSION_STRING " tells what happens from now on", 0);
}

char *event_gap(uint64_t nr)
{
    const struct log_context none = { .agent_id = -1 };
    char message[160];

    snprintf(message, sizeof(message), "%" PRIu64 " event%s %s missing here: "
             "they came faster than they were read; the log has them: "
             "journalctl -u scmi-medd", nr, nr == 1 ? "" : "s",
             nr == 1 ? "is" : "are");
    return text_of(reply("lost", LOG_WARNING, &none, message, nr));
}
