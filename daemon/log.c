/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log, see log.h. */

#include "daemon/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <systemd/sd-journal.h>

#include "lib/reason.h"

#define MESSAGE_SIZE    (REASON_SIZE + 512)
#define MAX_FIELDS      80

struct fields {
    struct iovec iov[MAX_FIELDS];
    int nr;
};

static int level = LOG_INFO;
static void (*test_sink)(int priority, const char *message);
static log_listener *event_listener;
static void *event_context;

void log_set_level(int priority)
{
    level = priority;
}

void log_set_sink(void (*sink)(int priority, const char *message))
{
    test_sink = sink;
}

void log_set_listener(log_listener *listener, void *context)
{
    event_listener = listener;
    event_context = context;
}

int log_parse_level(const char *name)
{
    static const struct {
        const char *name;
        int priority;
    } levels[] = {
        { "error", LOG_ERR }, { "warning", LOG_WARNING },
        { "notice", LOG_NOTICE }, { "info", LOG_INFO },
        { "debug", LOG_DEBUG },
    };
    size_t i;

    for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        if (!strcmp(levels[i].name, name))
            return levels[i].priority;
    return -1;
}

/* JOURNAL_STREAM is inherited even where standard error is redirected. */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat status;

    return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
           !fstat(STDERR_FILENO, &status) && status.st_dev == device &&
           status.st_ino == inode;
}

__attribute__((format(printf, 2, 3)))
static void add_field(struct fields *fields, const char *format, ...)
{
    va_list args;
    char *text;
    int r;

    if (fields->nr == MAX_FIELDS)
        return;
    va_start(args, format);
    r = vasprintf(&text, format, args);
    va_end(args);
    if (r >= 0)
        fields->iov[fields->nr++] = (struct iovec){ text, (size_t)r };
}

static void write_journal(int priority, const struct log_context *context,
                          const char *message)
{
    struct fields fields = { .nr = 0 };
    size_t i;

    add_field(&fields, "MESSAGE=%s", message);
    add_field(&fields, "PRIORITY=%d", priority);
    add_field(&fields, "SYSLOG_IDENTIFIER=scmi-medd");
    if (context && context->message_id)
        add_field(&fields, "MESSAGE_ID=%s", context->message_id);
    if (context && context->domid > 0)
        add_field(&fields, "SCMI_MED_DOMID=%d", context->domid);
    if (context && context->domain)
        add_field(&fields, "SCMI_MED_DOMAIN=%s", context->domain);
    if (context && context->agent_id >= 0)
        add_field(&fields, "SCMI_MED_AGENT=%d", context->agent_id);
    for (i = 0; context && i < context->nr_devices; i++)
        add_field(&fields, "SCMI_MED_DEVICE=%s", context->devices[i]);

    (void)sd_journal_sendv(fields.iov, fields.nr);
    while (fields.nr > 0)
        free(fields.iov[--fields.nr].iov_base);
}

void log_write(int priority, const struct log_context *context,
               const char *format, ...)
{
    bool is_event = event_listener && context && context->message_id;
    char message[MESSAGE_SIZE];
    va_list args;

    if (priority > level && !is_event)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);

    if (is_event)
        event_listener(event_context, priority, context, message);
    if (priority > level)
        return;
    if (test_sink)
        test_sink(priority, message);
    else if (stderr_is_journal())
        write_journal(priority, context, message);
    else
        fprintf(stderr, "scmi-medd: %s\n", message);
}
