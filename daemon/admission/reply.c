/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replies to requests, see reply.h. */

#include "daemon/admission/reply.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <scmi-med/names.h>

/* A xenstore message has 4096 bytes, and the path and its header need some. */
#define VALUE_SIZE 3072

#define NODE_SIZE 128

/* A value that is built piece by piece. */
struct value {
    char text[VALUE_SIZE];
    size_t len;
    int rc;
};

__attribute__((format(printf, 2, 3)))
static void add(struct value *value, const char *format, ...)
{
    size_t room = sizeof(value->text) - value->len;
    va_list args;
    int r;

    va_start(args, format);
    r = vsnprintf(value->text + value->len, room, format, args);
    va_end(args);
    if (r < 0 || (size_t)r >= room)
        value->rc = -E2BIG;
    else
        value->len += (size_t)r;
}

static int write_node(struct store *store, store_txn txn, uint32_t domid,
                      const char *node, const char *value)
{
    char path[NODE_SIZE];

    snprintf(path, sizeof(path), SCMI_MED_REQUEST_FMT "/%s", domid, node);
    return store_write(store, txn, path, value);
}

/* Writes device/<n>/<property>. */
static int write_property(struct store *store, store_txn txn, uint32_t domid,
                          size_t n, const char *property,
                          const struct value *value)
{
    char node[64];

    if (value->rc)
        return value->rc;
    snprintf(node, sizeof(node), "device/%zu/%s", n, property);
    return write_node(store, txn, domid, node, value->text);
}

static int write_device(struct store *store, store_txn txn, uint32_t domid,
                        size_t n, const struct host_device *device)
{
    struct value refs, names;
    size_t first, i;
    int rc = 0;

    for (first = 0; !rc && first < device->nr_resources; first = i) {
        const struct host_resource *head = &device->resources[first];

        refs = names = (struct value){ 0 };
        for (i = first; i < device->nr_resources; i++) {
            const struct host_resource *resource = &device->resources[i];

            if (resource->property != head->property ||
                resource->for_guest != head->for_guest)
                break;
            add(&refs, "%s0x%x:%u", i == first ? "" : " ",
                resource->protocol_id, resource->resource_id);
            if (resource->name)
                add(&names, "%s ", resource->name);
        }
        if (!head->for_guest)
            continue;
        rc = write_property(store, txn, domid, n, head->property, &refs);
        if (!rc && head->name)
            rc = write_property(store, txn, domid, n, head->names_property,
                                &names);
    }
    return rc;
}

static int write_protocols(struct store *store, store_txn txn, uint32_t domid,
                           const struct plan *plan)
{
    struct value value = { 0 };
    uint32_t protocol_id;
    size_t i, k;

    for (protocol_id = 0; protocol_id <= 0xff; protocol_id++) {
        bool used = false;

        for (i = 0; i < plan->nr_devices; i++)
            for (k = 0; plan->devices[i] &&
                        k < plan->devices[i]->nr_resources; k++)
                used |= plan->devices[i]->resources[k].for_guest &&
                        plan->devices[i]->resources[k].protocol_id ==
                        protocol_id;
        if (used)
            add(&value, "%s0x%x", value.len ? " " : "", protocol_id);
    }
    return value.rc ? value.rc
                    : write_node(store, txn, domid, "protocols", value.text);
}

static int write_agent(struct store *store, store_txn txn, uint32_t domid,
                       const struct grant *grant)
{
    char number[32];
    int rc;

    snprintf(number, sizeof(number), "%u", grant->agent_id);
    rc = write_node(store, txn, domid, "agent", number);
    if (rc)
        return rc;
    snprintf(number, sizeof(number), "0x%x", grant->function_id);
    rc = write_node(store, txn, domid, "function-id", number);
    if (rc)
        return rc;
    snprintf(number, sizeof(number), "0x%llx",
             (unsigned long long)grant->guest_frame);
    return write_node(store, txn, domid, "frame", number);
}

int reply_granted(struct store *store, store_txn txn, uint32_t domid,
                   const struct plan *plan, const struct grant *grant)
{
    size_t n;
    int rc = 0;

    if (grant->has_agent)
        rc = write_agent(store, txn, domid, grant);
    if (!rc)
        rc = write_protocols(store, txn, domid, plan);
    for (n = 0; !rc && n < plan->nr_devices; n++)
        if (plan->devices[n])
            rc = write_device(store, txn, domid, n, plan->devices[n]);
    if (!rc)
        rc = write_node(store, txn, domid, "state", SCMI_MED_STATE_GRANTED);
    return rc;
}

int reply_refused(struct store *store, store_txn txn, uint32_t domid,
                   const char *error)
{
    int rc = write_node(store, txn, domid, "error", error);

    return rc ? rc : write_node(store, txn, domid, "state",
                                SCMI_MED_STATE_REFUSED);
}
