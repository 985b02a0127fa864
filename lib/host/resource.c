/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SCMI resources that a node refers to, see reader.h. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host/reader.h"

#define MAX_PIN_STATES      32

/*
 * References to protocols by phandle and arguments. The protocol is the
 * referenced node's, whatever the property: performance domains are clocks in
 * some trees and power domains in others.
 */
static const struct kind {
    const char *property;
    enum dt_cells cells;
    const char *cells_property, *names_property;
    bool for_guest;
} kinds[] = {
    { "clocks", DT_CELLS_CLOCK, "#clock-cells", "clock-names", true },
    { "power-domains", DT_CELLS_POWER_DOMAIN, "#power-domain-cells",
      "power-domain-names", true },
    { "resets", DT_CELLS_RESET, "#reset-cells", "reset-names", true },
    { "assigned-clocks", DT_CELLS_CLOCK, "#clock-cells", NULL, false },
    { "assigned-clock-parents", DT_CELLS_CLOCK, "#clock-cells", NULL, false },
    { "performance-domains", DT_CELLS_PERFORMANCE_DOMAIN,
      "#performance-domain-cells", NULL, false },
    { "thermal-sensors", DT_CELLS_THERMAL_SENSOR, "#thermal-sensor-cells",
      NULL, false },
    { "io-channels", DT_CELLS_IO_CHANNEL, "#io-channel-cells",
      "io-channel-names", false },
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

bool host_refs_rest_mentions_scmi(const struct host_reader *reader,
                             const struct dt_refs *refs, bool trusted)
{
    uint32_t i;

    for (i = 0; i < refs->nr_cells; i++) {
        int node = dt_index_find(reader->index, dt_cell(refs->cells + 4 * i));

        if (node >= 0 && (trusted ?
                          reader->notes[node].role == HOST_ROLE_TRUSTED :
                          reader->notes[node].role >= HOST_ROLE_PROTOCOL))
            return true;
    }
    return false;
}

/* Names are sent to the plugin separated by blanks. */
static bool is_good_name(const char *name)
{
    for (; *name; name++)
        if (*name <= ' ' || *name > '~')
            return false;
    return true;
}

/* Adds a resource, with its name if it has one. */
static int add(const struct host_reader *reader, int target,
               const struct host_resource *resource, const char *name,
               size_t name_len, struct host_device *device)
{
    struct host_resource *grown;

    if (device->nr_resources == HOST_MAX_RESOURCES)
        return host_set_problem(device, "it has more than %d SCMI "
                                "resources", HOST_MAX_RESOURCES);
    grown = realloc(device->resources,
                    (device->nr_resources + 1) * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    device->resources = grown;
    grown += device->nr_resources++;
    *grown = *resource;
    grown->protocol_id = reader->notes[target].protocol_id;
    grown->instance = (size_t)reader->notes[target].instance;
    if (!name)
        return 0;
    grown->name = strndup(name, name_len);
    if (!grown->name)
        return -ENOMEM;
    if (is_good_name(grown->name))
        return 0;
    *grown->name = '\0';
    return host_set_problem(device, "a name in its \"%s\" is not plain "
                            "text", resource->names_property);
}

static int add_ref(const struct host_reader *reader, const struct kind *kind,
                   const struct dt_ref *ref, const char *name,
                   struct host_device *device)
{
    struct host_resource resource = {
        .has_id = true,
        .property = kind->property,
        .names_property = kind->names_property,
        .for_guest = kind->for_guest,
    };

    if (!ref->nr_args)
        return host_set_problem(device, "\"%s\" of the SCMI protocol 0x%x "
                                "is 0", kind->cells_property,
                                reader->notes[ref->node].protocol_id);
    resource.resource_id = dt_cell(ref->args);
    return add(reader, ref->node, &resource, name, name ? strlen(name) : 0,
               device);
}

static int read_kind(const struct host_reader *reader, int node,
                     const struct kind *kind, struct host_device *device)
{
    const struct dt_prop *prop, *names = NULL;
    struct dt_strings strings;
    struct dt_refs refs;
    struct dt_ref ref;
    const char *name;
    int r, rc;

    prop = dt_index_prop(reader->index, node, kind->property);
    if (!prop)
        return 0;
    if (kind->names_property)
        names = dt_index_prop(reader->index, node, kind->names_property);
    dt_refs_start(prop, &refs);
    dt_strings_start(names, &strings);
    while ((r = dt_refs_next(reader->index, &refs, kind->cells, &ref)) > 0) {
        /* There may be fewer names than references. */
        name = dt_strings_next(&strings);
        if (names && !name)
            name = "";
        if (ref.node < 0 ||
            reader->notes[ref.node].role != HOST_ROLE_PROTOCOL)
            continue;
        rc = add_ref(reader, kind, &ref, name, device);
        if (rc || device->problem)
            return rc;
    }
    if (r < 0 && host_refs_rest_mentions_scmi(reader, &refs, false))
        return host_set_problem(device, "its \"%s\" is malformed, or a node "
                                "it names lacks \"%s\"", kind->property,
                                kind->cells_property);
    return 0;
}

/* "NAME-supply", if it refers to a voltage domain. */
static int read_supply(const struct host_reader *reader,
                       const struct dt_prop *prop, size_t name_len,
                       struct host_device *device)
{
    struct host_resource resource = { .has_id = true };
    const struct host_note *note;
    int target;

    if (prop->len < 4)
        return 0;
    target = dt_index_find(reader->index, dt_cell(prop->value));
    note = target < 0 ? NULL : &reader->notes[target];
    if (!note || note->role < HOST_ROLE_PROTOCOL ||
        note->protocol_id != HOST_PROTOCOL_VOLTAGE)
        return 0;
    if (prop->len != 4)
        return host_set_problem(device, "its \"%s\" is not one phandle",
                                prop->name);
    if (note->role != HOST_ROLE_REGULATOR)
        return host_set_problem(device, "its \"%s\" refers to \"%s\", which "
                                "is no node with a \"reg\" of one cell in "
                                "\"regulators\"", prop->name,
                                reader->index->nodes[target].name);
    resource.property = prop->name;
    resource.resource_id = note->resource_id;
    resource.target = reader->index->nodes[target].name;
    return add(reader, target, &resource, prop->name, name_len, device);
}

static int read_supplies(const struct host_reader *reader, int node,
                         struct host_device *device)
{
    const struct dt_node *n = &reader->index->nodes[node];
    const struct dt_prop *prop = reader->index->props + n->first_prop;
    const struct dt_prop *end = prop + n->nr_props;
    int rc = 0;

    for (; !rc && prop < end; prop++) {
        size_t len = strlen(prop->name);

        if (len > 7 && !strcmp(prop->name + len - 7, "-supply"))
            rc = read_supply(reader, prop, len - 7, device);
    }
    return rc;
}

static int read_pin_state(const struct host_reader *reader,
                          const struct dt_prop *prop, const char *name,
                          struct host_device *device)
{
    struct host_resource resource = {
        .property = prop->name,
        .names_property = "pinctrl-names",
    };
    uint32_t at;
    int rc = 0;

    for (at = 0; !rc && !device->problem && prop->len - at >= 4; at += 4) {
        int target = dt_index_find(reader->index, dt_cell(prop->value + at));

        if (target < 0 || reader->notes[target].role != HOST_ROLE_PINS)
            continue;
        if (prop->len % 4)
            return host_set_problem(device, "its \"%s\" is malformed",
                                    prop->name);
        resource.target = reader->index->nodes[target].name;
        rc = add(reader, target, &resource, name, name ? strlen(name) : 0,
                 device);
    }
    return rc;
}

static int read_pins(const struct host_reader *reader, int node,
                     struct host_device *device)
{
    const struct dt_prop *prop, *names;
    struct dt_strings strings;
    const char *name;
    char property[24];
    int n, rc = 0;

    names = dt_index_prop(reader->index, node, "pinctrl-names");
    dt_strings_start(names, &strings);
    for (n = 0; !rc && n < MAX_PIN_STATES; n++) {
        snprintf(property, sizeof(property), "pinctrl-%d", n);
        prop = dt_index_prop(reader->index, node, property);
        if (!prop)
            break;
        name = dt_strings_next(&strings);
        rc = read_pin_state(reader, prop, names && !name ? "" : name, device);
    }
    return rc;
}

/* <&protocol first-gpio first-pin count> of a GPIO controller. */
static int read_gpio_ranges(const struct host_reader *reader, int node,
                            struct host_device *device)
{
    struct host_resource resource = {
        .has_id = true,
        .property = "gpio-ranges",
    };
    const struct dt_prop *prop;
    uint32_t at;
    int rc = 0;

    prop = dt_index_prop(reader->index, node, resource.property);
    for (at = 0; prop && !rc && !device->problem && prop->len - at >= 4;
         at += 16) {
        int target = dt_index_find(reader->index, dt_cell(prop->value + at));

        if (target >= 0 &&
            reader->notes[target].role == HOST_ROLE_PROTOCOL &&
            reader->notes[target].protocol_id == HOST_PROTOCOL_PINCTRL) {
            if (prop->len - at < 16)
                return host_set_problem(device, "its \"gpio-ranges\" is "
                                        "malformed");
            resource.resource_id = dt_cell(prop->value + at + 8);
            rc = add(reader, target, &resource, NULL, 0, device);
        }
        if (prop->len - at < 16)
            break;
    }
    return rc;
}

int host_resources_read(const struct host_reader *reader, int node,
                        struct host_device *device)
{
    size_t i;
    int rc = 0;

    for (i = 0; !rc && i < NR_KINDS; i++)
        rc = read_kind(reader, node, &kinds[i], device);
    if (!rc)
        rc = read_supplies(reader, node, device);
    if (!rc)
        rc = read_pins(reader, node, device);
    return rc ? rc : read_gpio_ranges(reader, node, device);
}
