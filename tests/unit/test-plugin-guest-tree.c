/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin's editing of a guest's device tree. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libxl-plugin/guest-tree.h"
#include "tests/unit/guest-fixture.h"

#define RTC "/passthrough/rtc@9010000"
#define SCMI "/firmware/scmi"
#define SHMEM "/scmi-shmem@22001000"

static char text[512];
static const struct scmi_plugin_error error = { text, sizeof(text) };

static struct scmi_plugin_answer answer;
static struct scmi_plugin_devices devices;

/* One device, and an answer that gives it one resource of each kind. */
static int setup(void **state)
{
    (void)state;
    text[0] = '\0';
    devices = (struct scmi_plugin_devices){
        .paths = calloc(1, sizeof(char *)), .nr_paths = 1,
    };
    devices.paths[0] = strdup("/soc/rtc@9010000");
    return scmi_plugin_answer_init(&answer, 1, &error) |
           scmi_plugin_answer_set_agent(&answer, "3", "0x82000011", "0x22001",
                                        &error);
}

static int teardown(void **state)
{
    (void)state;
    scmi_plugin_answer_done(&answer);
    scmi_plugin_devices_done(&devices);
    return 0;
}

static void grant_all_kinds(void)
{
    assert_int_equal(scmi_plugin_answer_set_protocols(&answer,
                                                      "0x11 0x14 0x16",
                                                      &error), 0);
    assert_int_equal(scmi_plugin_answer_set_refs(&answer, 0,
                                                 SCMI_PLUGIN_CLOCKS,
                                                 "0x14:1 0x14:7",
                                                 "apb_pclk ref ", &error), 0);
    assert_int_equal(scmi_plugin_answer_set_refs(&answer, 0,
                                                 SCMI_PLUGIN_POWER_DOMAINS,
                                                 "0x11:2", NULL, &error), 0);
    assert_int_equal(scmi_plugin_answer_set_refs(&answer, 0,
                                                 SCMI_PLUGIN_RESETS, "0x16:3",
                                                 "core ", &error), 0);
}

/* The finished tree, to be freed; NULL: it failed, and text says why. */
static void *finish(const struct fixture *fixture)
{
    void *fdt = fixture_tree(fixture), *finished = NULL;
    int rc;

    rc = scmi_plugin_guest_tree_finish(fdt, &devices, &answer, &finished,
                                       &error);
    free(fdt);
    assert_int_equal(rc, finished ? 0 : -1);
    if (finished)
        assert_int_equal(fdt_check_full(finished, fdt_totalsize(finished)),
                         0);
    return finished;
}

static void assert_fails(const struct fixture *fixture, const char *node,
                         const char *what)
{
    assert_null(finish(fixture));
    if (!strstr(text, node) || !strstr(text, what))
        fail_msg("unexpected: %s", text);
}

static void plain_rtc(void *fdt)
{
    fixture_device(fdt, "rtc@9010000", "/soc/rtc@9010000");
    fixture_end(fdt);
}

