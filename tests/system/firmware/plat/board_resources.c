/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices, the resources each has, which agent may use them, and what it did
 * with them; and TF-A's SCMI drivers' view of it (plat_scmi_*).
 *
 * Everything is denied until the trusted agent grants it. Whoever loses a
 * permission loses what he had switched on by it.
 */

#include <stddef.h>

#include <drivers/scmi-msg.h>
#include <drivers/scmi.h>
#include <lib/utils_def.h>

#include "board_scmi.h"

#define CLOCK_RATE	24000000UL
#define POWER_ON	0x0U
#define POWER_OFF	0x40000000U

/* One clock, power domain and reset each, all of the same id. */
static const struct device {
	uint32_t device_id;
	unsigned int resource;
} devices[] = {
	{ 10, 1 },	/* real-time clock */
	{ 11, 2 },	/* GPIO controller */
	{ 12, 0 },	/* Dom0's */
};

static const char *const resource_names[BOARD_RESOURCES] = {
	"system", "rtc", "gpio",
};

static struct agent {
	uint32_t devices;			/* bit n: devices[n] is granted */
	uint32_t denied[ARRAY_SIZE(devices)];	/* bit n: not protocol 0x10 + n */
	uint32_t clocks;			/* bit n: has clock n on */
	uint32_t powers;			/* bit n: has power domain n on */
} agents[BOARD_AGENTS + 1U];

/* Lines nobody has released. */
static uint32_t resets_asserted = (1U << BOARD_RESOURCES) - 1U;

static const char *const agent_names[BOARD_AGENTS + 1U] = {
	"board", "dom0", "xen", "guest1", "guest2", "guest3", "guest4",
	"guest5", "guest6", "guest7", "guest8", "guest9", "guest10", "guest11",
	"guest12", "guest13", "guest14",
};

const char *board_agent_name(unsigned int agent_id)
{
	return agent_names[agent_id];
}

static void log_agent(unsigned int agent_id)
{
	struct agent *agent = &agents[agent_id];

	board_log("agent id=%u devices=0x%x clocks=0x%x powers=0x%x", agent_id,
		  agent->devices, agent->clocks, agent->powers);
}

static void set_reset(unsigned int agent_id, unsigned int id, bool asserted)
{
	if (asserted)
		resets_asserted |= BIT_32(id);
	else
		resets_asserted &= ~BIT_32(id);
	board_log("reset id=%u asserted=%u agent=%u", id, (unsigned int)asserted, agent_id);
}

static bool may_use(unsigned int agent_id, uint32_t protocol_id, unsigned int id)
{
	struct agent *agent = &agents[agent_id];
	unsigned int n;

	for (n = 0U; n < ARRAY_SIZE(devices); n++) {
		if ((agent->devices & BIT_32(n)) != 0U && devices[n].resource == id &&
		    (agent->denied[n] & BIT_32(protocol_id - 0x10U)) == 0U)
			return true;
	}
	return false;
}

/* Takes back what the agent has on and may not use any more. */
static void drop_unpermitted(unsigned int agent_id)
{
	struct agent *agent = &agents[agent_id];
	unsigned int id;

	for (id = 0U; id < BOARD_RESOURCES; id++) {
		if (!may_use(agent_id, SCMI_PROTOCOL_ID_CLOCK, id))
			agent->clocks &= ~BIT_32(id);
		if (!may_use(agent_id, SCMI_PROTOCOL_ID_POWER_DOMAIN, id))
			agent->powers &= ~BIT_32(id);
	}
}

static int find_device(uint32_t device_id)
{
	unsigned int n;

	for (n = 0U; n < ARRAY_SIZE(devices); n++) {
		if (devices[n].device_id == device_id)
			return (int)n;
	}
	return -1;
}

bool board_set_device(unsigned int agent_id, uint32_t device_id, bool allow)
{
	struct agent *agent = &agents[agent_id];
	int n = find_device(device_id);

	if (n < 0)
		return false;
	agent->denied[n] = 0U;
	if (allow) {
		agent->devices |= BIT_32(n);
	} else {
		if ((agent->devices & BIT_32(n)) != 0U)
			set_reset(agent_id, devices[n].resource, true);
		agent->devices &= ~BIT_32(n);
	}
	drop_unpermitted(agent_id);
	log_agent(agent_id);
	return true;
}

bool board_set_protocol(unsigned int agent_id, uint32_t device_id,
			uint32_t protocol_id, bool allow)
{
	struct agent *agent = &agents[agent_id];
	int n = find_device(device_id);

	if (n < 0 || protocol_id < SCMI_PROTOCOL_ID_POWER_DOMAIN ||
	    protocol_id > SCMI_PROTOCOL_ID_RESET_DOMAIN)
		return false;
	if (allow)
		agent->denied[n] &= ~BIT_32(protocol_id - 0x10U);
	else
		agent->denied[n] |= BIT_32(protocol_id - 0x10U);
	drop_unpermitted(agent_id);
	log_agent(agent_id);
	return true;
}

