/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * References in the host tree: any number of cells, mixed with references to
 * other nodes, empty entries, names, several SCMI nodes, and trees that are
 * malformed, in references to SCMI or elsewhere. Trees are made with libfdt.
 */

#include "tests/unit/tree-fixture.h"

/* Phandles. */
enum { TRUSTED = 1, CLOCKS, POWER, OTHER, FIREWALL, NOBODY };

/* A host with one SCMI node, one of Xen's, and one empty device. */
static int setup(void **state)
{
    (void)state;
    assert_int_equal(fdt_create_empty_tree(fdt, ROOM), 0);
    add_node("/", "chosen");
    add_node("/chosen", "sci");
    add_node("/chosen/sci", "scmi");
    set_string("/chosen/sci", "compatible", "xen,sci");
    set_string("/chosen/sci/scmi", "compatible", "arm,scmi-smc");
    set_cells("/chosen/sci/scmi", "phandle", 1, TRUSTED);
    set_cells("/chosen/sci/scmi", "#access-controller-cells", 1, 1);

    add_node("/", "firmware");
    add_node("/firmware", "scmi");
    add_node("/firmware/scmi", "protocol@14");
    add_node("/firmware/scmi", "protocol@11");
    set_string("/firmware/scmi", "compatible", "arm,scmi-smc-param");
    set_cells("/firmware/scmi/protocol@14", "reg", 1, 0x14);
    set_cells("/firmware/scmi/protocol@14", "phandle", 1, CLOCKS);
    set_cells("/firmware/scmi/protocol@14", "#clock-cells", 1, 1);
    set_cells("/firmware/scmi/protocol@11", "reg", 1, 0x11);
    set_cells("/firmware/scmi/protocol@11", "phandle", 1, POWER);
    set_cells("/firmware/scmi/protocol@11", "#power-domain-cells", 1, 1);

    add_node("/", "other");
    set_cells("/other", "phandle", 1, OTHER);
    set_cells("/other", "#clock-cells", 1, 2);
    add_node("/", "firewall");
    set_cells("/firewall", "phandle", 1, FIREWALL);
    set_cells("/firewall", "#access-controller-cells", 1, 3);
    add_node("/", "device");
    return 0;
}

static const struct host_device *device(void)
{
    return device_at("/device");
}

static void test_ids(void **state)
{
    const struct host_device *d;

    (void)state;
    assert_null(device());
    assert_string_equal(tree.trusted_path, "/chosen/sci/scmi");

    set_cells("/device", "access-controllers", 9, FIREWALL, 7, 8, 9, TRUSTED,
              40, 0, TRUSTED, 41);
    d = device();
    assert_int_equal(d->nr_device_ids, 2);
    assert_int_equal(d->device_ids[0], 40);
    assert_int_equal(d->device_ids[1], 41);

    /* Of several cells, the first is the id. Duplicates count once. */
    set_cells("/chosen/sci/scmi", "#access-controller-cells", 1, 2);
    set_cells("/device", "access-controllers", 6, TRUSTED, 40, 1, TRUSTED, 40,
              2);
    assert_int_equal(device()->nr_device_ids, 1);

    set_cells("/device", "scmi_devid", 2, 50, 40);
    d = device();
    assert_int_equal(d->nr_device_ids, 2);
    assert_int_equal(d->device_ids[0], 50);
    assert_string_equal(host_tree_path_of_id(&tree, 40), "/device");
    assert_null(host_tree_path_of_id(&tree, 41));

    set_cells("/device", "scmi_devid", 1, 50);
    d = device();
    assert_string_equal(host_device_id_property(&tree, d, 50), "scmi_devid");
    assert_string_equal(host_device_id_property(&tree, d, 40),
                        "access-controllers");
    assert_null(host_device_id_property(&tree, d, 41));
}

static void test_ids_of_others(void **state)
{
    (void)state;
    /* Only references to the trusted node have device ids. */
    set_cells("/device", "access-controllers", 4, FIREWALL, 1, 2, 3);
    assert_null(device());
    set_cells("/firmware/scmi", "phandle", 1, NOBODY);
    set_cells("/firmware/scmi", "#access-controller-cells", 1, 1);
    set_cells("/device", "access-controllers", 2, NOBODY, 40);
    assert_null(device());
}