static void test_new_scmi_node(void **state)
{
    const struct fixture fixture = { .add_to_passthrough = plain_rtc };
    uint32_t clk, pd, rst;
    void *fdt;

    (void)state;
    grant_all_kinds();
    fdt = finish(&fixture);
    assert_non_null(fdt);

    ASSERT_STRING(fdt, SHMEM, "compatible", "arm,scmi-shmem");
    ASSERT_CELLS(fdt, SHMEM, "reg", 0, 0x22001000, 0, 0x1000);
    ASSERT_STRING(fdt, SCMI, "compatible", "arm,scmi-smc");
    ASSERT_CELLS(fdt, SCMI, "arm,smc-id", 0x82000011);
    ASSERT_CELLS(fdt, SCMI, "shmem", fixture_phandle(fdt, SHMEM));
    ASSERT_CELLS(fdt, SCMI, "#address-cells", 1);
    ASSERT_CELLS(fdt, SCMI, "#size-cells", 0);
    ASSERT_CELLS(fdt, SCMI "/protocol@11", "reg", 0x11);
    ASSERT_CELLS(fdt, SCMI "/protocol@11", "#power-domain-cells", 1);
    ASSERT_CELLS(fdt, SCMI "/protocol@14", "#clock-cells", 1);
    ASSERT_CELLS(fdt, SCMI "/protocol@16", "#reset-cells", 1);

    clk = fixture_phandle(fdt, SCMI "/protocol@14");
    pd = fixture_phandle(fdt, SCMI "/protocol@11");
    rst = fixture_phandle(fdt, SCMI "/protocol@16");
    ASSERT_CELLS(fdt, RTC, "clocks", clk, 1, clk, 7);
    ASSERT_STRING(fdt, RTC, "clock-names", "apb_pclk\0ref");
    ASSERT_CELLS(fdt, RTC, "power-domains", pd, 2);
    fixture_assert_none(fdt, RTC, "power-domain-names");
    ASSERT_CELLS(fdt, RTC, "resets", rst, 3);
    ASSERT_STRING(fdt, RTC, "reset-names", "core");
    /* What was there is still there. */
    ASSERT_STRING(fdt, RTC, "xen,path", "/soc/rtc@9010000");
    ASSERT_CELLS(fdt, "/interrupt-controller@3001000", "phandle",
                 FIXTURE_GIC);
    free(fdt);
}

static void with_phandles(void *fdt)
{
    plain_rtc(fdt);
    fixture_begin(fdt, "a");
    fixture_cell(fdt, "phandle", 0x10000);
    fixture_end(fdt);
    fixture_begin(fdt, "b");
    fixture_cell(fdt, "linux,phandle", 0x10001);
    fixture_end(fdt);
    fixture_begin(fdt, "c");
    fixture_cell(fdt, "phandle", 0xfffffffe);
    fixture_end(fdt);
}

/* Every phandle of a finished tree is one node's only. */
static void test_phandles_are_unique(void **state)
{
    const struct fixture fixture = { .add_to_passthrough = with_phandles };
    int node, count = 0;
    void *fdt;

    (void)state;
    grant_all_kinds();
    fdt = finish(&fixture);
    assert_non_null(fdt);
    for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
        uint32_t phandle = fdt_get_phandle(fdt, node);

        if (!phandle)
            continue;
        assert_int_not_equal(phandle, 65001);
        assert_int_equal(fdt_node_offset_by_phandle(fdt, phandle), node);
        count++;
    }
    assert_int_equal(count, 4 + 4);
    free(fdt);
}

static void own_clocks(void *fdt)
{
    fixture_device(fdt, "rtc@9010000", "/soc/rtc@9010000");
    FIXTURE_CELLS(fdt, "clocks", 5);
    fixture_string(fdt, "reset-names", "mine");
    fixture_end(fdt);
}

static void test_keeps_properties(void **state)
{
    const struct fixture fixture = { .add_to_passthrough = own_clocks };
    void *fdt;

    (void)state;
    grant_all_kinds();
    fdt = finish(&fixture);
    assert_non_null(fdt);
    ASSERT_CELLS(fdt, RTC, "clocks", 5);
    fixture_assert_none(fdt, RTC, "clock-names");
    ASSERT_STRING(fdt, RTC, "reset-names", "mine");
    ASSERT_CELLS(fdt, RTC, "resets",
                 fixture_phandle(fdt, SCMI "/protocol@16"), 3);
    free(fdt);
}

/* What libxl makes if the guest has OP-TEE. */
static void optee(void *fdt)
{
    fixture_begin(fdt, "firmware");
    fixture_begin(fdt, "optee");
    fixture_string(fdt, "method", "hvc");
    fixture_end(fdt);
    fixture_end(fdt);
}

