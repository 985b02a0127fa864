/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The daemon's reply to a request, parsed from text (see scmi-med/names.h).
 * Nothing in it is trusted: malformed or out-of-range values are errors.
 */

#ifndef SCMI_MED_PLUGIN_REPLY_H
#define SCMI_MED_PLUGIN_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libxl-plugin/fail.h"

/* Kinds of SCMI resources that a device node refers to. */
enum scmi_plugin_kind {
    SCMI_PLUGIN_CLOCKS,
    SCMI_PLUGIN_POWER_DOMAINS,
    SCMI_PLUGIN_RESETS,
    SCMI_PLUGIN_NR_KINDS,
};

/* The properties of each kind. */
struct scmi_plugin_kind_properties {
    const char *refs;       /* of the device: "clocks" */
    const char *names;      /* of the device: "clock-names" */
    const char *cells;      /* of the protocol node: "#clock-cells" */
    uint8_t protocol_id;    /* the protocol that usually serves them */
};

extern const struct scmi_plugin_kind_properties
    scmi_plugin_kinds[SCMI_PLUGIN_NR_KINDS];

/* Protocol ids: 0x10 is the base protocol, which has no node. */
#define SCMI_PLUGIN_PROTOCOL_MIN    0x11
#define SCMI_PLUGIN_PROTOCOL_MAX    0xff

struct scmi_plugin_ref {
    uint8_t protocol_id;
    uint32_t resource_id;
};

/* The references of one kind that one device has. */
struct scmi_plugin_refs {
    struct scmi_plugin_ref *refs;
    size_t nr_refs;
    char *names;            /* as in the property, with NULs; may be NULL */
    size_t names_len;
};

struct scmi_plugin_device_refs {
    struct scmi_plugin_refs refs[SCMI_PLUGIN_NR_KINDS];
};

struct scmi_plugin_reply {
    bool has_agent;         /* false: no device uses SCMI */
    uint32_t function_id;
    uint64_t frame;         /* guest frame of the shared page */
    bool protocols[SCMI_PLUGIN_PROTOCOL_MAX + 1];
    struct scmi_plugin_device_refs *devices;  /* as many as requested */
    size_t nr_devices;
};

int scmi_plugin_reply_init(struct scmi_plugin_reply *reply,
                           size_t nr_devices,
                           const struct scmi_plugin_error *error);
/* Frees what the struct holds. A zeroed struct is valid. */
void scmi_plugin_reply_done(struct scmi_plugin_reply *reply);

/*
 * Parse the values of xenstore nodes. NULL stands for an absent node, which is
 * an error if the node is mandatory.
 */
int scmi_plugin_reply_set_agent(struct scmi_plugin_reply *reply,
                                const char *agent, const char *function_id,
                                const char *frame,
                                const struct scmi_plugin_error *error);
int scmi_plugin_reply_set_protocols(struct scmi_plugin_reply *reply,
                                    const char *protocols,
                                    const struct scmi_plugin_error *error);
int scmi_plugin_reply_set_refs(struct scmi_plugin_reply *reply, size_t n,
                               enum scmi_plugin_kind kind, const char *text,
                               const char *names,
                               const struct scmi_plugin_error *error);

#endif /* SCMI_MED_PLUGIN_REPLY_H */
