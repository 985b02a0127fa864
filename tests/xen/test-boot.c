/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot: reading the tree, probing the firmware, Dom0's agent. */

#include "world.h"

static int setup(void **state)
{
    (void)state;
    world_reset();
    return 0;
}

static void expect_log(const char *text)
{
    if (!strstr(world_log, text))
        fail_msg("no \"%s\" in:\n%s", text, world_log);
}

static struct scmi_med_info info(void)
{
    struct scmi_med_op op = { 0 };

    assert_int_equal(world_op(SCMI_MED_OP_info, &op), 0);
    return op.u.info;
}

static void test_board(void **state)
{
    struct scmi_med_info i;

    (void)state;
    world_boot();
    i = info();
    assert_int_equal(i.nr_agents, 16);
    assert_int_equal(i.features, 0x7);
    assert_int_equal(i.function_id, GUEST_FUNCTION_ID);
    assert_int_equal(i.base_version, 0x20000);
    assert_int_equal(i.guest_frame, 0x22001);
    assert_int_equal(scmi_med_find_agent(TRUSTED)->role, SCMI_MED_AGENT_TRUSTED);
    assert_int_equal(scmi_med_find_agent(1)->role, SCMI_MED_AGENT_HWDOM);
}

static void test_dom0(void **state)
{
    unsigned int n;

    (void)state;
    world_boot();
    /* Its own devices, not those for passthrough; its own page only. */
    assert_int_equal(firmware.devices[1], 1U << 2);
    assert_int_equal(harness_domains[0].denied_pages, 0xfffe);
    assert_ptr_equal(harness_domains[0].arch.scmi_agent, scmi_med_find_agent(1));
    for (n = 3; n <= NR_PAGES; n++) {
        assert_int_equal(firmware.devices[n], 0);
        assert_int_equal(firmware.resets[n], 1);
        assert_int_equal(world_page(n)[1], 1);
        assert_int_equal(world_page(n)[100], 0);
    }
    assert_int_equal(firmware.resets[1], 0);
}

#define SHM(n) CONTAINER "/sram@bff0" n "000"

/* Of an agent's pages Dom0 gets none, also of those that are not used. */
static void test_dom0_more_pages(void **state)
{
    (void)state;
    tree_set_cells(SHM("f"), "reg", 4, (const uint32_t[]){ 0, 0xbff0f000, 0, 0x3000 });
    world_boot();
    assert_int_equal(harness_domains[0].denied_pages, 0x3fffe);
}

static void test_dom0_without_agent(void **state)
{
    (void)state;
    tree_delete(CONTAINER, "xen,dom0-sci-agent-id");
    world_boot();
    assert_null(harness_domains[0].arch.scmi_agent);
    assert_int_equal(harness_domains[0].denied_pages, 0xffff);
    /* Everybody calls the first agent's function ID then. */
    assert_int_equal(info().function_id, FUNCTION_ID(1));
}

static void test_dom0_device_refused(void **state)
{
    (void)state;
    firmware.fault = FIRMWARE_DENIES;
    firmware.faulty_message = 0x9;
    world_boot();
    expect_log("the hardware domain did not get device 12");
}

static void test_scmi_devid(void **state)
{
    (void)state;
    tree_delete("/virtio_mmio@a000000", "access-controllers");
    tree_set_cells("/virtio_mmio@a000000", "scmi_devid", 1, (const uint32_t[]){ 12 });
    world_boot();
    assert_int_equal(firmware.devices[1], 1U << 2);
}

static void test_off(void **state)
{
    struct scmi_med_op op = { 0 };

    (void)state;
    tree_delete(CONTAINER, NULL);
    world_boot();
    assert_int_equal(scmi_med.function_id, 0);
    assert_string_equal(world_log, "");
    assert_int_equal(info().nr_agents, 0);
    assert_int_equal(world_op(SCMI_MED_OP_get_agent, &op), -EOPNOTSUPP);
    world_reset();
    acpi_disabled = false;
    world_boot();
    assert_int_equal(scmi_med.function_id, 0);
}

/* One change of the container each, and what Xen says to it. */
static void expect_off(const char *why)
{
    world_boot();
    assert_int_equal(scmi_med.function_id, 0);
    expect_log("function ID 0 ");
    expect_log(why);
    world_reset();
}

static void test_bad_container(void **state)
{
    static const uint32_t seven[] = { 7 };

    (void)state;
    tree_set_cells(CONTAINER, "#scmi-secondary-agents-cells", 1, seven);
    expect_off("neither 2 nor 3");
    tree_delete(CONTAINER, "scmi-secondary-agents");
    expect_off("missing or has a wrong length");
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 1, seven);
    expect_off("missing or has a wrong length");
    tree_delete(CONTAINER "/scmi", NULL);
    expect_off("no child \"arm,scmi-smc\"");
    tree_delete(CONTAINER "/scmi", "arm,smc-id");
    expect_off("with an \"arm,smc-id\"");
    tree_delete(CONTAINER "/scmi", "shmem");
    expect_off("no node with an address");
    tree_set_cells(CONTAINER "/scmi", "arm,smc-id", 1, (const uint32_t[]){ 0x02000012 });
    expect_off("no fast call");
    world_fail_alloc = 1;
    expect_off("out of memory");
    world_fail_map = 1;
    expect_off("out of memory");
    tree_add("/elsewhere");
    tree_set_string("/elsewhere", "compatible", "xen,sci");
    tree_delete(CONTAINER, NULL);
    expect_off("not below /chosen");
}

