/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of the host's device tree, and the resolver on top of it. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#include "daemon/admission/resolver.h"
#include "lib/host/tree.h"

#define ROOM 65536

static struct host_tree tree;
static struct reason why;

/* A copy of the board's tree that tests can change. */
static void *load(void)
{
    char *file = calloc(1, ROOM), *fdt = malloc(ROOM);
    FILE *f = fopen(BOARD_DTB, "rb");

    assert_non_null(f);
    assert_true(fread(file, 1, ROOM, f) > 0);
    fclose(f);
    assert_int_equal(fdt_open_into(file, fdt, ROOM), 0);
    free(file);
    return fdt;
}

static int parse(void *fdt)
{
    host_tree_done(&tree);
    return host_tree_parse(fdt, ROOM, &tree, &why);
}

static int setup(void **state)
{
    *state = load();
    return parse(*state);
}

static int teardown(void **state)
{
    host_tree_done(&tree);
    free(*state);
    return 0;
}

static int resolve(const char *path, struct plan *plan)
{
    char *paths[] = { (char *)path };
    struct request request = { .domid = 1, .paths = paths, .nr_paths = 1 };

    return resolver_resolve(&tree, &request, plan, &why);
}

static void test_board(void **state)
{
    const struct host_device *rtc = host_tree_find(&tree, "/pl031@9010000");

    (void)state;
    assert_non_null(rtc);
    assert_null(rtc->problem);
    assert_int_equal(rtc->nr_device_ids, 1);
    assert_int_equal(rtc->device_ids[0], 10);
    assert_int_equal(rtc->nr_resources, 3);
    assert_string_equal(rtc->resources[0].property, "clocks");
    assert_int_equal(rtc->resources[0].protocol_id, 0x14);
    assert_int_equal(rtc->resources[0].resource_id, 1);
    assert_string_equal(rtc->resources[0].name, "apb_pclk");
    assert_int_equal(rtc->resources[1].protocol_id, 0x11);
    assert_null(rtc->resources[1].name);
    assert_string_equal(tree.trusted_path, "/chosen/xen/xen_scmi_config/scmi");
    assert_string_equal(host_tree_path_of_id(&tree, 11), "/pl061@9030000");
    assert_null(host_tree_path_of_id(&tree, 99));
    assert_int_equal(tree.nr_devices, 3);
}

static void test_resolver(void **state)
{
    struct plan plan;

    (void)state;
    assert_int_equal(resolve("/pl031@9010000", &plan), 0);
    assert_true(plan.needs_agent);
    assert_int_equal(plan.nr_device_ids, 1);
    assert_string_equal(plan_path_of(&plan, 10), "/pl031@9010000");
    plan_done(&plan);
    assert_int_equal(resolve("/nothing", &plan), -ENODEV);
    assert_non_null(strstr(why.text, "/nothing"));
    /* Without unit addresses one device would have two names. */
    assert_int_equal(resolve("/pl031", &plan), -EINVAL);
    assert_non_null(strstr(why.text, "/pl031@9010000"));
    /* Not every device uses SCMI. */
    assert_int_equal(resolve("/firmware", &plan), 0);
    assert_false(plan.needs_agent);
    plan_done(&plan);
}

static void test_no_device_id(void **state)
{
    struct plan plan;

    fdt_delprop(*state, fdt_path_offset(*state, "/pl031@9010000"), "access-controllers");
    assert_int_equal(parse(*state), 0);
    assert_int_equal(resolve("/pl031@9010000", &plan), -ENXIO);
    assert_non_null(strstr(why.text, "/pl031@9010000"));
    fdt_setprop_u32(*state, fdt_path_offset(*state, "/pl031@9010000"), "scmi_devid", 77);
    assert_int_equal(parse(*state), 0);
    assert_int_equal(host_tree_find(&tree, "/pl031@9010000")->device_ids[0], 77);
}

/* Other access controllers are ignored; malformed properties are not. */
static void test_malformed_device(void **state)
{
    int node = fdt_path_offset(*state, "/pl031@9010000");
    struct plan plan;

    fdt_setprop(*state, node, "access-controllers", "abc", 3);
    assert_int_equal(parse(*state), 0);
    assert_true(resolve("/pl031@9010000", &plan) < 0);
    node = fdt_path_offset(*state, "/pl061@9030000");
    fdt_setprop_string(*state, node, "clock-names", "bad\nname");
    assert_int_equal(parse(*state), 0);
    assert_true(resolve("/pl061@9030000", &plan) < 0);
    assert_non_null(strstr(why.text, "clock-names"));
}

static void test_no_trusted_node(void **state)
{
    fdt_del_node(*state, fdt_path_offset(*state, "/chosen/xen/xen_scmi_config"));
    assert_int_equal(parse(*state), 0);
    assert_null(tree.trusted_path);
    assert_int_equal(host_tree_find(&tree, "/pl031@9010000")->nr_device_ids, 0);
}

/* Every shortened, and many flipped, trees: an error or a tree, no crash. */
static void test_broken_blobs(void **state)
{
    uint32_t size, i;
    char *copy;

    fdt_pack(*state);
    size = fdt_totalsize(*state);
    for (i = 0; i < size; i += 7) {
        struct host_tree broken = { 0 };

        copy = malloc(i + 1);
        memcpy(copy, *state, i);
        assert_int_equal(host_tree_parse(copy, i, &broken, &why), -EBADMSG);
        free(copy);
    }
    copy = malloc(size);
    for (i = 0; i < size; i++) {
        struct host_tree broken = { 0 };

        memcpy(copy, *state, size);
        copy[i] ^= 1 << (i % 8);
        if (!host_tree_parse(copy, size, &broken, &why))
            host_tree_done(&broken);
    }
    free(copy);
}

static void test_files(void **state)
{
    struct host_tree other;

    (void)state;
    assert_int_equal(host_tree_read("/nowhere", &other, &why), -ENOENT);
    assert_int_equal(host_tree_read("/dev/null", &other, &why), -EBADMSG);
    assert_true(host_tree_read("/dev/zero", &other, &why) < 0);
    assert_int_equal(host_tree_read(BOARD_DTB, &other, &why), 0);
    host_tree_done(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_board, setup, teardown),
        cmocka_unit_test_setup_teardown(test_resolver, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_device_id, setup, teardown),
        cmocka_unit_test_setup_teardown(test_malformed_device, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_trusted_node, setup, teardown),
        cmocka_unit_test_setup_teardown(test_broken_blobs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_files, setup, teardown),
    };

    return cmocka_run_group_tests_name("daemon-host-tree", tests, NULL, NULL);
}
