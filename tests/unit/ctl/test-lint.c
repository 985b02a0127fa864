/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each finding of "check": severity, text and remedy. */

#include <fcntl.h>
#include <unistd.h>

#include "ctl/check/private.h"
#include "tests/unit/tree-fixture.h"

#define SERIAL  "/soc/bus@10000000/serial@1000"
#define I2C     "/soc/bus@10000000/i2c@2000"
#define SCI     "/chosen/sci"
#define XEN     "/chosen/sci/scmi"
#define SCMI    "/firmware/scmi"
#define SHM1    "/chosen/sci/shm@80001000"
#define SHM2    "/chosen/sci/shm@80002000"

static struct host_scmi scmi;
static struct lint lint;

static void drop_lint(void)
{
    lint_done(&lint);
    host_scmi_done(&scmi);
}

static int teardown(void **state)
{
    drop_lint();
    return drop_tree(state);
}

static void run(void)
{
    drop_lint();
    assert_int_equal(parse(), 0);
    assert_int_equal(host_scmi_read(&tree, &scmi), 0);
    assert_int_equal(lint_run(&tree, &scmi, &lint), 0);
}

/* The first finding with this code about the node (NULL: any), or NULL. */
static const struct lint_finding *find(const char *code, const char *node)
{
    size_t i;

    for (i = 0; i < lint.nr_findings; i++)
        if (!strcmp(lint.findings[i].code, code) &&
            (!node || (lint.findings[i].node &&
                       !strcmp(lint.findings[i].node, node))))
            return &lint.findings[i];
    return NULL;
}

/* Asserts a finding of this severity, whose text and remedy contain these. */
static void found(enum lint_severity severity, const char *code,
                  const char *node, const char *text, const char *remedy)
{
    const struct lint_finding *finding = find(code, node);

    if (!finding)
        print_error("no %s about %s\n", code, node ? node : "the tree");
    assert_non_null(finding);
    assert_int_equal(finding->severity, severity);
    if (!strstr(finding->text, text) || !strstr(finding->remedy, remedy))
        print_error("%s: %s: %s\n", code, finding->text, finding->remedy);
    assert_non_null(strstr(finding->text, text));
    assert_non_null(strstr(finding->remedy, remedy));
    assert_true(lint.worst >= severity);
}

/* The unchanged tree. */
static void test_everything(void **state)
{
    (void)state;
    run();
    assert_int_equal(lint.worst, LINT_ERROR);
    found(LINT_ERROR, "page-shared", "/sram@80000000/scmi@0", "two channels",
          "shmem = <&");
    found(LINT_WARNING, "own-channel", SCMI, "0x13", "protocol@13");
    found(LINT_WARNING, "transport", "/firmware/scmi-1", "SMC",
          "compatible = \"arm,scmi-smc\"");
    found(LINT_WARNING, "no-device-id", "/old", "no SCMI device id",
          "access-controllers = <&{" XEN "} N>");
    found(LINT_NOTE, "disabled", "/firmware/scmi-2", "disabled",
          "status = \"okay\"");
    found(LINT_NOTE, "dom0-device", SERIAL, "Dom0", "xen,passthrough;");
    found(LINT_NOTE, "dom0-waits", SERIAL, "for ever", "scmi_devid = <");
    assert_null(find("dom0-waits", I2C));
    found(LINT_NOTE, "dom0-agent", SCI, "Dom0", "xen,dom0-sci-agent-id = <");
    found(LINT_WARNING, "shared-resource", SCMI, "voltage domain 3",
          "Dom0");
    assert_null(find("no-device-id", "/cpus/cpu@0"));
    assert_null(find("no-device-id", "/bus-off/device"));
    assert_null(find("dom0-device", I2C));
    assert_null(find("bad-device", NULL));
    /* The worst come first. */
    assert_int_equal(lint.findings[0].severity, LINT_ERROR);
    assert_int_equal(lint.findings[lint.nr_findings - 1].severity, LINT_NOTE);
}

