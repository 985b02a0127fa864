/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot: reading the tree, probing the firmware, Dom0's agent. */

#include "world.h"

#include <asm/scmi-med.h>
#include <libfdt.h>

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
    assert_int_equal(i.features, 0xf);
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
    /* Its own devices, not those for passthrough; no page of the firmware's. */
    assert_int_equal(firmware.devices[1], 1U << 2);
    assert_int_equal(harness_domains[0].denied_pages, 0xffff);
    for (n = 1; n < NR_PAGES; n++)
        assert_int_equal(memory_dom0[n], ~0UL);
    assert_int_equal(memory_dom0[0], scmi_med_find_agent(1)->face_mfn.v);
    assert_int_equal(memory_dom0[NR_PAGES], PAGES / PAGE_SIZE + NR_PAGES);
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
    assert_int_equal(harness_domains[0].denied_pages, 0x3ffff);
}

/* Where drivers look for a channel, there is a page, if only to write into. */
static void check_blank(void)
{
    unsigned int n;

    assert_int_equal(harness_domains[0].denied_pages, 0xffff);
    for (n = 1; n < NR_PAGES; n++)
        assert_int_equal(memory_dom0[n], ~0UL);
    assert_int_not_equal(memory_dom0[0], ~0UL);
    assert_int_not_equal(memory_dom0[0], PAGES / PAGE_SIZE);
    assert_int_equal(world_face(0)[1], 1);
    for (n = 0; n < scmi_med.nr_agents; n++)
        assert_int_not_equal(memory_dom0[0], scmi_med.agents[n].face_mfn.v);
}

static void test_dom0_without_agent(void **state)
{
    (void)state;
    tree_delete(CONTAINER, "xen,dom0-sci-agent-id");
    world_boot();
    assert_null(harness_domains[0].arch.scmi_agent);
    check_blank();
    expect_log("the hardware domain has no agent");
    /* Everybody calls the first agent's function ID then. */
    assert_int_equal(info().function_id, FUNCTION_ID(1));
}

static void test_dom0_device_refused(void **state)
{
    (void)state;
    firmware.fault = FIRMWARE_DENIES;
    firmware.faulty_message = BASE_MESSAGE(0x9);
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
    assert_null(harness_domains[0].arch.scmi_agent);
    world_reset();
}

static void test_bad_container(void **state)
{
    static const uint32_t seven[] = { 7 };
    int n;

    (void)state;
    tree_set_cells(CONTAINER, "#scmi-secondary-agents-cells", 1, seven);
    expect_off("not 2, 3 or 4");
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
    for (n = 1; n < 3; n++) {
        world_fail_alloc = n;
        expect_off("out of memory");
    }
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
    expect_left_out("larger than 1 MiB, or nowhere");
    tree_set_cells(SHM("4"), "reg", 4, (const uint32_t[]){ 0, 0xc0000000, 0, 0x101000 });
    expect_left_out("larger than 1 MiB, or nowhere");
    tree_set_cells(SHM("4"), "reg", 4, (const uint32_t[]){ 0xffffffff, 0xfffff000, 0, 0x2000 });
    expect_left_out("larger than 1 MiB, or nowhere");
    tree_delete(SHM("4"), "reg");
    expect_left_out("no node with an address");
    tree_set_cells(SHM("4"), "reg", 4, (const uint32_t[]){ 0, 0xbff05000, 0, 0x1000 });
    expect_left_out("another agent has the same page or id");

    tree_set_cells(SHM("3"), "reg", 4, (const uint32_t[]){ 0, 0xbff03000, 0, 0x2000 });
    expect_left_out("another agent has the same page or id");

    list[3 * 4 + 2] = list[3 * 5 + 2];
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 45, list);
    expect_left_out("another agent has the same page or id");
    list[3 * 4 + 2] = 255;
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 45, list);
    world_boot();
    /* What it has is hidden nevertheless. */
    assert_int_equal(harness_domains[0].denied_pages, 0xffff);
    world_reset();
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 45, list);
    expect_left_out("not in 0 .. 254");
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
    world_fail_alloc = 5;
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
    assert_int_equal(scmi_med.agents[1].own.client_id, 1);

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

