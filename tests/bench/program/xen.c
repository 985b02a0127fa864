// SPDX-License-Identifier: GPL-2.0-or-later
/* As Dom0: binds the guests to agents. As any domain: sleeps. */
#include "bench.h"
#include "scmi-med.h"

#define HYPERCALL_SCHED_OP  29
#define SCHEDOP_POLL        3

/* The limit on calls is not what is measured; above 10^9 there is none. */
#define NO_LIMIT            0xffffffffu

static struct scmi_med_op op;

static void command(unsigned cmd, const char *what)
{
    long rc;

    op.version = SCMI_MED_VERSION;
    rc = hypercall(SCMI_MED_HYPERCALL, cmd, (uintptr_t)&op, 0);
    if (rc) {
        fail(what, (uint64_t)-rc);
    }
}

static void assign(unsigned domid, unsigned agent)
{
    op = (struct scmi_med_op){
        .domid = domid, .agent_id = agent, .u.guest_frame = GUEST_PAGE >> 12,
    };
    command(SCMI_MED_OP_assign, "assign:-errno");
}

static void lift_limit(unsigned agent)
{
    op = (struct scmi_med_op){ .agent_id = agent, .u.rate = NO_LIMIT };
    command(SCMI_MED_OP_set_rate, "set_rate:-errno");
}

/* Of one entry of Xen's table. */
static const struct scmi_med_agent *get_agent(unsigned index)
{
    op = (struct scmi_med_op){ .u.agent.index = index };
    command(SCMI_MED_OP_get_agent, "get_agent:-errno");
    return &op.u.agent;
}

static const struct scmi_med_info *get_info(void)
{
    op = (struct scmi_med_op){ 0 };
    command(SCMI_MED_OP_info, "info:-errno");
    return &op.u.info;
}

void xen_print_info(void)
{
    const struct scmi_med_info *info = get_info();

    line("info");
    pair("agents", info->nr_agents);
    pair("features", info->features);
    line_end();
}

/* The first guest is the one that measures; it gets always the same agent. */
void xen_bind_guests(unsigned guests)
{
    unsigned n, bound = 0, agents;

    for (n = 1; n <= guests; n++) {
        assign(n, n == 1 ? AGENT_GUEST : n + 1);
    }
    lift_limit(AGENT_DOM0);
    lift_limit(AGENT_GUEST);

    if (get_info()->function_id != FUNCTION_ID(AGENT_DOM0)) {
        fail("function-ID-that-domains-call", op.u.info.function_id);
    }
    agents = get_info()->nr_agents;
    for (n = 0; n < agents; n++) {
        bound += !!(get_agent(n)->flags & SCMI_MED_AGENT_BOUND);
    }
    line("bound");
    pair("agents", bound);
    line_end();
}

uint64_t xen_calls(unsigned agent)
{
    unsigned n, agents = get_info()->nr_agents;

    for (n = 0; n < agents; n++) {
        if (get_agent(n)->agent_id == agent) {
            return op.u.agent.calls;
        }
    }
    fail("agent-that-Xen-does-not-know", agent);
}

/* Time since Xen's boot. */
void xen_sleep_until(uint64_t ns)
{
    struct {
        const uint32_t *ports;
        unsigned nr_ports;
        uint64_t timeout;
    } poll = { .timeout = ns };
    long rc = hypercall(HYPERCALL_SCHED_OP, SCHEDOP_POLL, (uintptr_t)&poll, 0);

    if (rc) {
        fail("sleep:-errno", (uint64_t)-rc);
    }
}
