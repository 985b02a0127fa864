/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resources of each kind, the devices that own them, and malformed trees. */

#include "tests/unit/tree-fixture.h"

#define SERIAL  "/soc/bus@10000000/serial@1000"
#define I2C     "/soc/bus@10000000/i2c@2000"
#define GPIO    "/soc/bus@10000000/gpio@3000"
#define CLK     "/firmware/scmi/protocol@14"
#define PINS    "/firmware/scmi/protocol@19"
#define VDD     "/firmware/scmi/protocol@17/regulators/regulator@3"
#define XEN     "/chosen/sci/scmi"

struct expected {
    uint32_t protocol;
    int id;                     /* -1: none */
    const char *property, *name, *target, *child;
};

static void check(const char *path, size_t nr, const struct expected *expected)
{
    const struct host_device *device = device_at(path);
    size_t i;

    assert_non_null(device);
    assert_null(device->problem);
    assert_int_equal(device->nr_resources, nr);
    for (i = 0; i < nr; i++) {
        const struct host_resource *r = &device->resources[i];

        assert_int_equal(r->protocol_id, expected[i].protocol);
        assert_int_equal(r->has_id, expected[i].id >= 0);
        if (r->has_id)
            assert_int_equal(r->resource_id, expected[i].id);
        assert_string_equal(r->property, expected[i].property);
        assert_string_equal(r->name ? r->name : "-", expected[i].name);
        assert_string_equal(r->target ? r->target : "-", expected[i].target);
        assert_string_equal(r->child ? r->child : "-", expected[i].child);
    }
}

static void test_kinds(void **state)
{
    static const struct expected serial[] = {
        { 0x14, 3, "clocks", "apb", "-", "-" },
        { 0x14, 4, "clocks", "", "-", "-" },
        { 0x11, 3, "power-domains", "-", "-", "-" },
        { 0x16, 6, "resets", "core", "-", "-" },
        { 0x14, 3, "assigned-clocks", "-", "-", "-" },
        { 0x14, 7, "assigned-clock-parents", "-", "-", "-" },
        { 0x17, 3, "vdd-supply", "vdd", "regulator@3", "-" },
        { 0x17, 9, "vio-supply", "vio", "regulator@9", "-" },
        { 0x19, -1, "pinctrl-0", "default", "uart-state", "-" },
        { 0x19, -1, "pinctrl-0", "default", "tx", "-" },
        { 0x19, -1, "pinctrl-2", "", "i2c-state", "-" },
    };
    static const struct expected cpu0[] = {
        { 0x13, 1, "clocks", "-", "-", "-" },
        { 0x13, 1, "performance-domains", "-", "-", "-" },
        { 0x17, 3, "cpu-supply", "cpu", "regulator@3", "-" },
    };
    static const struct expected cpu1[] = {
        { 0x11, 1, "power-domains", "psci", "-", "-" },
        { 0x13, 1, "power-domains", "perf", "-", "-" },
    };
    static const struct expected zone[] = {
        { 0x15, 4, "thermal-sensors", "-", "-", "-" },
        { 0x15, 5, "thermal-sensors", "-", "-", "-" },
    };
    static const struct expected gpio[] = {
        { 0x15, 1, "io-channels", "volts", "-", "-" },
        { 0x15, 2, "io-channels", "", "-", "-" },
        { 0x19, 32, "gpio-ranges", "-", "-", "-" },
    };

    (void)state;
    check(SERIAL, 11, serial);
    check("/cpus/cpu@0", 3, cpu0);
    check("/cpus/cpu@1", 2, cpu1);
    check("/thermal-zones/board", 2, zone);
    check(GPIO, 3, gpio);
    assert_true(host_tree_find(&tree, "/cpus/cpu@1")->is_cpu_or_zone);
    assert_true(host_tree_find(&tree, "/thermal-zones/soc")->is_cpu_or_zone);
    assert_false(host_tree_find(&tree, GPIO)->is_cpu_or_zone);
}

static void test_ids(void **state)
{
    const struct host_device *device = device_at(SERIAL);

    (void)state;
    assert_int_equal(device->nr_device_ids, 2);
    assert_int_equal(device->device_ids[0], 40);
    assert_int_equal(device->device_ids[1], 41);
    device = host_tree_find(&tree, I2C);
    assert_int_equal(device->nr_device_ids, 2);
    assert_int_equal(device->device_ids[1], 8);
    assert_true(device->passthrough);
    assert_string_equal(tree.trusted_path, XEN);
}