static void test_devices(void **state)
{
    uint32_t xen = phandle_of(XEN), clk = phandle_of(SCMI "/protocol@14");

    (void)state;
    set_cells("/old", "clocks", 1, clk);
    set("/soc/stray", "xen,passthrough", NULL, 0);
    set_cells(I2C "/codec@1a", "access-controllers", 4, xen, 40, 0, xen);
    set_cells("/firmware/scmi", "phandle", 1, 0x4321);
    set_cells("/firmware/scmi", "#access-controller-cells", 1, 1);
    set_cells("/soc/bus@10000000", "access-controllers", 2, 0x4321, 5);
    set_cells("/soc/bus@10000000/gpio@3000", "clocks", 2,
              phandle_of("/firmware/scmi-2/protocol@14"), 1);
    run();
    found(LINT_ERROR, "bad-device", "/old", "\"clocks\"", "<&PROVIDER CELLS>");
    found(LINT_ERROR, "no-device-id", "/soc/stray", "no SCMI device id",
          "access-controllers");
    found(LINT_ERROR, "bad-device", I2C "/codec@1a", "access-controllers", "");
    found(LINT_WARNING, "wrong-controller", "/soc/bus@10000000", SCMI,
          "access-controllers = <&{" XEN "} N>");
    found(LINT_WARNING, "disabled-scmi", "/soc/bus@10000000/gpio@3000",
          "/firmware/scmi-2", "status = \"okay\"");
}

static void test_sharing(void **state)
{
    uint32_t xen = phandle_of(XEN), clk = phandle_of(SCMI "/protocol@14");
    const struct lint_finding *finding;
    char name[32];
    int i;

    (void)state;
    set_cells("/old", "clocks", 2, clk, 3);
    set_cells("/old", "access-controllers", 3, xen, 41, 0);
    set_cells(I2C, "pinctrl-0", 1,
              phandle_of(SCMI "/protocol@19/uart-state"));
    /* Xen disables devices for guests in the tree of Dom0. */
    set_string(I2C, "status", "disabled");
    /* Disabled devices share nothing. */
    set_cells("/soc/bus@10000000/off@4000", "clocks", 2, clk, 8);
    run();
    found(LINT_WARNING, "shared-device-id", NULL, "/old and " SERIAL,
          "access-controllers");
    assert_non_null(strstr(find("shared-device-id", NULL)->text, " 41"));
    found(LINT_WARNING, "shared-resource", SCMI, "used by", "");
    for (finding = lint.findings; finding->severity == LINT_ERROR; finding++)
        ;
    for (i = 0; !strstr(finding[i].text, "clock 3 is used by /old and " SERIAL);
         i++)
        assert_int_equal(finding[i].severity, LINT_WARNING);
    for (i = 0; !strstr(finding[i].text, "\"uart-state\""); i++)
        assert_int_equal(finding[i].severity, LINT_WARNING);
    for (i = 0; (size_t)i < lint.nr_findings; i++)
        assert_null(strstr(lint.findings[i].text, "clock 8 "));

    /* Of many users, the finding names some and counts the others. */
    for (i = 0; i < 40; i++) {
        snprintf(name, sizeof(name), "/many-%d", i);
        add_node("/", name + 1);
        set_cells(name, "resets", 3, phandle_of(SCMI "/protocol@16"), 77, 0);
    }
    run();
    for (i = 0; !strstr(lint.findings[i].text, "reset 77"); i++)
        assert_true((size_t)i < lint.nr_findings);
    assert_non_null(strstr(lint.findings[i].text, "and 24 more"));
}

static void test_agents(void **state)
{
    uint32_t shm0 = phandle_of("/sram@80000000/scmi@0");
    uint32_t shm2 = phandle_of(SHM2);

    (void)state;
    set_cells(SCI, "#scmi-secondary-agents-cells", 1, 3);
    set_cells(SCI, "xen,dom0-sci-agent-id", 1, 9);
    set_cells(SCI, "scmi-secondary-agents", 12, 0x82000010, shm0, 1,
              0x82000010, shm2, 1, 0x12, shm2, 300, 0x82000014, 0x7777, 4);
    run();
    found(LINT_ERROR, "agent-twice", SCI, "entries 0 and 1", "id");
    found(LINT_ERROR, "agent-id", SCI, "300", "put in the id");
    found(LINT_ERROR, "function-id", SCI, "0x12", "0x82......");
    found(LINT_ERROR, "no-page", SCI, "entry 3", "arm,scmi-shmem");
    found(LINT_ERROR, "page-shared", SHM2, "0x80002000", "reg");
    found(LINT_WARNING, "function-id-shared", SCI, "0x82000010",
          "scmi-secondary-agents");
    found(LINT_WARNING, "dom0-agent", SCI, "9",
          "<FUNCTION_ID &SHMEM 9>");

    /* Firmware that tells agents apart by page. */
    set_string(XEN, "compatible", "arm,scmi-smc-param");
    set_cells(SCMI, "arm,smc-id", 1, 0x82000033);
    run();
    assert_null(find("function-id-shared", NULL));
    found(LINT_WARNING, "dom0-channel", SCMI, "0x82000033",
          "xen,dom0-sci-agent-id");

    set_cells(SCI, "scmi-secondary-agents", 2, 1, 2);
    run();
    found(LINT_ERROR, "agents", SCI, "whole entries",
          "scmi-secondary-agents = <");
    unset(SCI, "scmi-secondary-agents");
    run();
    found(LINT_ERROR, "agents", SCI, "no \"scmi-secondary-agents\"", "");
    set_cells(SCI, "#scmi-secondary-agents-cells", 1, 4);
    run();
    found(LINT_ERROR, "agents", SCI, "neither 2 nor 3", "= <3>");
}

