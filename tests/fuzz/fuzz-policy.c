/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parser of policies. Errors have a line number; accepted policies can be
 * looked up for each device of the emulated board; and the directive that is
 * proposed for a resource does allow it.
 */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/policy/policy.h"
#include "tests/fuzz/target.h"

static struct host_tree tree;

static void ask_about(const struct policy *policy,
                      const struct host_device *device)
{
    struct policy written = { 0 };
    struct reason why = { "" };
    char line[HOST_PATH_SIZE];
    size_t i;

    (void)policy_find_forbid(policy, &tree, device->path);
    for (i = 0; i < device->nr_resources; i++) {
        const struct host_resource *resource = &device->resources[i];

        (void)policy_find_allow(policy, &tree, resource);
        policy_format_allow(&tree, resource, line, sizeof(line));
        must(!policy_parse("x", line, strlen(line), &written, &why));
        must(policy_find_allow(&written, &tree, resource));
        policy_done(&written);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct policy policy = { 0 };
    struct reason why = { "" };
    size_t i;
    int rc;

    if (!tree.fdt)
        must(!host_tree_read(BOARD_DTB, &tree, &why));
    rc = policy_parse("file", (const char *)bytes, size, &policy, &why);
    if (rc) {
        must(rc == -EINVAL && !strncmp(why.text, "file:", 5));
        must(why.text[5] >= '1' && why.text[5] <= '9');
        must(!policy.file && !policy.allows && !policy.pins);
        return 0;
    }
    for (i = 0; i < policy.nr_pins; i++) {
        must(policy_pin_of_name(&policy, policy.pins[i].name) ==
             &policy.pins[i]);
        must(policy_pin_of_agent(&policy, policy.pins[i].agent_id) ==
             &policy.pins[i]);
    }
    for (i = 0; i < policy.nr_forbids; i++)
        must(policy_find_forbid(&policy, &tree, policy.forbids[i].path));
    rc = policy_check_tree(&policy, &tree, &why);
    must(!rc || (rc == -EINVAL && !strncmp(why.text, "file:", 5)));
    for (i = 0; i < tree.nr_devices; i++)
        ask_about(&policy, &tree.devices[i]);
    policy_done(&policy);
    return 0;
}