static void test_too_many_agents(void **state)
{
    uint32_t list[3 * 255] = { 0 };

    (void)state;
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 3 * 255, list);
    expect_off("too many agents");
}

/* A bad agent is out, the others are not. */
static void expect_left_out(const char *why)
{
    world_boot();
    assert_int_equal(scmi_med.function_id, FUNCTION_ID(1));
    assert_int_equal(info().nr_agents, 15);
    expect_log("is left out");
    expect_log(why);
    world_reset();
}


static void test_bad_agents(void **state)
{
    uint32_t list[45], len;
    const uint32_t *cells;
    unsigned int i;

    (void)state;
    cells = dt_get_property(dt_find_compatible_node(NULL, NULL, "xen,sci"), "scmi-secondary-agents", &len);
    assert_int_equal(len, sizeof(list));
    for (i = 0; i < 45; i++)
        list[i] = be32_to_cpu(cells[i]);

    tree_set_cells(SHM("4"), "reg", 4, (const uint32_t[]){ 0, 0xbff04800, 0, 0x1000 });
    expect_left_out("does not cover whole pages");
    tree_set_cells(SHM("4"), "reg", 4, (const uint32_t[]){ 0, 0xbff04000, 0, 0x800 });
    expect_left_out("does not cover whole pages");
    tree_set_cells(SHM("4"), "reg", 4, (const uint32_t[]){ 0, 0xbff04000, 0, 0 });
    expect_left_out("does not cover whole pages");
    tree_set_cells(SHM("4"), "reg", 4, (const uint32_t[]){ 0, 0xc0000000, 0, 0x101000 });
    expect_left_out("1 MiB at most");
    tree_delete(SHM("4"), "reg");
    expect_left_out("no node with an address");
    tree_set_cells(SHM("4"), "reg", 4, (const uint32_t[]){ 0, 0xbff05000, 0, 0x1000 });
    expect_left_out("another agent has the same page or id");

    tree_set_cells(SHM("3"), "reg", 4, (const uint32_t[]){ 0, 0xbff03000, 0, 0x2000 });
    expect_left_out("another agent has the same page or id");

    list[3 * 4 + 2] = list[3 * 5 + 2];
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 45, list);
    expect_left_out("another agent has the same page or id");
    list[3 * 4 + 2] = 256;
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 45, list);
    expect_left_out("not in 1 .. 255");
    list[3 * 4 + 2] = 6;
    list[3 * 4] = 0x84000016;
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 45, list);
    expect_left_out("no fast call");
    list[3 * 4] = FUNCTION_ID(6);
    list[3 * 4 + 1] = 9999;
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 45, list);
    expect_left_out("no node with an address");

    world_fail_map = 5;
    expect_left_out("out of memory");
}

/* Without ids in the tree, each agent says itself who it is. */
static void test_two_cells(void **state)
{
    uint32_t list[4], len;
    const uint32_t *cells;

    (void)state;
    cells = dt_get_property(dt_find_compatible_node(NULL, NULL, "xen,sci"), "scmi-secondary-agents", &len);
    list[0] = FUNCTION_ID(3);
    list[1] = be32_to_cpu(cells[4]);
    list[2] = FUNCTION_ID(4);
    list[3] = be32_to_cpu(cells[7]);
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 4, list);
    tree_set_cells(CONTAINER, "#scmi-secondary-agents-cells", 1, (const uint32_t[]){ 2 });
    world_boot();
    assert_int_equal(info().nr_agents, 3);
    assert_int_equal(scmi_med.agents[1].id, 3);
    assert_int_equal(scmi_med.agents[2].id, 4);
    /* Known by their place, if the firmware goes by that. */
    assert_int_equal(scmi_med.agents[1].channel.client_id, 1);

    world_reset();
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 4, list);
    tree_set_cells(CONTAINER, "#scmi-secondary-agents-cells", 1, (const uint32_t[]){ 2 });
    firmware.missing = 1U << 0x7;
    world_boot();
    assert_int_equal(info().nr_agents, 1);
    expect_log("neither the device tree nor the firmware");

    /* It says so, but there is no such agent. */
    world_reset();
    list[2] = FUNCTION_ID(5);
    list[3] = be32_to_cpu(cells[10]);
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 4, list);
    tree_set_cells(CONTAINER, "#scmi-secondary-agents-cells", 1, (const uint32_t[]){ 2 });
    firmware.odd_id = 256;
    world_boot();
    assert_int_equal(info().nr_agents, 2);
    expect_log("agent 1 of scmi-secondary-agents is left out: neither");
}