static void test_pages(void **state)
{
    (void)state;
    set_cells(SHM2, "reg", 4, 0, 0x80002100, 0, 0x1000);
    set_cells(SHM1, "reg", 4, 0, 0x80001000, 0, 0x80);
    run();
    found(LINT_ERROR, "page-unaligned", SHM2, "0x80002100", "0x1000");
    found(LINT_ERROR, "page-unaligned", SHM1, "0x80 bytes", "reg");
    /* The second page of one is the first of the other. */
    set_cells(SHM2, "reg", 4, 0, 0x80000000, 0, 0x2000);
    run();
    found(LINT_ERROR, "page-shared", SHM1, SHM2, "reg");
    set_cells(SHM2, "reg", 4, 0xffffffff, 0xfffff000, 0, 0x2000);
    set_cells(SHM1, "reg", 1, 1);
    run();
    found(LINT_ERROR, "no-page", SHM1, "reg", "reg = <");
    found(LINT_ERROR, "page-unaligned", SHM2, "0xfffffffffffff000", "reg");
    unset("/chosen", "ranges");
    set_cells(SHM1, "reg", 4, 0, 0x80001000, 0, 0x1000);
    run();
    found(LINT_ERROR, "no-page", SHM1, "translate", "ranges;");
}

static void test_trusted(void **state)
{
    (void)state;
    unset(XEN, "shmem");
    unset(XEN, "#access-controller-cells");
    run();
    found(LINT_ERROR, "no-trusted", XEN, "not complete", "shmem = <");
    found(LINT_ERROR, "no-cells", XEN, "refer",
          "#access-controller-cells = <1>");
    unset(XEN, "arm,smc-id");
    run();
    found(LINT_ERROR, "no-trusted", XEN, "not complete", "arm,smc-id = <");
    set_string(XEN, "compatible", "linaro,scmi-optee");
    run();
    found(LINT_ERROR, "no-trusted", SCI, "Xen's own channel",
          "#access-controller-cells = <1>");

    load_everything(state);
    unset(SCMI, "arm,smc-id");
    run();
    found(LINT_ERROR, "function-id", SCMI, "no function ID", "arm,smc-id = <");
    set_cells(SCMI, "arm,smc-id", 1, 0x82000010);
    unset(SCMI, "shmem");
    set_string("/firmware/scmi-1", "compatible", "arm,scmi-smc");
    run();
    found(LINT_ERROR, "no-page", SCMI, "no shared memory", "shmem = <");
    found(LINT_WARNING, "several-instances", "/firmware/scmi-1", "first",
          "status = \"disabled\"");
}

/* Boards as they are: no agents, or no SCMI. */
static void test_plain_boards(void **state)
{
    (void)state;
    delete_node(SCI);
    set_cells("/sram@80000000/scmi@0", "reg", 2, 0x100, 0x80);
    run();
    found(LINT_WARNING, "one-channel", SCMI, "one channel",
          "compatible = \"xen,sci\"");
    found(LINT_NOTE, "page-unaligned", "/sram@80000000/scmi@0", "0x80", "reg");
    found(LINT_NOTE, "no-device-id", NULL, "devices use SCMI",
          "access-controllers");

    delete_node("/firmware");
    run();
    assert_int_equal(lint.worst, LINT_NOTE);
    found(LINT_NOTE, "no-scmi", NULL, "no SCMI node", "arm,scmi-smc");
    assert_int_equal(lint.nr_findings, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) \
        cmocka_unit_test_setup_teardown(name, load_everything, teardown)
        TEST(test_everything),
        TEST(test_devices),
        TEST(test_sharing),
        TEST(test_agents),
        TEST(test_pages),
        TEST(test_trusted),
        TEST(test_plain_boards),
    };

    return cmocka_run_group_tests_name("ctl check", tests, NULL, NULL);
}