static void test_shares_firmware(void **state)
{
    const struct fixture fixture = { .add_to_passthrough = plain_rtc,
                                     .add_to_root = optee };
    void *fdt;

    (void)state;
    grant_all_kinds();
    fdt = finish(&fixture);
    assert_non_null(fdt);
    ASSERT_STRING(fdt, "/firmware/optee", "method", "hvc");
    ASSERT_CELLS(fdt, SCMI, "arm,smc-id", 0x82000011);
    free(fdt);
}

static void test_performance(void **state)
{
    const struct fixture fixture = { .add_to_passthrough = plain_rtc };
    uint32_t perf;
    void *fdt;

    (void)state;
    assert_int_equal(scmi_plugin_answer_set_refs(&answer, 0,
                                                 SCMI_PLUGIN_CLOCKS, "0x13:4",
                                                 NULL, &error), 0);
    assert_int_equal(scmi_plugin_answer_set_refs(&answer, 0,
                                                 SCMI_PLUGIN_POWER_DOMAINS,
                                                 "0x13:4", NULL, &error), 0);
    fdt = finish(&fixture);
    assert_non_null(fdt);
    perf = fixture_phandle(fdt, SCMI "/protocol@13");
    ASSERT_CELLS(fdt, SCMI "/protocol@13", "#clock-cells", 1);
    ASSERT_CELLS(fdt, SCMI "/protocol@13", "#power-domain-cells", 1);
    ASSERT_CELLS(fdt, RTC, "clocks", perf, 4);
    ASSERT_CELLS(fdt, RTC, "power-domains", perf, 4);
    free(fdt);
}

/* The form that upstream's documentation shows, wrong in its numbers. */
static uint64_t own_page;
static uint32_t own_page_size, own_clock_cells;

static void own_scmi(void *fdt)
{
    plain_rtc(fdt);
    fixture_begin(fdt, "shmem");
    fixture_string(fdt, "compatible", "arm,scmi-shmem");
    FIXTURE_CELLS(fdt, "reg", (uint32_t)(own_page >> 32), (uint32_t)own_page,
                  0, own_page_size);
    fixture_cell(fdt, "phandle", 1);
    fixture_end(fdt);
    fixture_begin(fdt, "scmi");
    fixture_string(fdt, "compatible", "arm,scmi-smc");
    fixture_cell(fdt, "arm,smc-id", 0x82000002);
    fixture_cell(fdt, "shmem", 1);
    fixture_cell(fdt, "#address-cells", 1);
    fixture_cell(fdt, "#size-cells", 0);
    fixture_begin(fdt, "protocol@14");
    fixture_cell(fdt, "reg", 0x14);
    fixture_cell(fdt, "#clock-cells", own_clock_cells);
    fixture_cell(fdt, "phandle", 2);
    fixture_end(fdt);
    fixture_end(fdt);
}

static const struct fixture own_scmi_fixture = {
    .add_to_passthrough = own_scmi,
};

static void test_keeps_scmi_node(void **state)
{
    void *fdt;

    (void)state;
    own_page = 0x22001000;
    own_page_size = 0x80;
    own_clock_cells = 1;
    grant_all_kinds();
    fdt = finish(&own_scmi_fixture);
    assert_non_null(fdt);
    assert_true(fdt_path_offset(fdt, "/firmware") < 0);
    assert_true(fdt_path_offset(fdt, SHMEM) < 0);
    ASSERT_CELLS(fdt, "/passthrough/scmi", "shmem", 1);
    ASSERT_CELLS(fdt, "/passthrough/scmi", "arm,smc-id", 0x82000011);
    ASSERT_CELLS(fdt, RTC, "clocks", 2, 1, 2, 7);
    ASSERT_CELLS(fdt, "/passthrough/scmi/protocol@16", "#reset-cells", 1);
    ASSERT_CELLS(fdt, RTC, "resets",
                 fixture_phandle(fdt, "/passthrough/scmi/protocol@16"), 3);
    free(fdt);
}