/* The agents' list with other cells in each entry: n, and what is told of the agent. */
static void set_list(unsigned int n, uint32_t (*cell)(unsigned int agent, unsigned int i))
{
    uint32_t list[60], len;
    const uint32_t *cells;
    unsigned int agent, i;

    cells = dt_get_property(dt_find_compatible_node(NULL, NULL, "xen,sci"), "scmi-secondary-agents", &len);
    assert_int_equal(len, 45 * 4);
    for (agent = 0; agent < 15; agent++)
        for (i = 0; i < n; i++)
            list[agent * n + i] = i < 2 ? be32_to_cpu(cells[agent * 3 + i])
                                  : cell(be32_to_cpu(cells[agent * 3 + 2]), i);
    tree_set_cells(CONTAINER, "scmi-secondary-agents", 15 * n, list);
    tree_set_cells(CONTAINER, "#scmi-secondary-agents-cells", 1, (const uint32_t[]){ n });
}

static uint32_t client_ids(unsigned int agent, unsigned int i)
{
    return i == 2 ? agent : 100 + agent;
}

/* What tells the firmware who calls may be another number than the agent's. */
static void test_client_ids(void **state)
{
    (void)state;
    set_list(4, client_ids);
    world_boot();
    assert_int_equal(info().nr_agents, 16);
    world_domain(1);
    assert_int_equal(world_assign(1, 7), 0);
    world_guest_call(1, true);
    assert_int_equal(firmware.last[7], 107);
    assert_int_equal(world_agent(7).client_id, 107);
}

static uint32_t from_zero(unsigned int agent, unsigned int i)
{
    (void)i;
    return agent == 1 ? 0 : agent;
}

/* Agents are counted from 0, and Dom0 may be that one. */
static void test_agent_0(void **state)
{
    (void)state;
    set_list(3, from_zero);
    tree_set_cells(CONTAINER, "xen,dom0-sci-agent-id", 1, (const uint32_t[]){ 0 });
    firmware.missing = 1U << 7;
    world_boot();
    assert_int_equal(info().nr_agents, 16);
    assert_int_equal(scmi_med_find_agent(0)->role, SCMI_MED_AGENT_HWDOM);
    assert_ptr_equal(harness_domains[0].arch.scmi_agent, scmi_med_find_agent(0));
    world_domain(1);
    assert_int_equal(world_assign(1, 0), -EACCES);
}

/* The firmware's pages must not be anybody's memory. */
static void test_pages_in_ram(void **state)
{
    (void)state;
    tree_add("/memory@80000000");
    tree_set_string("/memory@80000000", "device_type", "memory");
    tree_set_cells("/memory@80000000", "reg", 8, (const uint32_t[]){
        0, 0x40000000, 0, 0x10000000, 0, 0xbff04000, 0, 0x100000 });
    world_boot();
    assert_int_equal(info().nr_agents, 4);
    expect_log("sram@bff04000: its shmem is in the host's memory, and not reserved there");
    /* It is left where it is: it may be where Dom0's kernel is. */
    assert_int_equal(harness_domains[0].denied_pages, 0xf);
    assert_int_equal(memory_dom0[4], PAGES / PAGE_SIZE + 4);

    world_reset();
    tree_add("/memory@80000000");
    tree_set_string("/memory@80000000", "device_type", "memory");
    tree_set_cells("/memory@80000000", "reg", 4, (const uint32_t[]){ 0, 0x80000000, 0, 0x40000000 });
    tree_add("/reserved-memory");
    assert_true(fdt_add_subnode(tree_blob, tree_node("/reserved-memory"), "scmi@bff00000") >= 0);
    tree_changed();
    tree_set_cells("/reserved-memory/scmi@bff00000", "reg", 4, (const uint32_t[]){ 0, 0xbff00000, 0, 0x10000 });
    world_boot();
    assert_int_equal(info().nr_agents, 16);
}

/* A tree that is wrong shows the firmware's pages to nobody. */
static void test_hidden_when_off(void **state)
{
    (void)state;
    tree_delete(CONTAINER, "scmi-secondary-agents");
    world_boot();
    assert_int_equal(scmi_med.function_id, 0);
    check_blank();
    assert_false(scmi_med_domain_destroy(&harness_domains[0]));
}

/* Pages that cannot be hidden: no guest gets anything, and the machine boots. */
static void test_cannot_hide(void **state)
{
    (void)state;
    harness_domains[0].unmap_rc = -ENOMEM;
    world_boot();
    expect_log("could not hide pages");
    assert_int_equal(info().features, 0);
    world_domain(1);
    assert_int_equal(world_assign(1, 3), -ENODEV);
    world_reset();
    harness_domains[0].map_rc = -ENOMEM;
    world_boot();
    expect_log("has nothing at page 0xbff00");
    world_reset();
    tree_delete(CONTAINER, "xen,dom0-sci-agent-id");
    /* After the trusted agent's nothing, two for each of the others. */
    world_fail_alloc = 1 + 1 + 2 * 15 + 1;
    world_boot();
    assert_int_equal(memory_dom0[0], ~0UL);
}

