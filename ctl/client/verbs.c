/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs, see verbs.h. */

#include "ctl/client/verbs.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "ctl/client/show.h"
#include "lib/text.h"

static const char *const none[] = { NULL };
static const char *const of_agent[] = { "agent", NULL };
static const char *const of_limit[] = { "agent", "limit", NULL };
static const char *const of_domain[] = { "domain", NULL };
static const char *const of_device[] = { "domain", "device", NULL };

const struct ctl_verb ctl_verbs[] = {
    { "agents", "ListAgents", none, ctl_agents_fields, ctl_show_agents,
      "the firmware's agents, and the domains bound to them" },
    { "domains", "ListDomains", none, ctl_domains_fields, ctl_show_domains,
      "the domains that have an agent, and their devices" },
    { "devices", "ListDevices", none, ctl_devices_fields, ctl_show_devices,
      "the host's devices that hang on SCMI, and who has them" },
    { "status", "GetStatus", none, ctl_status_fields, ctl_show_status,
      "the daemon, Xen and the firmware" },
    { "show", "ShowDomain", of_domain, ctl_domain_fields, ctl_show_domain,
      "DOMAIN: all about it, with the reason for every permission" },
    { "reload", "Reload", none, ctl_no_fields, ctl_show_nothing,
      "read the host's device tree and the policy again" },
    { "reset", "ResetAgent", of_agent, ctl_no_fields, ctl_show_nothing,
      "AGENT: lift its quarantine, if the firmware confirms" },
    { "limit", "SetLimit", of_limit, ctl_no_fields, ctl_show_nothing,
      "AGENT RATE: limit its calls per second; \"none\" for no limit" },
    { "attach", "AttachDevice", of_device, ctl_change_fields, ctl_show_nothing,
      "DOMAIN DEVICE: permit it to a guest that runs" },
    { "detach", "DetachDevice", of_device, ctl_change_fields, ctl_show_nothing,
      "DOMAIN DEVICE: take it from a guest that runs" },
    { NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct ctl_verb *ctl_verb_find(const char *name)
{
    const struct ctl_verb *verb;

    for (verb = ctl_verbs; verb->name; verb++)
        if (!strcmp(verb->name, name))
            return verb;
    return NULL;
}

/* One argument as the method wants it; NULL: it is none. */
static json_t *parse_argument(const char *name, const char *arg)
{
    bool is_limit = !strcmp(name, "limit");
    uint32_t number;

    if (!strcmp(name, "domain") || !strcmp(name, "device"))
        return *arg ? json_string(arg) : NULL;
    if (is_limit && !strcmp(arg, "none"))
        return json_integer(UINT32_MAX);
    if (text_parse_u32(arg, &number) || (is_limit && !number))
        return NULL;
    return json_integer(number);
}

/* The method's parameters from the command line; NULL with an error. */
static json_t *parse_arguments(const struct ctl_verb *verb, char *const *args,
                               char error[CTL_ERROR_SIZE])
{
    json_t *parameters = json_object();
    const char *const *name;

    for (name = verb->arguments; *name && *args; name++, args++)
        if (json_object_set_new(parameters, *name,
                                parse_argument(*name, *args)))
            break;
    if (!*name && !*args)
        return parameters;
    if (*name && *args)
        ctl_fail(CTL_USAGE, error, "%s: %s is no %s", verb->name, *args,
                 strcmp(*name, "limit") ? *name
                 : "rate: write calls per second, from 1 on, or \"none\"");
    else
        ctl_fail(CTL_USAGE, error, "%s: %s%s", verb->name, *name
                 ? "the argument is missing: " : "too many arguments: ",
                 *name ? *name : *args);
    json_decref(parameters);
    return NULL;
}

enum ctl_status ctl_verb_run(const struct ctl_verb *verb, char *const *args,
                             const struct ctl_options *options, FILE *out,
                             char error[CTL_ERROR_SIZE])
{
    json_t *answer, *parameters;
    enum ctl_status status;
    bool ok;

    parameters = parse_arguments(verb, args, error);
    if (!parameters)
        return CTL_USAGE;
    status = ctl_call(options->socket_path, verb->method, parameters,
                      options->timeout_ms, &answer, error);
    json_decref(parameters);
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
