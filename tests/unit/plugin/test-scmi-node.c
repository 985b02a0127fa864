/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completing a guest's device tree that has an SCMI node. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/plugin/guest-grant.h"

#define SCMI "/passthrough/scmi"

/* The form in Xen's documentation, with wrong numbers. */
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
    ASSERT_CELLS(fdt, SCMI, "shmem", 1);
    ASSERT_CELLS(fdt, SCMI, "arm,smc-id", 0x82000011);
    ASSERT_CELLS(fdt, RTC, "clocks", 2, 1, 2, 7);
    ASSERT_CELLS(fdt, SCMI "/protocol@16", "#reset-cells", 1);
    ASSERT_CELLS(fdt, RTC, "resets",
                 fixture_phandle(fdt, SCMI "/protocol@16"), 3);
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
        ASSERT_CELLS(fdt, SCMI, "shmem",
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
        ASSERT_CELLS(fdt, SCMI, "shmem",
                     fixture_phandle(fdt, SHMEM));
        ASSERT_CELLS(fdt, SCMI, "arm,smc-id", 0x82000011);
        ASSERT_CELLS(fdt, SCMI, "#address-cells", 1);
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
    assert_fails(&own_scmi_fixture, SCMI "/protocol@14",
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
    assert_fails(&fixture, SCMI "/protocol@14",
                 "same phandle as another node, 2");
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

static void test_refuses(void **state)
{
    static const struct {
        struct fixture fixture;
        const char *what;
    } bad[] = {
        { { .add_to_passthrough = bad_scmi_cells },
          "\"#address-cells\" that is not <1>" },
        { { .add_to_passthrough = two_scmi_nodes },
          "not the only SCMI node" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_fails(&bad[i].fixture, SCMI, bad[i].what);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_keeps_scmi_node),
        TEST(test_repairs_page),
        TEST(test_replaces_page),
        TEST(test_bad_protocol_node),
        TEST(test_shared_phandle),
        TEST(test_refuses),
    };

    return cmocka_run_group_tests_name("plugin-scmi-node", tests, NULL, NULL);
}