static void test_resources(void **state)
{
    const struct host_device *d;

    (void)state;
    set_cells("/device", "clocks", 8, CLOCKS, 5, OTHER, 1, 2, 0, CLOCKS, 6);
    set("/device", "clock-names", "a\0b\0c\0d", 8);
    set_cells("/device", "power-domains", 2, POWER, 9);
    d = device();
    assert_int_equal(d->nr_device_ids, 0);
    assert_int_equal(d->nr_resources, 3);
    assert_int_equal(d->resources[0].protocol_id, 0x14);
    assert_int_equal(d->resources[0].resource_id, 5);
    assert_string_equal(d->resources[0].name, "a");
    assert_int_equal(d->resources[1].resource_id, 6);
    assert_string_equal(d->resources[1].name, "d");
    assert_int_equal(d->resources[2].protocol_id, 0x11);
    assert_string_equal(d->resources[2].property, "power-domains");
    assert_null(d->resources[2].name);

    /* Fewer names than references, and names that cannot be passed on. */
    set_string("/device", "clock-names", "a");
    d = device();
    assert_null(d->problem);
    assert_string_equal(d->resources[1].name, "");
    set_string("/device", "clock-names", "a b");
    assert_non_null(strstr(device()->problem, "clock-names"));
    set("/device", "clock-names", "unterminated", 12);
    assert_null(device()->problem);
}

static void test_broken_references(void **state)
{
    const struct host_device *d;

    (void)state;
    /* Truncated within an SCMI entry, or before one. */
    set_cells("/device", "clocks", 1, CLOCKS);
    assert_non_null(strstr(device()->problem, "\"clocks\""));
    set_cells("/device", "clocks", 3, NOBODY, CLOCKS, 1);
    d = device();
    assert_int_equal(d->nr_resources, 0);
    assert_non_null(strstr(d->problem, "\"clocks\""));
    /* The same, without references to SCMI. */
    set_cells("/device", "clocks", 2, NOBODY, 100);
    assert_null(device());
    set_cells("/device", "clocks", 2, OTHER, 1);
    assert_null(device());

    set_cells("/device", "access-controllers", 1, TRUSTED);
    assert_non_null(strstr(device()->problem, "access-controllers"));
    set("/device", "scmi_devid", "xyz", 3);
    assert_non_null(strstr(device()->problem, "scmi_devid"));
    assert_int_equal(fdt_delprop(fdt, fdt_path_offset(fdt, "/device"),
                                 "scmi_devid"), 0);
    set_cells("/device", "access-controllers", 2, TRUSTED, 40);
    set_cells("/chosen/sci/scmi", "#access-controller-cells", 1, 0);
    assert_non_null(strstr(device()->problem, "/chosen/sci/scmi"));
}

static void test_roles(void **state)
{
    const struct host_device *d;

    (void)state;
    /* A child that is not a protocol, and an invalid protocol id. */
    set_cells("/device", "clocks", 2, CLOCKS, 5);
    assert_non_null(device());
    set_cells("/firmware/scmi/protocol@14", "reg", 1, 0x114);
    assert_null(device());
    set_cells("/firmware/scmi/protocol@14", "reg", 1, 0x14);
    set_string("/firmware/scmi", "compatible", "linaro,scmi-optee");
    d = device();
    assert_non_null(d);
    assert_int_equal(tree.instances[d->resources[0].instance].transport,
                     HOST_TRANSPORT_OPTEE);
    set_string("/firmware/scmi", "compatible", "arm,scmi-shmem");
    assert_null(device());

    /* Without the container there is no trusted node. */
    set_string("/chosen/sci", "compatible", "other");
    (void)device();
    assert_null(tree.trusted_path);
}

static void test_paths(void **state)
{
    char full[HOST_PATH_SIZE];
    int offset = fdt_path_offset(fdt, "/device"), depth;

    (void)state;
    /* A path too long to be asked for is left out, not cut. */
    for (depth = 0; depth < 60; depth++) {
        offset = fdt_add_subnode(fdt, offset, "a-node-with-quite-a-long-name");
        assert_true(offset >= 0);
    }
    assert_int_equal(fdt_setprop_u32(fdt, offset, "scmi_devid", 77), 0);
    add_node("/", "uart@1");
    assert_null(device());
    assert_int_equal(tree.nr_devices, 0);

    assert_int_equal(host_tree_full_path(&tree, "/uart", full), 0);
    assert_string_equal(full, "/uart@1");
    assert_int_equal(host_tree_full_path(&tree, "/nobody", full), -ENOENT);
    assert_int_equal(host_tree_full_path(&tree, "device", full), -ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ids, setup, drop_tree),
        cmocka_unit_test_setup_teardown(test_ids_of_others, setup, drop_tree),
        cmocka_unit_test_setup_teardown(test_resources, setup, drop_tree),
        cmocka_unit_test_setup_teardown(test_broken_references, setup,
                                        drop_tree),
        cmocka_unit_test_setup_teardown(test_roles, setup, drop_tree),
        cmocka_unit_test_setup_teardown(test_paths, setup, drop_tree),
    };

    return cmocka_run_group_tests_name("lib host tree", tests, NULL, NULL);
}