/* A device has the resources of its driverless children, unless disabled. */
static void test_children(void **state)
{
    static const struct expected i2c[] = {
        { 0x14, 9, "clocks", "mclk", "-", "part@1b" },
    };
    static const struct expected codec[] = {
        { 0x14, 8, "clocks", "-", "-", "-" },
    };
    static const struct expected with_id[] = {
        { 0x14, 11, "clocks", "-", "-", "-" },
        { 0x16, 7, "resets", "-", "-", "below" },
    };
    static const struct expected off[] = {
        { 0x14, 12, "clocks", "-", "-", "-" },
        { 0x16, 8, "resets", "-", "-", "inside" },
    };
    static const struct expected stray[] = {
        { 0x14, 50, "clocks", "-", "-", "-" },
    };

    (void)state;
    check(I2C, 1, i2c);
    check(I2C "/codec@1a", 1, codec);
    check(I2C "/part@1d", 2, with_id);
    check("/soc/bus@10000000/off@4000", 2, off);
    check("/soc/stray", 1, stray);
    assert_null(host_tree_find(&tree, I2C "/part@1b"));
    assert_false(host_tree_find(&tree, I2C)->resources[0].for_guest);
    assert_true(host_tree_find(&tree, I2C "/codec@1a")->resources[0].for_guest);
    assert_true(host_tree_find(&tree, "/soc/bus@10000000/off@4000")->disabled);
    assert_true(host_tree_find(&tree, "/bus-off/device")->disabled);
    assert_false(host_tree_find(&tree, I2C)->disabled);
}

static void test_instances(void **state)
{
    const struct host_device *device;

    (void)state;
    device = device_at("/bus-off/device");
    assert_int_equal(tree.nr_instances, 4);
    assert_true(tree.instances[0].in_container);
    assert_string_equal(tree.instances[1].path, "/firmware/scmi");
    assert_int_equal(tree.instances[1].transport, HOST_TRANSPORT_SMC);
    assert_int_equal(tree.instances[2].transport, HOST_TRANSPORT_OPTEE);
    assert_int_equal(tree.instances[3].transport, HOST_TRANSPORT_OTHER);
    assert_true(tree.instances[3].disabled);
    assert_int_equal(device->resources[0].instance, 3);

    /* A guest cannot tell the ids of two SCMI nodes apart. */
    set_cells(GPIO, "clocks", 4, phandle_of(CLK), 1,
              phandle_of("/firmware/scmi-2/protocol@14"), 1);
    device = device_at(GPIO);
    assert_non_null(strstr(device->problem, "/firmware/scmi-2"));
    assert_non_null(device->remedy);
}

static void problem(const char *path, const char *what)
{
    const struct host_device *device = device_at(path);

    assert_non_null(device);
    assert_non_null(device->problem);
    assert_non_null(strstr(device->problem, what));
}

static void test_broken_references(void **state)
{
    uint32_t clk = phandle_of(CLK), pins = phandle_of(PINS "/uart-state");

    (void)state;
    /* Not whole cells, one of which refers to SCMI. */
    set(GPIO, "clocks", "\0\0\0\1\0", 5);
    assert_null(device_at(GPIO)->problem);
    set_cells(GPIO, "clocks", 1, clk);
    problem(GPIO, "\"clocks\"");
    set_cells(GPIO, "clocks", 3, 0x7777, clk, 1);
    problem(GPIO, "\"clocks\"");
    unset(GPIO, "clocks");

    set_cells(GPIO, "vcc-supply", 2, phandle_of(VDD), 1);
    problem(GPIO, "vcc-supply");
    unset(GPIO, "vcc-supply");
    set(GPIO, "vcc-supply", "\0\0", 2);
    assert_null(device_at(GPIO)->problem);
    unset(VDD, "reg");
    problem(SERIAL, "regulator@3");

    load_everything(state);
    set_cells(PINS "/uart-state", "phandle", 1, 0x01010101);
    set(GPIO, "pinctrl-0", "\1\1\1\1\1", 5);
    problem(GPIO, "pinctrl-0");
    set_cells(GPIO, "pinctrl-0", 2, pins, 0xffffffff);
    assert_null(device_at(GPIO)->problem);

    set_cells(GPIO, "gpio-ranges", 3, phandle_of(PINS), 0, 0);
    problem(GPIO, "gpio-ranges");
}

static void test_broken_cells(void **state)
{
    uint32_t clk = phandle_of(CLK);

    (void)state;
    set_cells(CLK, "#clock-cells", 1, 0);
    problem(I2C "/codec@1a", "#clock-cells");
    set_cells(CLK, "#clock-cells", 1, 17);
    problem(I2C "/codec@1a", "#clock-cells");
    set_cells(CLK, "#clock-cells", 1, 0xffffffff);
    problem(I2C "/codec@1a", "#clock-cells");
    set_cells(CLK, "#clock-cells", 2, 1, 1);
    problem(I2C "/codec@1a", "#clock-cells");
    unset(CLK, "#clock-cells");
    problem(I2C "/codec@1a", "#clock-cells");
    /* The problem of a child is a problem of the device. */
    problem(I2C, "part@1b");
    set_cells(CLK, "#clock-cells", 1, 16);
    set_cells(GPIO, "clocks", 17, clk, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
              0, 0);
    assert_null(device_at(GPIO)->problem);
    assert_int_equal(device_at(GPIO)->resources[0].resource_id, 5);

    set_cells(XEN, "#access-controller-cells", 1, 0);
    problem(SERIAL, XEN);
    unset(XEN, "#access-controller-cells");
    problem(SERIAL, "access-controllers");
}

