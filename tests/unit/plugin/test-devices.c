/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Listing a domain's devices. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <scmi-med/names.h>

#include "libxl-plugin/devices.h"
#include "tests/unit/plugin/guest-fixture.h"

static char text[512];
static const struct scmi_plugin_error error = { text, sizeof(text) };

static int list(const struct fixture *fixture, const char *const *dtdevs,
                size_t nr_dtdevs, struct scmi_plugin_devices *devices)
{
    void *fdt = fixture_tree(fixture);
    int rc;

    text[0] = '\0';
    *devices = (struct scmi_plugin_devices){ 0 };
    rc = scmi_plugin_devices_list(dtdevs, nr_dtdevs, fdt, devices, &error);
    free(fdt);
    return rc;
}

static void test_nothing(void **state)
{
    struct scmi_plugin_devices devices;

    (void)state;
    assert_int_equal(list(&(struct fixture){ 0 }, NULL, 0, &devices), 0);
    assert_int_equal(devices.nr_paths, 0);
    assert_false(devices.has_scmi_node);
    scmi_plugin_devices_done(&devices);
}

static void nested(void *fdt)
{
    fixture_begin(fdt, "bus@0");
    fixture_begin(fdt, "inner");
    fixture_device(fdt, "rtc@9010000", "/soc/rtc@9010000");
    fixture_end(fdt);
    fixture_end(fdt);
    fixture_end(fdt);
    fixture_device(fdt, "gpio@9030000", "/soc/gpio@9030000");
    fixture_end(fdt);
    fixture_device(fdt, "gpio@9040000", "/soc/gpio@9030000");
    fixture_end(fdt);
}

/* Nodes outside of /passthrough do not count. */
static void elsewhere(void *fdt)
{
    fixture_device(fdt, "other@0", "/soc/other@0");
    fixture_end(fdt);
}

static void test_all_sources(void **state)
{
    static const char *const dtdevs[] = { "/soc/serial@1",
                                          "/soc/gpio@9030000" };
    const struct fixture fixture = { .add_to_passthrough = nested,
                                     .add_to_root = elsewhere };
    struct scmi_plugin_devices devices;

    (void)state;
    assert_int_equal(list(&fixture, dtdevs, 2, &devices), 0);
    assert_int_equal(devices.nr_paths, 3);
    assert_string_equal(devices.paths[0], "/soc/serial@1");
    assert_string_equal(devices.paths[1], "/soc/gpio@9030000");
    assert_string_equal(devices.paths[2], "/soc/rtc@9010000");
    assert_int_equal(scmi_plugin_devices_find(&devices, "/soc/rtc@9010000"),
                     2);
    assert_int_equal(scmi_plugin_devices_find(&devices, "/soc"), -1);
    scmi_plugin_devices_done(&devices);
}

static void scmi_only(void *fdt)
{
    fixture_begin(fdt, "scmi");
    fixture_string(fdt, "compatible", "arm,scmi-smc");
    fixture_end(fdt);
}

static void test_scmi_node(void **state)
{
    const struct fixture fixture = { .add_to_passthrough = scmi_only };
    struct scmi_plugin_devices devices;

    (void)state;
    assert_int_equal(list(&fixture, NULL, 0, &devices), 0);
    assert_int_equal(devices.nr_paths, 0);
    assert_true(devices.has_scmi_node);
    scmi_plugin_devices_done(&devices);
}

static void no_string(void *fdt)
{
    fixture_begin(fdt, "bus");
    fixture_begin(fdt, "rtc@0");
    FIXTURE_CELLS(fdt, "xen,path", 0x2f736f63);
    fixture_end(fdt);
    fixture_end(fdt);
}

static void two_strings(void *fdt)
{
    fixture_begin(fdt, "rtc@0");
    assert_int_equal(fdt_property(fdt, "xen,path", "/a\0/b", 6), 0);
    fixture_end(fdt);
}

static void empty(void *fdt)
{
    fixture_begin(fdt, "rtc@0");
    assert_int_equal(fdt_property(fdt, "xen,path", NULL, 0), 0);
    fixture_end(fdt);
}

static void relative(void *fdt)
{
    fixture_device(fdt, "rtc@0", "serial0");
    fixture_end(fdt);
}

static void odd_name(void *fdt)
{
    fixture_device(fdt, "rtc\x1b[2J", "serial0");
    fixture_end(fdt);
}

static void too_long(void *fdt)
{
    char path[SCMI_PLUGIN_PATH_SIZE + 1];

    memset(path, 'x', sizeof(path));
    path[0] = '/';
    path[SCMI_PLUGIN_PATH_SIZE] = '\0';
    fixture_device(fdt, "rtc@0", path);
    fixture_end(fdt);
}

static void test_bad_paths(void **state)
{
    static const struct {
        void (*add)(void *fdt);
        const char *node;
    } bad[] = {
        { no_string, "/passthrough/bus/rtc@0" },
        { two_strings, "/passthrough/rtc@0" },
        { empty, "/passthrough/rtc@0" },
        { relative, "/passthrough/rtc@0" },
        { too_long, "/passthrough/rtc@0" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const struct fixture fixture = { .add_to_passthrough = bad[i].add };
        struct scmi_plugin_devices devices;

        assert_int_equal(list(&fixture, NULL, 0, &devices), -1);
        assert_non_null(strstr(text, "\"xen,path\""));
        assert_non_null(strstr(text, bad[i].node));
    }
}

/* The name of a node may contain escape sequences for the terminal. */
static void test_odd_name(void **state)
{
    const struct fixture fixture = { .add_to_passthrough = odd_name };
    struct scmi_plugin_devices devices;

    (void)state;
    assert_int_equal(list(&fixture, NULL, 0, &devices), -1);
    assert_non_null(strstr(text, "\"xen,path\" of /passthrough/rtc?[2J in"));
}

static void test_bad_dtdev(void **state)
{
    static const char *const dtdevs[] = { "/good", "serial0" };
    struct scmi_plugin_devices devices;

    (void)state;
    assert_int_equal(list(&(struct fixture){ 0 }, dtdevs, 2, &devices), -1);
    assert_non_null(strstr(text, "dtdev"));
}

static void test_limit(void **state)
{
    char paths[SCMI_MED_REQUEST_MAX_DEVICES + 1][16];
    const char *dtdevs[SCMI_MED_REQUEST_MAX_DEVICES + 1];
    struct scmi_plugin_devices devices;
    size_t i, max = SCMI_MED_REQUEST_MAX_DEVICES;

    (void)state;
    for (i = 0; i <= max; i++) {
        snprintf(paths[i], sizeof(paths[i]), "/dev@%zu", i);
        dtdevs[i] = paths[i];
    }
    assert_int_equal(list(&(struct fixture){ 0 }, dtdevs, max, &devices), 0);
    assert_int_equal(devices.nr_paths, max);
    scmi_plugin_devices_done(&devices);
    assert_int_equal(list(&(struct fixture){ 0 }, dtdevs, max + 1, &devices),
                     -1);
    assert_non_null(strstr(text, "more than 64"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_all_sources),
        cmocka_unit_test(test_scmi_node),
        cmocka_unit_test(test_bad_paths),
        cmocka_unit_test(test_odd_name),
        cmocka_unit_test(test_bad_dtdev),
        cmocka_unit_test(test_limit),
    };

    return cmocka_run_group_tests_name("plugin-devices", tests, NULL, NULL);
}