/* Once domains run, nobody gets a page of the firmware's from an overlay either. */
static void test_overlay(void **state)
{
    (void)state;
    assert_false(scmi_med_is_firmwares(PAGES, PAGE_SIZE));
    world_boot();
    assert_true(scmi_med_is_firmwares(PAGES, PAGE_SIZE));
    assert_true(scmi_med_is_firmwares(PAGES + 15 * PAGE_SIZE + 4, 4));
    assert_false(scmi_med_is_firmwares(PAGES + 16 * PAGE_SIZE, PAGE_SIZE));
    /* Rights are given for the frame behind, too. */
    assert_true(scmi_med_is_firmwares(PAGES - PAGE_SIZE, PAGE_SIZE));
    assert_false(scmi_med_is_firmwares(PAGES - 2 * PAGE_SIZE, PAGE_SIZE));
}

/* Dom0 has no agent if the firmware takes its channel for somebody else's. */
static void test_dom0_is_another(void **state)
{
    (void)state;
    tree_set_cells(CONTAINER, "xen,dom0-sci-agent-id", 1, (const uint32_t[]){ 5 });
    firmware.odd_id = 7;
    world_boot();
    expect_log("agent 5 does not work, or is another one");
    expect_log("the hardware domain has no agent");
    assert_true(scmi_med_find_agent(5)->life == SCMI_QUARANTINED);
    assert_int_equal(firmware.devices[5], 0);
    /* Its drivers find a page, and nobody behind it. */
    assert_int_equal(memory_dom0[4], scmi_med_find_agent(5)->face_mfn.v);
    assert_int_equal(world_message(0, SCMI_CLOCK, 6, 1), WORLD_NOBODY);
}

/* The trusted agent is not told who it is by firmware that should know. */
static void test_trusted_unknown(void **state)
{
    (void)state;
    firmware.fault = FIRMWARE_DENIES;
    firmware.faulty_message = BASE_MESSAGE(7);
    firmware.times = 1;
    world_boot();
    assert_int_equal(info().features, 0xf);
    /* That it is not there at all is another matter. */
    world_reset();
    firmware.fault = FIRMWARE_SILENT;
    firmware.faulty_message = BASE_MESSAGE(7);
    firmware.times = 1;
    world_boot();
    expect_log("does not say who has the trusted channel");
}

/* Firmware that lets any agent set permissions keeps nobody from anything. */
static void test_only_xen(void **state)
{
    (void)state;
    firmware.everybody = true;
    world_boot();
    assert_int_equal(info().features, SCMI_MED_FEATURE_TRUSTED | SCMI_MED_FEATURE_RESET);
    expect_log("resources are kept apart by Xen alone");
    assert_null(strstr(strstr(world_log, "by Xen alone") + 1, "by Xen alone"));
    assert_int_equal(world_agent(3).flags, 0);
    /* A channel that is busy says nothing about it. */
    world_reset();
    firmware.fault = FIRMWARE_BUSY;
    firmware.faulty_message = BASE_MESSAGE(9);
    world_boot();
    assert_int_equal(info().features, 0xf);
}

/* Without a reset, what was permitted before this boot is denied one by one. */
static void test_boot_without_reset(void **state)
{
    unsigned int n;

    (void)state;
    firmware.missing = 1U << 0xb;
    for (n = 3; n <= NR_PAGES; n++)
        firmware.devices[n] = 7;
    world_boot();
    for (n = 3; n <= NR_PAGES; n++) {
        assert_int_equal(firmware.devices[n], 0);
        assert_int_equal(world_agent(n).flags, 0);
    }
    world_reset();
    firmware.missing = 1U << 0xb;
    firmware.devices[3] = 7;
    firmware.fault = FIRMWARE_DENIES;
    firmware.faulty_message = BASE_MESSAGE(9);
    world_boot();
    assert_int_equal(world_agent(3).flags, SCMI_MED_AGENT_QUARANTINED);
    assert_int_equal(world_reset_agent(3), -EIO);
    firmware.fault = FIRMWARE_OK;
    assert_int_equal(world_reset_agent(3), 0);
    assert_int_equal(firmware.devices[3], 0);
}

/* Dom0 may have more devices than a guest. */
static void test_dom0_many_devices(void **state)
{
    struct scmi_agent *agent;

    (void)state;
    world_boot();
    agent = scmi_med_find_agent(1);
    assert_int_equal(agent->max_devices, 4096);
    for (agent->nr_devices = 0; agent->nr_devices < SCMI_MED_MAX_DEVICES; agent->nr_devices++)
        agent->devices[agent->nr_devices] = 1000 + agent->nr_devices;
    assert_int_equal(world_permit(0, 10, SCMI_MED_ALLOW, NULL), 0);
}