void board_reset_agent(unsigned int agent_id, bool permissions)
{
	struct agent *agent = &agents[agent_id];
	unsigned int n;

	agent->clocks = 0U;
	agent->powers = 0U;
	for (n = 0U; n < ARRAY_SIZE(devices); n++) {
		if ((agent->devices & BIT_32(n)) != 0U)
			set_reset(agent_id, devices[n].resource, true);
		if (permissions)
			agent->denied[n] = 0U;
	}
	if (permissions)
		agent->devices = 0U;
	log_agent(agent_id);
}

/* ---- Clocks --------------------------------------------------------------- */

size_t plat_scmi_clock_count(unsigned int agent_id)
{
	return BOARD_RESOURCES;
}

const char *plat_scmi_clock_get_name(unsigned int agent_id, unsigned int id)
{
	return resource_names[id];
}

int32_t plat_scmi_clock_rates_array(unsigned int agent_id, unsigned int id,
				    unsigned long *rates, size_t *count, uint32_t start)
{
	if (start > 1U)
		return SCMI_OUT_OF_RANGE;
	if (rates != NULL && *count > 0U)
		rates[0] = CLOCK_RATE;
	else
		*count = 1U;
	return SCMI_SUCCESS;
}

unsigned long plat_scmi_clock_get_rate(unsigned int agent_id, unsigned int id)
{
	return CLOCK_RATE;
}

int32_t plat_scmi_clock_set_rate(unsigned int agent_id, unsigned int id, unsigned long rate)
{
	if (!may_use(agent_id, SCMI_PROTOCOL_ID_CLOCK, id))
		return SCMI_DENIED;
	return rate == CLOCK_RATE ? SCMI_SUCCESS : SCMI_INVALID_PARAMETERS;
}

/* An agent sees its own side of a shared clock. */
int32_t plat_scmi_clock_get_state(unsigned int agent_id, unsigned int id)
{
	return (agents[agent_id].clocks & BIT_32(id)) != 0U ? 1 : 0;
}

int32_t plat_scmi_clock_set_state(unsigned int agent_id, unsigned int id, bool enable)
{
	struct agent *agent = &agents[agent_id];

	if (!may_use(agent_id, SCMI_PROTOCOL_ID_CLOCK, id))
		return SCMI_DENIED;
	if (enable)
		agent->clocks |= BIT_32(id);
	else
		agent->clocks &= ~BIT_32(id);
	log_agent(agent_id);
	return SCMI_SUCCESS;
}

/* ---- Power domains -------------------------------------------------------- */

size_t plat_scmi_pd_count(unsigned int agent_id)
{
	return BOARD_RESOURCES;
}

const char *plat_scmi_pd_get_name(unsigned int agent_id, unsigned int id)
{
	return resource_names[id];
}

unsigned int plat_scmi_pd_get_state(unsigned int agent_id, unsigned int id)
{
	return (agents[agent_id].powers & BIT_32(id)) != 0U ? POWER_ON : POWER_OFF;
}

int32_t plat_scmi_pd_set_state(unsigned int agent_id, unsigned int flags,
			       unsigned int id, unsigned int state)
{
	struct agent *agent = &agents[agent_id];

	if (!may_use(agent_id, SCMI_PROTOCOL_ID_POWER_DOMAIN, id))
		return SCMI_DENIED;
	if (state != POWER_ON && state != POWER_OFF)
		return SCMI_INVALID_PARAMETERS;
	if (state == POWER_ON)
		agent->powers |= BIT_32(id);
	else
		agent->powers &= ~BIT_32(id);
	log_agent(agent_id);
	return SCMI_SUCCESS;
}

/* ---- Resets --------------------------------------------------------------- */

size_t plat_scmi_rstd_count(unsigned int agent_id)
{
	return BOARD_RESOURCES;
}

const char *plat_scmi_rstd_get_name(unsigned int agent_id, unsigned int id)
{
	return resource_names[id];
}

int32_t plat_scmi_rstd_autonomous(unsigned int agent_id, unsigned int id, unsigned int state)
{
	if (!may_use(agent_id, SCMI_PROTOCOL_ID_RESET_DOMAIN, id))
		return SCMI_DENIED;
	set_reset(agent_id, id, true);
	set_reset(agent_id, id, false);
	return SCMI_SUCCESS;
}

int32_t plat_scmi_rstd_set_state(unsigned int agent_id, unsigned int id, bool asserted)
{
	if (!may_use(agent_id, SCMI_PROTOCOL_ID_RESET_DOMAIN, id))
		return SCMI_DENIED;
	set_reset(agent_id, id, asserted);
	return SCMI_SUCCESS;
}
