/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of host device trees and its users: findings, JSON, tables,
 * guests' partial trees, and the daemon's resolver. Whatever the input, they
 * succeed or give a reason.
 */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "ctl/check/private.h"
#include "ctl/guest-dtb/private.h"
#include "daemon/admission/resolver.h"
#include "lib/host/ids.h"
#include "lib/host/sharing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so, const char *what)
{
    if (is_so)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

/* The lookup by resource finds this use. */
static void check_uses(const struct host_tree *tree,
                       const struct host_device *device,
                       const struct host_resource *resource)
{
    const struct host_use *uses;
    size_t nr, i, own = 0;

    uses = host_sharing_find(tree, resource, &nr);
    for (i = 0; i < nr; i++) {
        const struct host_device *user = &tree->devices[uses[i].device];

        must(!host_resource_compare(&user->resources[uses[i].resource],
                                    resource), "a use of something else");
        own += user == device;
    }
    must(own, "a use that is not found");
}

/* The lookup by id finds this device. */
static void check_id(const struct host_tree *tree,
                     const struct host_device *device, uint32_t device_id)
{
    const struct host_id *ids;
    size_t nr, i, own = 0;

    ids = host_ids_find(tree, device_id, &nr);
    for (i = 0; i < nr; i++) {
        must(ids[i].device_id == device_id, "another id");
        own += &tree->devices[ids[i].device] == device;
    }
    must(own, "an id that is not found");
    must(host_tree_path_of_id(tree, device_id), "an id is lost");
}

/* What the reader says about a device is consistent. */
static void check_device(const struct host_tree *tree,
                         const struct host_device *device)
{
    char full[HOST_PATH_SIZE];
    size_t i;

    must(device->path[0] == '/', "a path that is not absolute");
    must(host_tree_find(tree, device->path), "a device is not found");
    /* This may fail: of two nodes with one name, it searches the first. */
    (void)host_tree_full_path(tree, device->path, full);
    must(device->problem || device->nr_resources || device->nr_device_ids,
         "a device that does not use SCMI");
    must(device->nr_resources <= HOST_MAX_RESOURCES, "too many resources");
    must(device->nr_device_ids <= HOST_MAX_DEVICE_IDS, "too many device ids");
    for (i = 0; i < device->nr_resources; i++) {
        const struct host_resource *resource = &device->resources[i];

        must(resource->instance < tree->nr_instances,
             "a resource of no SCMI node");
        must(resource->protocol_id <= 0xff, "a resource of no protocol");
        must(resource->has_id || resource->target, "a resource without id");
        if (i < 16)
            check_uses(tree, device, resource);
    }
    for (i = 0; i < device->nr_device_ids && i < 16; i++)
        check_id(tree, device, device->device_ids[i]);
}

static void resolve(const struct host_tree *tree, const char *path)
{
    char *paths[] = { (char *)path };
    struct request request = { .domid = 1, .paths = paths, .nr_paths = 1 };
    struct reason why = { "" };
    struct plan plan;

    if (resolver_resolve(tree, &request, &plan, &why))
        must(*why.text, "refused without a reason");
    else
        plan_done(&plan);
}

static FILE *null;

/* libfdt accepts the partial tree of a device. */
static void pass_through(const struct host_tree *tree, char *path)
{
    static struct guest_tree guest;
    struct reason why = { "" };

    if (guest_tree_make(tree, &path, 1, null, &guest, &why)) {
        must(*why.text, "no partial tree, and no reason");
        return;
    }
    must(!fdt_check_full(guest.fdt, fdt_totalsize(guest.fdt)), "a bad tree");
    guest_tree_print_config(&guest, "file", null);
    guest_tree_done(&guest);
}

static void check(const struct host_tree *tree)
{
    struct host_scmi scmi;
    struct lint lint;
    json_t *json;
    size_t i;

    must(!host_scmi_read(tree, &scmi), "channels");
    must(!lint_run(tree, &scmi, &lint), "findings");
    for (i = 0; i < lint.nr_findings; i++)
        must(*lint.findings[i].text && *lint.findings[i].remedy,
             "a finding without a remedy");
    json = check_to_json(&lint);
    must(json && !json_dumpf(json, null, 0), "JSON");
    must(json_array_size(json_object_get(json, "devices")) == tree->nr_devices,
         "a device that JSON cannot show");
    must(check_show(json, true, null), "tables");
    json_decref(json);
    lint_done(&lint);
    host_scmi_done(&scmi);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct host_tree tree;
    struct reason why = { "" };
    size_t i;
    int rc;

    if (!null)
        null = fopen("/dev/null", "w");
    rc = host_tree_parse(data, size, &tree, &why);
    if (rc) {
        must((rc == -EBADMSG || rc == -EFBIG) && *why.text, "no reason");
        return 0;
    }
    for (i = 0; i < tree.nr_devices; i++) {
        check_device(&tree, &tree.devices[i]);
        if (i < 16)
            resolve(&tree, tree.devices[i].path);
        if (i < 3)
            pass_through(&tree, tree.devices[i].path);
    }
    resolve(&tree, "/soc/nobody");
    resolve(&tree, "serial0");
    check(&tree);
    host_tree_done(&tree);
    return 0;
}