/* Phandles of no node, of another node, of two nodes, of the device itself. */
static void test_phandles(void **state)
{
    uint32_t clk = phandle_of(CLK), serial = 0x4444;

    (void)state;
    set_cells(SERIAL, "phandle", 1, serial);
    set_cells(SERIAL, "#clock-cells", 1, 1);
    set_cells(SERIAL, "clocks", 4, serial, 1, clk, 3);
    set_cells(CLK, "clocks", 2, clk, 1);
    assert_null(device_at(SERIAL)->problem);
    assert_int_equal(device_at(SERIAL)->resources[0].resource_id, 3);
    assert_null(host_tree_find(&tree, CLK));

    /* Of two nodes with one phandle, the first counts. */
    set_cells(SERIAL, "phandle", 1, clk);
    assert_int_equal(device_at(SERIAL)->resources[0].resource_id, 3);
    set_cells("/firewall", "phandle", 1, clk);
    assert_int_equal(parse(), 0);
    /* A referenced node without phandle. */
    load_everything(state);
    set_cells(I2C "/codec@1a", "clocks", 2, clk, 0x5555);
    assert_non_null(device_at(I2C "/codec@1a"));
    unset(CLK, "phandle");
    assert_null(device_at(I2C "/codec@1a"));
}

static void test_limits(void **state)
{
    uint32_t clk = phandle_of(CLK);
    fdt32_t cells[2 * (HOST_MAX_RESOURCES + 1)];
    int i;

    (void)state;
    for (i = 0; i < 2 * (HOST_MAX_RESOURCES + 1); i++)
        cells[i] = cpu_to_fdt32(i % 2 ? (uint32_t)i : clk);
    set(I2C, "clocks", cells, 8 * (HOST_MAX_RESOURCES - 1));
    assert_null(device_at(I2C)->problem);
    assert_int_equal(device_at(I2C)->nr_resources, HOST_MAX_RESOURCES);
    /* With the child's, it is one too many. */
    set(I2C, "clocks", cells, 8 * HOST_MAX_RESOURCES);
    problem(I2C, "resources");
    set(I2C, "clocks", cells, (int)sizeof(cells));
    problem(I2C, "resources");
    set(I2C, "scmi_devid", cells, 8 * HOST_MAX_DEVICE_IDS + 16);
    problem(I2C, "device ids");
    set(I2C, "scmi_devid", NULL, 0);
    problem(I2C, "scmi_devid");
}

static void test_paths(void **state)
{
    char full[HOST_PATH_SIZE];
    int offset;

    (void)state;
    assert_int_equal(parse(), 0);
    assert_int_equal(host_tree_full_path(&tree, "serial0", full), 0);
    assert_string_equal(full, SERIAL);
    assert_int_equal(host_tree_full_path(&tree, "scmi0/protocol", full), 0);
    assert_int_equal(host_tree_full_path(&tree, "serial1", full), -ENOENT);

    /* Aliases that are not paths, or name another alias. */
    set("/aliases", "serial1", "/soc", 4);
    set_string("/aliases", "serial2", "serial2");
    set("/aliases", "serial3", NULL, 0);
    assert_int_equal(parse(), 0);
    assert_int_equal(host_tree_full_path(&tree, "serial1", full), -ENOENT);
    assert_int_equal(host_tree_full_path(&tree, "serial2", full), -ENOENT);
    assert_int_equal(host_tree_full_path(&tree, "serial3", full), -ENOENT);

    /* Two nodes with the same path. */
    add_node("/soc/bus@10000000", "gpio@3001");
    set_cells("/soc/bus@10000000/gpio@3001", "scmi_devid", 1, 99);
    offset = node_at("/soc/bus@10000000/gpio@3001");
    assert_int_equal(fdt_set_name(fdt, offset, "gpio@3000"), 0);
    problem(GPIO, "two nodes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) \
        cmocka_unit_test_setup_teardown(name, load_everything, drop_tree)
        TEST(test_kinds),
        TEST(test_ids),
        TEST(test_children),
        TEST(test_instances),
        TEST(test_broken_references),
        TEST(test_broken_cells),
        TEST(test_phandles),
        TEST(test_limits),
        TEST(test_paths),
    };

    return cmocka_run_group_tests_name("lib resources", tests, NULL, NULL);
}