static void test_repairs_page(void **state)
{
    static const uint64_t pages[] = { 0x22002000, 0x100022001000, 0x22001000,
                                      0x22001000 };
    static const uint32_t sizes[] = { 0x1000, 0x1000, 0x2000, 0 };
    size_t i;

    (void)state;
    own_clock_cells = 1;
    grant_all_kinds();
    for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        void *fdt;

        own_page = pages[i];
        own_page_size = sizes[i];
        fdt = finish(&own_scmi_fixture);
        assert_non_null(fdt);
        ASSERT_CELLS(fdt, "/passthrough/scmi", "shmem",
                     fixture_phandle(fdt, SHMEM));
        ASSERT_CELLS(fdt, SHMEM, "reg", 0, 0x22001000, 0, 0x1000);
        free(fdt);
    }
}

/* The page at offset 0 of a bus that is mapped to elsewhere. */
static void mapped_page(void *fdt)
{
    fixture_begin(fdt, "sram@22001000");
    fixture_cell(fdt, "#address-cells", 1);
    fixture_cell(fdt, "#size-cells", 1);
    FIXTURE_CELLS(fdt, "ranges", 0, 0, 0x22001000, 0x1000);
    fixture_begin(fdt, "shmem");
    fixture_string(fdt, "compatible", "arm,scmi-shmem");
    FIXTURE_CELLS(fdt, "reg", 0x22001000, 0x80);
    fixture_cell(fdt, "phandle", 1);
    fixture_end(fdt);
    fixture_end(fdt);
    fixture_begin(fdt, "scmi");
    fixture_string(fdt, "compatible", "arm,scmi-smc");
    fixture_cell(fdt, "shmem", 1);
    fixture_end(fdt);
}

static void broken_shmem(void *fdt)
{
    fixture_begin(fdt, "scmi");
    fixture_string(fdt, "compatible", "arm,scmi-smc");
    fixture_cell(fdt, "shmem", 0x1234);
    fixture_end(fdt);
}

static void test_replaces_page(void **state)
{
    static void (*const trees[])(void *fdt) = { mapped_page, broken_shmem };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
        const struct fixture fixture = { .add_to_passthrough = trees[i] };
        void *fdt = finish(&fixture);

        assert_non_null(fdt);
        ASSERT_CELLS(fdt, "/passthrough/scmi", "shmem",
                     fixture_phandle(fdt, SHMEM));
        ASSERT_CELLS(fdt, "/passthrough/scmi", "arm,smc-id", 0x82000011);
        ASSERT_CELLS(fdt, "/passthrough/scmi", "#address-cells", 1);
        free(fdt);
    }
}

static void test_bad_protocol_node(void **state)
{
    (void)state;
    own_page = 0x22001000;
    own_page_size = 0x1000;
    own_clock_cells = 2;
    grant_all_kinds();
    assert_fails(&own_scmi_fixture, "/passthrough/scmi/protocol@14",
                 "\"#clock-cells\" that is not <1>");
}

static void shared_phandle(void *fdt)
{
    fixture_begin(fdt, "thief");
    fixture_cell(fdt, "phandle", 2);
    fixture_end(fdt);
    own_scmi(fdt);
}

static void test_shared_phandle(void **state)
{
    const struct fixture fixture = { .add_to_passthrough = shared_phandle };

    (void)state;
    own_clock_cells = 1;
    grant_all_kinds();
    assert_fails(&fixture, "/passthrough/scmi/protocol@14", "phandle 2");
}

static void bad_scmi_cells(void *fdt)
{
    fixture_begin(fdt, "scmi");
    fixture_string(fdt, "compatible", "arm,scmi-smc-param");
    fixture_cell(fdt, "#address-cells", 2);
    fixture_end(fdt);
}

static void two_scmi_nodes(void *fdt)
{
    broken_shmem(fdt);
    fixture_begin(fdt, "scmi1");
    fixture_string(fdt, "compatible", "arm,scmi-smc");
    fixture_end(fdt);
}