static void test_param(void **state)
{
    (void)state;
    tree_set_string(CONTAINER "/scmi", "compatible", "arm,scmi-smc-param");
    world_boot();
    /* The last call was the trusted agent's, for Dom0's device. */
    assert_int_equal(firmware.last[1], (PAGES + 0x1000) >> 12);
    assert_int_equal(firmware.last[2], 0);
}

static void test_function_id(void **state)
{
    (void)state;
    tree_delete("/firmware", NULL);
    world_boot();
    assert_int_equal(scmi_med.function_id, FUNCTION_ID(1));
}

static void test_broken_firmware(void **state)
{
    enum firmware_fault fault;

    (void)state;
    for (fault = FIRMWARE_SMC_ERROR; fault <= FIRMWARE_DENIES; fault++) {
        struct scmi_med_op op = { .domid = 1, .agent_id = 3, .u.guest_frame = 0x22001 };

        world_reset();
        firmware.fault = fault;
        world_boot();
        expect_log("no valid answer on the trusted channel");
        assert_int_equal(info().features, 0);
        world_domain(1);
        assert_int_equal(world_op(SCMI_MED_OP_assign, &op), -ENODEV);
        /* Dom0 goes on by itself. */
        assert_non_null(harness_domains[0].arch.scmi_agent);
    }
}

static void test_missing_messages(void **state)
{
    (void)state;
    firmware.missing = 1U << 0x9 | 1U << 0xb | 1U << 0x7;
    world_boot();
    assert_int_equal(info().features, SCMI_MED_FEATURE_TRUSTED);
    /* Who does not say who it is may be whom the tree says. */
    assert_int_equal(info().nr_agents, 16);
    assert_false(scmi_med_find_agent(5)->quarantined);
}

static void test_reset_fails(void **state)
{
    (void)state;
    firmware.fault = FIRMWARE_DENIES;
    firmware.faulty_message = 0xb;
    world_boot();
    assert_true(scmi_med_find_agent(3)->quarantined);
    expect_log("agent 3 does not work, or could not be reset (SCMI status -3)");
}

/* The firmware takes the caller for another agent than the tree says. */
static void test_odd_ids(void **state)
{
    (void)state;
    firmware.odd_id = 7;
    world_boot();
    expect_log("agent 5 does not work");
    assert_int_equal(info().nr_agents, 16);
    assert_true(scmi_med_find_agent(5)->quarantined);
    assert_false(scmi_med_find_agent(7)->quarantined);
}

/* Firmware that is busy for a moment is asked again, but not for ever. */
static void test_busy(void **state)
{
    (void)state;
    firmware.busy = 5;
    world_boot();
    assert_int_equal(info().features, 0x7);
    world_reset();
    firmware.busy = ~0U;
    world_boot();
    assert_int_equal(info().features, 0);
    assert_true(firmware.trusted_calls < 100000);
}

/* As a driver of the SCI subsystem, where there is one. */
static void test_sci(void **state)
{
    struct xen_domctl_createdomain config = { .arch.arm_sci_type = 0 };
    struct domain *d = world_domain(1);
    struct cpu_user_regs regs = { { 0 } };

    (void)state;
    assert_int_equal(harness_scmi_med_register(), 0);
    assert_int_equal(harness_scmi_med_init(), 0);
    assert_int_equal(world_sci->domain_init(d, &config), 0);
    config.arch.arm_sci_type = 1;
    assert_int_equal(world_sci->domain_init(d, &config), -EINVAL);
    assert_int_equal(world_sci->dom0_dt_finalize(&harness_domains[0], NULL), 0);
    assert_non_null(harness_domains[0].arch.scmi_agent);
    assert_false(world_sci->handle_call(&regs));
    assert_int_equal(world_sci->relinquish_resources(d), 0);
    world_sci->domain_destroy(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_board, setup),
        cmocka_unit_test_setup(test_dom0, setup),
        cmocka_unit_test_setup(test_dom0_more_pages, setup),
        cmocka_unit_test_setup(test_dom0_without_agent, setup),
        cmocka_unit_test_setup(test_dom0_device_refused, setup),
        cmocka_unit_test_setup(test_scmi_devid, setup),
        cmocka_unit_test_setup(test_off, setup),
        cmocka_unit_test_setup(test_bad_container, setup),
        cmocka_unit_test_setup(test_bad_agents, setup),
        cmocka_unit_test_setup(test_two_cells, setup),
        cmocka_unit_test_setup(test_param, setup),
        cmocka_unit_test_setup(test_function_id, setup),
        cmocka_unit_test_setup(test_broken_firmware, setup),
        cmocka_unit_test_setup(test_missing_messages, setup),
        cmocka_unit_test_setup(test_reset_fails, setup),
        cmocka_unit_test_setup(test_odd_ids, setup),
        cmocka_unit_test_setup(test_too_many_agents, setup),
        cmocka_unit_test_setup(test_busy, setup),
        cmocka_unit_test_setup(test_sci, setup),
    };
    int failed = cmocka_run_group_tests_name("xen-boot", tests, NULL, NULL);

    world_reset();
    tree_free();
    return failed;
}
