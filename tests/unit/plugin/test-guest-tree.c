/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completing a guest's device tree that has no SCMI node. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/plugin/guest-grant.h"

#define SCMI "/firmware/scmi"

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

/* No two nodes of a completed tree have the same phandle. */
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
    assert_int_equal(scmi_plugin_reply_set_refs(&reply, 0,
                                                SCMI_PLUGIN_CLOCKS, "0x13:4",
                                                NULL, &error), 0);
    assert_int_equal(scmi_plugin_reply_set_refs(&reply, 0,
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
    reply.frame = 0x100000;
    assert_fails(&fixture, "/ in", "too small");
}

static void test_high_frame(void **state)
{
    void *fdt;

    (void)state;
    reply.frame = 0xfffffffff;
    fdt = finish(&(struct fixture){ 0 });
    assert_non_null(fdt);
    ASSERT_CELLS(fdt, "/scmi-shmem@fffffffff000", "reg", 0xffff, 0xfffff000,
                 0, 0x1000);
    free(fdt);
}

/* So many references that the first guess of room is too small. */
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
    assert_int_equal(scmi_plugin_reply_set_refs(&reply, 0,
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
    assert_int_equal(scmi_plugin_reply_set_refs(&reply, 0,
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
        TEST(test_refuses),
        TEST(test_one_cell),
        TEST(test_high_frame),
        TEST(test_grows),
        TEST(test_too_large),
    };

    return cmocka_run_group_tests_name("plugin-guest-tree", tests, NULL, NULL);
}