static void taken_name(void *fdt)
{
    fixture_begin(fdt, "firmware");
    fixture_begin(fdt, "scmi");
    fixture_end(fdt);
    fixture_end(fdt);
}

static void test_refuses(void **state)
{
    static const struct {
        struct fixture fixture;
        const char *node, *what;
    } bad[] = {
        { { .add_to_passthrough = bad_scmi_cells }, "/passthrough/scmi",
          "\"#address-cells\" that is not <1>" },
        { { .add_to_passthrough = two_scmi_nodes }, "/passthrough/scmi",
          "not the only SCMI node" },
        { { .add_to_root = taken_name }, "/firmware", "\"scmi\" already" },
        { { .root_cells = 3 }, "/ in", "not 1 or 2" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_fails(&bad[i].fixture, bad[i].node, bad[i].what);
}

static void test_one_cell(void **state)
{
    const struct fixture fixture = { .root_cells = 1 };
    void *fdt;

    (void)state;
    fdt = finish(&fixture);
    assert_non_null(fdt);
    ASSERT_CELLS(fdt, SHMEM, "reg", 0x22001000, 0x1000);
    free(fdt);
    answer.frame = 0x100000;
    assert_fails(&fixture, "/ in", "too small");
}

static void test_high_frame(void **state)
{
    void *fdt;

    (void)state;
    answer.frame = 0xfffffffff;
    fdt = finish(&(struct fixture){ 0 });
    assert_non_null(fdt);
    ASSERT_CELLS(fdt, "/scmi-shmem@fffffffff000", "reg", 0xffff, 0xfffff000,
                 0, 0x1000);
    free(fdt);
}

/* So many references that the first guess of room does not do. */
static void test_grows(void **state)
{
    const struct fixture fixture = { .add_to_passthrough = plain_rtc };
    char *refs = malloc(3000 * 8 + 1), *p = refs;
    void *fdt;
    int len, i;

    (void)state;
    for (i = 0; i < 3000; i++)
        p += sprintf(p, "0x14:%d ", i % 10);
    p[-1] = '\0';
    assert_int_equal(scmi_plugin_answer_set_refs(&answer, 0,
                                                 SCMI_PLUGIN_CLOCKS, refs,
                                                 NULL, &error), 0);
    free(refs);
    fdt = finish(&fixture);
    assert_non_null(fdt);
    assert_non_null(fdt_getprop(fdt, fixture_node(fdt, RTC), "clocks",
                                &len));
    assert_int_equal(len, 3000 * 8);
    /* Packed: no room is left in it. */
    assert_int_equal(fdt_setprop_u32(fdt, 0, "new", 1), -FDT_ERR_NOSPACE);
    free(fdt);
}

static void test_too_large(void **state)
{
    const struct fixture fixture = { .add_to_passthrough = plain_rtc };
    size_t count = 200000, i;
    char *refs = malloc(count * 7 + 1);

    (void)state;
    for (i = 0; i < count; i++)
        memcpy(refs + i * 7, "0x14:1 ", 7);
    refs[count * 7 - 1] = '\0';
    assert_int_equal(scmi_plugin_answer_set_refs(&answer, 0,
                                                 SCMI_PLUGIN_CLOCKS, refs,
                                                 NULL, &error), 0);
    free(refs);
    assert_fails(&fixture, "device tree", "too large");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_new_scmi_node),
        TEST(test_phandles_are_unique),
        TEST(test_keeps_properties),
        TEST(test_shares_firmware),
        TEST(test_performance),
        TEST(test_keeps_scmi_node),
        TEST(test_repairs_page),
        TEST(test_replaces_page),
        TEST(test_bad_protocol_node),
        TEST(test_shared_phandle),
        TEST(test_refuses),
        TEST(test_one_cell),
        TEST(test_high_frame),
        TEST(test_grows),
        TEST(test_too_large),
    };

    return cmocka_run_group_tests_name("plugin-guest-tree", tests, NULL,
                                       NULL);
}