/* Dead channels take their time, and others get theirs. */
static void test_dead_channels(void **state)
{
    s_time_t before = world_now;

    (void)state;
    firmware.on_message = NULL;
    firmware.fault = FIRMWARE_SILENT;
    firmware.skip = 8;
    world_boot();
    assert_int_equal(world_softirqs, 15);
    assert_true(world_now - before < 15 * INT64_C(25000000));
}

/* A channel that fails in the middle of what is asked at boot is no agent's. */
static void test_learning(void **state)
{
    enum firmware_fault fault;
    unsigned int skip;

    for (fault = FIRMWARE_SMC_ERROR; fault <= FIRMWARE_NOT_FOUND; fault++)
        for (skip = 0; skip < 24; skip++) {
            setup(state);
            firmware.fault = fault;
            firmware.skip = 8 + skip;
            firmware.times = 1;
            world_boot();
            assert_int_equal(info().nr_agents, 16);
            assert_false(scmi_med_find_agent(4)->life);
        }
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
    assert_int_equal(world_agent(5).flags, 0);
}

static void test_reset_fails(void **state)
{
    (void)state;
    firmware.fault = FIRMWARE_DENIES;
    firmware.faulty_message = BASE_MESSAGE(0xb);
    world_boot();
    assert_int_equal(world_agent(3).flags, SCMI_MED_AGENT_QUARANTINED);
    expect_log("agent 3 could not be reset (SCMI status -3)");
}

/* The firmware takes the caller for another agent than the tree says. */
static void test_odd_ids(void **state)
{
    (void)state;
    firmware.odd_id = 7;
    world_boot();
    expect_log("agent 5 does not work, or is another one");
    assert_int_equal(info().nr_agents, 16);
    assert_int_equal(world_agent(5).flags, SCMI_MED_AGENT_QUARANTINED);
    assert_int_equal(world_agent(7).flags, 0);
}

/* Firmware that is busy for a moment is asked again, but not for ever. */
static void test_busy(void **state)
{
    (void)state;
    firmware.busy = 5;
    world_boot();
    assert_int_equal(info().features, 0xf);
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
    struct cpu_user_regs regs = { .pc = 4 };

    (void)state;
    assert_int_equal(harness_scmi_med_register(), 0);
    assert_int_equal(harness_scmi_med_init(), 0);
    assert_int_equal(world_sci->domain_init(d, &config), 0);
    /* A domain of the host's tree must not keep the machine from booting. */
    config.arch.arm_sci_type = 1;
    assert_int_equal(world_sci->domain_init(d, &config), 0);
    expect_log("mean nothing with SCMI mediation");
    system_state = SYS_STATE_active;
    assert_int_equal(world_sci->domain_init(d, &config), -EINVAL);
    system_state = SYS_STATE_boot;
    assert_int_equal(world_sci->dom0_dt_finalize(&harness_domains[0], NULL), 0);
    assert_non_null(harness_domains[0].arch.scmi_agent);
    assert_false(world_sci->handle_call(&regs));
    assert_int_equal(world_sci->relinquish_resources(d), 0);
    world_sci->domain_destroy(d);
    /* Without the node, Xen's own driver has its place. */
    world_reset();
    world_sci = NULL;
    tree_delete(CONTAINER, NULL);
    assert_int_equal(harness_scmi_med_register(), 0);
    assert_null(world_sci);
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
        cmocka_unit_test_setup(test_client_ids, setup),
        cmocka_unit_test_setup(test_agent_0, setup),
        cmocka_unit_test_setup(test_pages_in_ram, setup),
        cmocka_unit_test_setup(test_hidden_when_off, setup),
        cmocka_unit_test_setup(test_cannot_hide, setup),
        cmocka_unit_test_setup(test_overlay, setup),
        cmocka_unit_test_setup(test_dom0_is_another, setup),
        cmocka_unit_test_setup(test_trusted_unknown, setup),
        cmocka_unit_test_setup(test_only_xen, setup),
        cmocka_unit_test_setup(test_boot_without_reset, setup),
        cmocka_unit_test_setup(test_dom0_many_devices, setup),
        cmocka_unit_test_setup(test_dead_channels, setup),
        cmocka_unit_test_setup(test_learning, setup),
        cmocka_unit_test_setup(test_sci, setup),
    };
    int failed = cmocka_run_group_tests_name("xen-boot", tests, NULL, NULL);

    world_reset();
    tree_free();
    return failed;
}
