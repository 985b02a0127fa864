/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dispatches varlink calls to the methods, see methods.h. */

#include "daemon/control/methods.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <scmi-med/names.h>

#include "daemon/control/event.h"
#include "daemon/control/private.h"
#include "daemon/manager.h"

/*
 * doc/org.scmimed.varlink, for GetInterfaceDescription. The path is relative to
 * the top folder, where make runs.
 */
extern const char method_description[];
__asm__(
    ".section .rodata\n"
    ".global method_description\n"
    "method_description:\n"
    "    .incbin \"doc/org.scmimed.varlink\"\n"
    "    .byte 0\n"
    ".previous\n"
);

static json_t *get_info(struct manager *manager, json_t *parameters)
{
    (void)manager;
    (void)parameters;
    return method_reply(json_pack("{s:s, s:s, s:s, s:s, s:[s, s]}",
                                  "vendor", "scmi-med",
                                  "product", "scmi-medd",
                                  "version", SCMI_MED_VERSION_STRING,
                                  "url", "",
                                  "interfaces", SERVICE, SCMI_MED_INTERFACE));
}

static json_t *get_description(struct manager *manager, json_t *parameters)
{
    const char *interface = NULL;

    (void)manager;
    if (json_unpack(parameters, "{s:s}", "interface", &interface))
        return method_error_invalid("interface");
    if (!strcmp(interface, SCMI_MED_INTERFACE))
        return method_reply(json_pack("{s:s}", "description",
                                      method_description));
    return method_error(SERVICE ".InterfaceNotFound",
                        json_pack("{s:s}", "interface", interface));
}

static const struct {
    const char *name;
    json_t *(*method)(struct manager *manager, json_t *parameters);
} methods[] = {
    { SERVICE ".GetInfo",                   get_info },
    { SERVICE ".GetInterfaceDescription",   get_description },
    { SCMI_MED_INTERFACE ".GetStatus",      method_get_status },
    { SCMI_MED_INTERFACE ".ListAgents",     method_list_agents },
    { SCMI_MED_INTERFACE ".ListDomains",    method_list_domains },
    { SCMI_MED_INTERFACE ".ListDevices",    method_list_devices },
    { SCMI_MED_INTERFACE ".ShowDomain",     method_show_domain },
    { SCMI_MED_INTERFACE ".Reload",         method_reload },
    { SCMI_MED_INTERFACE ".ResetAgent",     method_reset_agent },
    { SCMI_MED_INTERFACE ".SetLimit",       method_set_limit },
    { SCMI_MED_INTERFACE ".AttachDevice",   method_attach_device },
    { SCMI_MED_INTERFACE ".DetachDevice",   method_detach_device },
};

/* Not in the table, since it needs the calling client. */
static json_t *monitor(struct server_peer *peer, bool more)
{
    json_t *reply;

    if (!more)
        return method_error(SERVICE ".ExpectedMore", json_object());
    if (!peer || !peer->may_follow)
        return method_error_refused("there are as many monitors as there may "
                                    "be; end another one first");
    reply = event_watching();
    if (reply)
        peer->follows = true;
    return reply;
}

static bool is_known_interface(const char *name, size_t len)
{
    return (len == strlen(SERVICE) && !strncmp(name, SERVICE, len)) ||
           (len == strlen(SCMI_MED_INTERFACE) &&
            !strncmp(name, SCMI_MED_INTERFACE, len));
}

static json_t *not_found(const char *name)
{
    const char *dot = strrchr(name, '.');

    if (dot && is_known_interface(name, (size_t)(dot - name)))
        return method_error(SERVICE ".MethodNotFound",
                            json_pack("{s:s}", "method", name));
    return method_error(SERVICE ".InterfaceNotFound",
                        json_pack("{s:s%}", "interface", name,
                                  dot ? (size_t)(dot - name) : strlen(name)));
}

static json_t *dispatch(struct manager *manager, const char *name,
                        json_t *parameters, struct server_peer *peer, bool more)
{
    size_t i;

    if (!json_is_object(parameters))
        return method_error_invalid("parameters");
    if (!strcmp(name, SCMI_MED_INTERFACE ".Monitor"))
        return monitor(peer, more);
    for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (!strcmp(methods[i].name, name))
            return methods[i].method(manager, parameters);
    return not_found(name);
}

char *methods_call(void *manager, const char *text, struct server_peer *peer)
{
    json_t *call, *parameters = NULL, *reply = NULL, *empty = json_object();
    const char *name = NULL;
    char *result = NULL;
    int oneway = 0, more = 0;

    /* varlink permits a single reply to "more"; "upgrade" is not supported. */
    call = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (call && !json_unpack(call, "{s:s, s?o, s?b, s?b}", "method", &name,
                             "parameters", &parameters, "oneway", &oneway,
                             "more", &more)) {
        if (!parameters || json_is_null(parameters))
            parameters = empty;
        reply = dispatch(manager, name, parameters, oneway ? NULL : peer,
                         more);
    }
    if (reply)
        result = oneway ? strdup("") : json_dumps(reply, JSON_COMPACT);
    json_decref(reply);
    json_decref(call);
    json_decref(empty);
    return result;
}
