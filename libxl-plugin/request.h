/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a domain asks of the daemon, and what it answers: see
 * <scmi-med/names.h>. Whoever fills a request frees it with
 * scmi_plugin_request_dispose().
 */

#ifndef SCMI_MED_PLUGIN_REQUEST_H
#define SCMI_MED_PLUGIN_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A clock, power domain or reset of the firmware. */
struct scmi_plugin_ref {
    uint32_t protocol_id;
    uint32_t resource_id;
};

/* The properties of a device that refer to SCMI, in this order. */
enum {
    SCMI_PLUGIN_CLOCKS,
    SCMI_PLUGIN_POWER_DOMAINS,
    SCMI_PLUGIN_RESETS,
    SCMI_PLUGIN_NR_PROPERTIES
};

struct scmi_plugin_property {
    struct scmi_plugin_ref *refs;
    size_t nr_refs;
    char *names;                /* NUL after each, as in the device tree */
    size_t names_len;
};

struct scmi_plugin_device {
    char *path;                 /* in the host's device tree */
    struct scmi_plugin_property properties[SCMI_PLUGIN_NR_PROPERTIES];
};

struct scmi_plugin_request {
    uint32_t domid;
    struct scmi_plugin_device *devices;
    size_t nr_devices;
    /* The answer. */
    bool has_agent;             /* if not, nothing below is set */
    uint32_t function_id;
    uint64_t frame;             /* guest frame of the shared page, 4 KiB each */
    bool protocols[256];        /* the guest's tree needs these */
};

/* Device tree names of the properties, and of the names that go with them. */
extern const struct scmi_plugin_property_names {
    const char *refs, *names;
} scmi_plugin_property_names[SCMI_PLUGIN_NR_PROPERTIES];

/* Adds a device; one that is in the request already is not added again. */
int scmi_plugin_request_add(struct scmi_plugin_request *request,
                            const char *path, char *error, size_t error_size);

/*
 * Asks the daemon and waits for its answer. Nothing is left behind in xenstore
 * that a daemon could still grant, if this fails. Returns 0, or a libxl error
 * and a sentence in error.
 */
int scmi_plugin_request_send(struct scmi_plugin_request *request,
                             char *error, size_t error_size);

void scmi_plugin_request_dispose(struct scmi_plugin_request *request);

/* values.c: one value of the answer each; false if it is not valid. */
bool scmi_plugin_value_number(const char *text, uint64_t max, uint64_t *value);
bool scmi_plugin_value_protocols(const char *text, bool protocols[256]);
bool scmi_plugin_value_refs(const char *text,
                             struct scmi_plugin_property *property);
bool scmi_plugin_value_names(const char *text,
                              struct scmi_plugin_property *property);

#endif /* SCMI_MED_PLUGIN_REQUEST_H */
