/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings about what devices share, see private.h. Such devices cannot be
 * given to two domains: one could switch off a clock that the other needs.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/check/private.h"
#include "lib/host/sharing.h"

/* A finding names this many devices, and counts the others. */
#define MAX_NAMES 16

/* A device uses a resource or has a device id. */
struct use {
    const struct host_device *device;
    const struct host_resource *resource;   /* NULL: it is a device id */
    uint32_t device_id;
};

static int compare_numbers(uint64_t x, uint64_t y)
{
    return x < y ? -1 : x > y;
}

/* 0 if both uses are of the same resource or device id. */
static int compare_used(const struct use *x, const struct use *y)
{
    const struct host_resource *r = x->resource, *s = y->resource;
    int order = compare_numbers(!r, !s);

    if (!order && !r)
        return compare_numbers(x->device_id, y->device_id);
    return order ? order : host_resource_compare(r, s);
}

static int compare_uses(const void *a, const void *b)
{
    const struct use *x = a, *y = b;
    int order = compare_used(x, y);

    return order ? order : strcmp(x->device->path, y->device->path);
}

/* "/a, /b and 3 more" */
static char *list_devices(const struct use *uses, size_t nr)
{
    size_t i, shown = nr > MAX_NAMES ? MAX_NAMES : nr, size = 64, at = 0;
    char *text;

    for (i = 0; i < shown; i++)
        size += strlen(uses[i].device->path) + 5;
    text = malloc(size);
    if (!text)
        return NULL;
    for (i = 0; i < shown; i++)
        at += (size_t)sprintf(text + at, "%s%s",
                              !i ? "" : i + 1 == nr ? " and " : ", ",
                              uses[i].device->path);
    if (nr > shown)
        sprintf(text + at, " and %zu more", nr - shown);
    return text;
}

static void report(struct lint *lint, const struct use *uses, size_t nr,
                   bool has_cpu_or_zone)
{
    char *devices = list_devices(uses, nr), what[128];
    const struct host_resource *resource = uses->resource;

    if (!devices) {
        lint->no_memory = true;
        return;
    }
    if (!resource) {
        lint_add(lint, LINT_WARNING, "shared-device-id", NULL, "%s share the "
                 "SCMI device id %" PRIu32 ": a permission is for all of them, "
                 "so only one domain can have them", devices,
                 uses->device_id);
        lint_remedy(lint, "if the firmware has an id for each, put these in "
                    "access-controllers");
        free(devices);
        return;
    }
    host_resource_describe(resource, what, sizeof(what));
    lint_add(lint, LINT_WARNING, "shared-resource",
             lint->tree->instances[resource->instance].path, "%s is used by %s:"
             " they cannot be given to two domains independently%s", what,
             devices, has_cpu_or_zone ? ", and Dom0 must keep what CPUs or "
             "thermal zones use" : "");
    if (has_cpu_or_zone)
        lint_remedy(lint, "leave these devices to Dom0: no xen,passthrough;");
    else
        lint_remedy(lint, "give them to one domain together, with one SCMI "
                    "device id for all: access-controllers = <&{%s} N>",
                    lint->tree->trusted_path ? lint->tree->trusted_path
                    : "/chosen/.../scmi");
    free(devices);
}

/* Takes the uses of one resource or device id, sorted by device. */
static void check_group(struct lint *lint, struct use *uses, size_t nr)
{
    bool has_cpu_or_zone = false, has_device = false;
    size_t i, nr_devices = 0;

    for (i = 0; i < nr; i++) {
        /* A device may use a resource twice. */
        if (nr_devices && uses[nr_devices - 1].device == uses[i].device)
            continue;
        has_cpu_or_zone |= uses[i].device->is_cpu_or_zone;
        has_device |= !uses[i].device->is_cpu_or_zone;
        uses[nr_devices++] = uses[i];
    }
    if (nr_devices > 1 && has_device)
        report(lint, uses, nr_devices, has_cpu_or_zone);
}

static size_t list_uses(const struct host_tree *tree, struct use *uses)
{
    size_t i, k, nr = 0;

    for (i = 0; i < tree->nr_devices; i++) {
        const struct host_device *device = &tree->devices[i];

        if (lint_is_off(device))
            continue;
        for (k = 0; k < device->nr_resources; k++)
            if (!uses)
                nr++;
            else
                uses[nr++] = (struct use){ device, &device->resources[k], 0 };
        for (k = 0; k < device->nr_device_ids; k++)
            if (!uses)
                nr++;
            else
                uses[nr++] = (struct use){ device, NULL,
                                           device->device_ids[k] };
    }
    return nr;
}

void lint_sharing(struct lint *lint)
{
    size_t nr = list_uses(lint->tree, NULL), first, end;
    struct use *uses = calloc(nr + 1, sizeof(*uses));

    if (!uses) {
        lint->no_memory = true;
        return;
    }
    list_uses(lint->tree, uses);
    qsort(uses, nr, sizeof(*uses), compare_uses);
    for (first = 0; first < nr; first = end) {
        for (end = first + 1; end < nr; end++)
            if (compare_used(&uses[first], &uses[end]))
                break;
        check_group(lint, uses + first, end - first);
    }
    free(uses);
}
