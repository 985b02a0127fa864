/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs, see verbs.h. */

#include "ctl/client/verbs.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "ctl/client/interface.h"
#include "ctl/client/show.h"
#include "lib/text.h"

const struct ctl_verb ctl_verbs[] = {
    { "agents", "ListAgents", ctl_show_agents,
      "the firmware's agents, and the domains bound to them" },
    { "domains", "ListDomains", ctl_show_domains,
      "the domains that have an agent, and their devices" },
    { "devices", "ListDevices", ctl_show_devices,
      "the host's devices that use SCMI, and who has them" },
    { "status", "GetStatus", ctl_show_status,
      "the daemon, Xen and the firmware" },
    { "show", "ShowDomain", ctl_show_domain,
      "DOMAIN: its agent, and the reason for every permission" },
    { "reload", "Reload", ctl_show_nothing,
      "read the host's device tree and the policy again" },
    { "reset", "ResetAgent", ctl_show_nothing,
      "AGENT: lift its quarantine, if the firmware confirms" },
    { "limit", "SetLimit", ctl_show_nothing,
      "AGENT RATE: limit its calls per second; \"none\" for no limit" },
    { "attach", "AttachDevice", ctl_show_nothing,
      "DOMAIN DEVICE: permit it to a running guest" },
    { "detach", "DetachDevice", ctl_show_nothing,
      "DOMAIN DEVICE: take it from a running guest" },
    { NULL, NULL, NULL, NULL },
};

const struct ctl_verb *ctl_verb_find(const char *name)
{
    const struct ctl_verb *verb;

    for (verb = ctl_verbs; verb->name; verb++)
        if (!strcmp(verb->name, name))
            return verb;
    return NULL;
}

/* The value of a parameter; NULL if the argument is not valid. */
static json_t *parse_argument(const struct interface_field *parameter,
                              const char *arg)
{
    bool is_limit = !strcmp(parameter->name, "limit");
    uint32_t number;

    if (parameter->type == INTERFACE_STRING)
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
    const struct interface_field *parameter;
    json_t *parameters = json_object();

    parameter = interface_method(verb->method)->parameters;
    for (; parameter->name && *args; parameter++, args++)
        if (json_object_set_new(parameters, parameter->name,
                                parse_argument(parameter, *args)))
            break;
    if (!parameter->name && !*args)
        return parameters;
    if (parameter->name && *args)
        ctl_fail(CTL_USAGE, error, "%s: %s is no %s", verb->name, *args,
                 strcmp(parameter->name, "limit") ? parameter->name
                 : "rate: write calls per second, from 1 on, or \"none\"");
    else
        ctl_fail(CTL_USAGE, error, "%s: %s%s", verb->name, parameter->name
                 ? "the argument is missing: " : "too many arguments: ",
                 parameter->name ? parameter->name : *args);
    json_decref(parameters);
    return NULL;
}

enum ctl_status ctl_verb_run(const struct ctl_verb *verb, char *const *args,
                             const struct ctl_options *options, FILE *out,
                             char error[CTL_ERROR_SIZE])
{
    json_t *reply, *parameters;
    enum ctl_status status;
    bool ok;

    parameters = parse_arguments(verb, args, error);
    if (!parameters)
        return CTL_USAGE;
    status = ctl_call(options->socket_path, verb->method, parameters,
                      options->timeout_ms, &reply, error);
    json_decref(parameters);
    if (status)
        return status;

    errno = 0;
    if (options->json)
        ok = !json_dumpf(reply, out, JSON_INDENT(2)) && putc('\n', out) != EOF;
    else
        ok = verb->show(reply, options->headings, out);
    if (!ok || fflush(out))
        status = ctl_fail(CTL_USAGE, error, "cannot write the output: %s",
                          strerror(errno ? errno : ENOMEM));
    json_decref(reply);
    return status;
}
