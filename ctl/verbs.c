/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs, see verbs.h. */

#include "ctl/verbs.h"

#include <errno.h>
#include <string.h>

#include "ctl/show.h"

const struct ctl_verb ctl_verbs[] = {
    { "agents", "ListAgents", ctl_agents_fields, ctl_show_agents,
      "the firmware's agents, and the domains bound to them" },
    { "domains", "ListDomains", ctl_domains_fields, ctl_show_domains,
      "the domains that have an agent, and their devices" },
    { "devices", "ListDevices", ctl_devices_fields, ctl_show_devices,
      "the host's devices that hang on SCMI, and who has them" },
    { "status", "GetStatus", ctl_status_fields, ctl_show_status,
      "the daemon, Xen and the firmware" },
    { NULL, NULL, NULL, NULL, NULL },
};

const struct ctl_verb *ctl_verb_find(const char *name)
{
    const struct ctl_verb *verb;

    for (verb = ctl_verbs; verb->name; verb++)
        if (!strcmp(verb->name, name))
            return verb;
    return NULL;
}

enum ctl_status ctl_verb_run(const struct ctl_verb *verb,
                             const struct ctl_options *options, FILE *out,
                             char error[CTL_ERROR_SIZE])
{
    enum ctl_status status;
    json_t *answer;
    bool ok;

    status = ctl_call(options->socket_path, verb->method, options->timeout_ms,
                      &answer, error);
    if (status)
        return status;

    status = ctl_answer_check(answer, verb->fields, error);
    if (!status) {
        errno = 0;
        if (options->json)
            ok = !json_dumpf(answer, out, JSON_INDENT(2)) &&
                 putc('\n', out) != EOF;
        else
            ok = verb->show(answer, options->headings, out);
        if (!ok || fflush(out))
            status = ctl_fail(CTL_USAGE, error, "cannot write the output: %s",
                              strerror(errno ? errno : ENOMEM));
    }
    json_decref(answer);
    return status;
}
