/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "scmi-medctl guest-dtb": properties and nodes in the guest's tree, warnings,
 * and the lines of xl.cfg.
 */

#include <unistd.h>

#include "ctl/guest-dtb/guest-dtb.h"
#include "tests/unit/tree-fixture.h"

#define SERIAL  "/soc/bus@10000000/serial@1000"
#define I2C     "/soc/bus@10000000/i2c@2000"
#define GUEST   "/passthrough/serial@10001000"

static char directory[] = "/tmp/scmi-med-guest-XXXXXX";
static char host_path[64], guest_path[64];
static char *output, *warnings;
static char error[CTL_ERROR_SIZE];
static char guest[ROOM];

static int make_directory(void **state)
{
    (void)state;
    if (!mkdtemp(directory))
        return -1;
    snprintf(host_path, sizeof(host_path), "%s/host.dtb", directory);
    snprintf(guest_path, sizeof(guest_path), "%s/guest.dtb", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    unlink(host_path);
    unlink(guest_path);
    return rmdir(directory);
}

static int teardown(void **state)
{
    free(output);
    free(warnings);
    output = warnings = NULL;
    return drop_tree(state);
}

/* Runs guest-dtb on a tree in a file, for up to two devices. */
static enum ctl_status make_from(const char *host, char *first, char *second)
{
    struct ctl_options options = {
        .fdt = host,
        .output = guest_path,
        .devices = { first, second },
        .nr_devices = (size_t)!!first + !!second,
    };
    FILE *out, *warn, *f;
    enum ctl_status status;
    size_t size;

    free(output);
    free(warnings);
    out = open_memstream(&output, &size);
    warn = open_memstream(&warnings, &size);
    status = ctl_guest_dtb(&options, out, warn, error);
    fclose(out);
    fclose(warn);
    if (status)
        return status;
    f = fopen(guest_path, "rb");
    assert_non_null(f);
    assert_true(fread(guest, 1, sizeof(guest), f) > 0);
    fclose(f);
    assert_int_equal(fdt_check_header(guest), 0);
    return status;
}

static enum ctl_status make(char *first, char *second)
{
    FILE *f = fopen(host_path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(fdt, 1, ROOM, f), ROOM);
    fclose(f);
    return make_from(host_path, first, second);
}

static void has_cells(const char *path, const char *property, int nr, ...)
{
    int len, i, node = fdt_path_offset(guest, path);
    const fdt32_t *cells;
    va_list args;

    if (node < 0)
        print_error("no node %s\n", path);
    assert_true(node >= 0);
    cells = fdt_getprop(guest, node, property, &len);
    assert_non_null(cells);
    assert_int_equal(len, 4 * nr);
    va_start(args, nr);
    for (i = 0; i < nr; i++)
        assert_int_equal(fdt32_ld(cells + i), va_arg(args, uint32_t));
    va_end(args);
}

static bool has(const char *path, const char *property)
{
    int node = fdt_path_offset(guest, path);

    return node >= 0 && fdt_getprop(guest, node, property, NULL);
}

/* A device that has only SCMI's clocks: the plugin adds them. */
static void test_board(void **state)
{
    (void)state;
    assert_int_equal(make_from(BOARD_DTB, NULL, NULL), CTL_USAGE);
    load_everything(state);
    unset(I2C, "scmi_devid");
    set_cells(I2C "/codec@1a", "reg", 1, 0x1a);
    assert_int_equal(make("/old", NULL), CTL_OK);
    assert_non_null(strstr(warnings, "/old: it uses SCMI but has no SCMI "
                           "device id"));
    assert_string_equal(fdt_getprop(guest, fdt_path_offset(guest,
                        "/passthrough/old"), "xen,path", NULL), "/old");
    assert_false(has("/passthrough/old", "clocks"));
    assert_false(has("/passthrough/old", "vcc-supply"));
    assert_false(has("/passthrough/old", "linux,phandle"));
    assert_true(fdt_path_offset(guest, "/passthrough/scmi") < 0);
    assert_int_equal(strncmp(output, "device_tree = \"", 15), 0);
    assert_null(strstr(output, "iomem"));
    assert_null(strstr(output, "irqs"));
}

/* A device that has other clocks, too: all are in the tree. */
static void test_clocks(void **state)
{
    (void)state;
    set_cells("/syscon", "#clock-cells", 1, 2);
    assert_int_equal(make(SERIAL, NULL), CTL_OK);
    /* fixed, SCMI 3, none, another's, SCMI 4 */
    has_cells(GUEST, "clocks", 7, 1, 2, 3, 0, 3, 2, 4);
    assert_true(has(GUEST, "clock-names"));
    has_cells("/passthrough/clock-1", "clock-frequency", 1, 1000);
    has_cells("/passthrough/clock-1", "phandle", 1, 1);
    has_cells("/passthrough/clock-3", "clock-frequency", 1, 0);
    has_cells("/passthrough/scmi/protocol@14", "phandle", 1, 2);
    has_cells("/passthrough/scmi/protocol@14", "reg", 1, 0x14);
    assert_non_null(strstr(warnings, "clock 3 is of syscon, with unknown rate: "
                           "set clock-frequency"));
    assert_null(strstr(warnings, "clock 0"));
    assert_non_null(strstr(warnings, "\"power-domains\""));
    assert_non_null(strstr(warnings, "\"vdd-supply\" is left out"));
    assert_non_null(strstr(warnings, "\"pinctrl-0\" is left out"));
    assert_false(has(GUEST, "access-controllers"));
    assert_false(has(GUEST, "pinctrl-names"));
}

static void test_registers(void **state)
{
    (void)state;
    set_cells(SERIAL, "reg", 4, 0x1000, 0x1000, 0x3800, 0x1000);
    assert_int_equal(make(SERIAL, NULL), CTL_OK);
    has_cells(GUEST, "reg", 8, 0, 0x10001000, 0, 0x1000, 0, 0x10003800, 0,
              0x1000);
    assert_non_null(strstr(output, "iomem = [\"0x10001,1\", \"0x10003,2\"]\n"));
    assert_non_null(strstr(warnings, "0x10003800 are not whole pages"));

    set_cells(SERIAL, "reg", 2, 0x200000, 4);
    assert_int_equal(make(SERIAL, NULL), CTL_REFUSED);
    assert_non_null(strstr(error, SERIAL));
    set_cells(SERIAL, "reg", 2, 0x1000, 0);
    assert_int_equal(make(SERIAL, NULL), CTL_REFUSED);
}

static void test_interrupts(void **state)
{
    (void)state;
    add_node("/", "gic");
    set_string("/gic", "compatible", "arm,gic-v3");
    set_cells("/gic", "#interrupt-cells", 1, 3);
    set_cells("/gic", "phandle", 1, 0x6666);
    set_cells("/", "interrupt-parent", 1, 0x6666);
    set_cells(SERIAL, "interrupts", 6, 0, 5, 4, 0, 7, 1);
    set_cells(I2C, "interrupts-extended", 8, 0x6666, 0, 9, 4, 0x6666, 0, 5, 4);
    assert_int_equal(make(SERIAL, I2C), CTL_OK);
    has_cells(GUEST, "interrupts", 6, 0, 5, 4, 0, 7, 1);
    has_cells("/passthrough/i2c@10002000", "interrupts", 6, 0, 9, 4, 0, 5, 4);
    assert_non_null(strstr(output, "irqs = [37, 39, 41]\n"));
    assert_non_null(strstr(warnings, SERIAL ": Dom0 has it, and its"));
    assert_null(strstr(warnings, I2C ": Dom0 has it, and its"));
    assert_null(strstr(warnings, "not all of its interrupts"));

    /* A private interrupt, another controller's, and garbage. */
    set_cells(SERIAL, "interrupts", 6, 0, 5, 4, 1, 7, 1);
    set_cells(I2C, "interrupts-extended", 3, 0x6666, 0, 9);
    assert_int_equal(make(SERIAL, I2C), CTL_OK);
    has_cells(GUEST, "interrupts", 3, 0, 5, 4);
    assert_false(has("/passthrough/i2c@10002000", "interrupts"));
    assert_non_null(strstr(warnings, SERIAL ": not all of its interrupts"));
    assert_non_null(strstr(warnings, I2C ": not all of its interrupts"));
    set_string("/gic", "compatible", "vendor,irq");
    assert_int_equal(make(SERIAL, NULL), CTL_OK);
    assert_null(strstr(output, "irqs"));
}

/* Nodes below the device are copied unless they are disabled. */
static void test_parts(void **state)
{
    (void)state;
    set(I2C, "iommus", NULL, 0);
    assert_int_equal(make(I2C, NULL), CTL_OK);
    has_cells("/passthrough/i2c@10002000/part@1b", "clocks", 2, 1, 9);
    has_cells("/passthrough/i2c@10002000/codec@1a", "clocks", 2, 1, 8);
    assert_true(has("/passthrough/i2c@10002000", "#address-cells"));
    assert_false(has("/passthrough/i2c@10002000", "iommus"));
    assert_false(has("/passthrough/i2c@10002000/part@1c", "reg"));
    assert_non_null(strstr(output, "dtdev = [\"" I2C "\"]\n"));
}

static void test_refusals(void **state)
{
    (void)state;
    assert_int_equal(make("/nobody", NULL), CTL_REFUSED);
    assert_non_null(strstr(error, "/nobody"));
    assert_int_equal(make("/soc/bus/serial", NULL), CTL_REFUSED);
    assert_non_null(strstr(error, SERIAL));
    assert_int_equal(make("/soc/stray", NULL), CTL_REFUSED);
    assert_int_equal(make("/soc/bus@10000000", NULL), CTL_REFUSED);
    assert_non_null(strstr(error, "bus"));
    assert_int_equal(make(I2C, I2C), CTL_REFUSED);
    assert_int_equal(make(I2C, I2C "/codec@1a"), CTL_REFUSED);
    assert_int_equal(make("/", NULL), CTL_REFUSED);
    assert_int_equal(make_from("/nowhere", SERIAL, NULL), CTL_USAGE);
    assert_int_equal(make_from("/dev/null", SERIAL, NULL), CTL_BAD_TREE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) \
        cmocka_unit_test_setup_teardown(name, load_everything, teardown)
        TEST(test_board),
        TEST(test_clocks),
        TEST(test_registers),
        TEST(test_interrupts),
        TEST(test_parts),
        TEST(test_refusals),
    };

    return cmocka_run_group_tests_name("ctl guest dtb", tests, make_directory,
                                       remove_directory);
}
