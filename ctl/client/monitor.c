/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl monitor, see monitor.h. */

#include "ctl/client/monitor.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "ctl/client/signals.h"

struct monitor {
    bool json;
    FILE *out;
};

static bool print_line(const json_t *event, FILE *out)
{
    time_t seconds = (time_t)(json_integer_value(
        json_object_get(event, "time_us")) / 1000000);
    const char *c = json_string_value(json_object_get(event, "message"));
    char when[32] = "?";
    struct tm local;

    if (localtime_r(&seconds, &local))
        strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &local);
    fprintf(out, "%s %-11.32s ", when,
            json_string_value(json_object_get(event, "event")));
    for (; *c; c++)
        putc(*c >= ' ' && *c <= '~' ? *c : '?', out);
    putc('\n', out);
    return !ferror(out);
}

static enum ctl_status on_reply(void *context, const json_t *parameters,
                                char error[CTL_ERROR_SIZE])
{
    const json_t *event = json_object_get(parameters, "event");
    struct monitor *monitor = context;
    bool ok;

    errno = 0;
    ok = monitor->json
         ? !json_dumpf(event, monitor->out, JSON_COMPACT) &&
           putc('\n', monitor->out) != EOF
         : print_line(event, monitor->out);
    /* Flush each line: its reader may be waiting for it. */
    if (!ok || fflush(monitor->out))
        return ctl_fail(CTL_USAGE, error, "cannot write the output: %s",
                        strerror(errno ? errno : ENOMEM));
    return CTL_OK;
}

enum ctl_status ctl_monitor(char *const *args,
                            const struct ctl_options *options, FILE *out,
                            char error[CTL_ERROR_SIZE])
{
    struct monitor monitor = { options->json, out };
    struct ctl_follow follow = {
        .out_fd = fileno(out), .on_reply = on_reply, .context = &monitor,
    };
    enum ctl_status status;
    bool unread;

    *error = '\0';
    if (*args)
        return ctl_fail(CTL_USAGE, error, "monitor: too many arguments: %s",
                        *args);
    follow.wake_fd = signals_open(NULL);
    if (follow.wake_fd < 0)
        return ctl_fail(CTL_USAGE, error, "pipe: %s", strerror(errno));
    status = ctl_follow(options->socket_path, "Monitor", options->timeout_ms,
                        &follow, error);
    /* The reader is gone, or a signal interrupted a write. */
    unread = status == CTL_USAGE && (errno == EPIPE || errno == EINTR);
    signals_close();
    if (!unread)
        return status;
    *error = '\0';
    return CTL_OK;
}
