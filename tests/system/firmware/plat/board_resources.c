/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices, the resources each has, which agent may use them, and what it did
 * with them; and TF-A's SCMI drivers' view of it (plat_scmi_*).
 *
 * Everything is denied until the trusted agent grants it. Who loses a
 * permission loses what he had switched on by it. Names, rates and states can
 * be read without permission, as a stock Linux reads those of every resource
 * before it uses one; nothing can be changed.
 */

#include <stddef.h>
#include <string.h>

#include <drivers/scmi-msg.h>
#include <drivers/scmi.h>
#include <lib/utils_def.h>

#include "board_scmi.h"

#define CLOCK_RATE	24000000UL
#define POWER_ON	0x0U
#define POWER_OFF	0x40000000U
#define RESET_COLD	0x0U

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

static const char *const agent_names[BOARD_AGENTS + 1U] = {
	"board", "dom0", "xen", "guest3", "guest4", "guest5", "guest6", "guest7", "guest8",
	"guest9", "guest10", "guest11", "guest12", "guest13", "guest14", "guest15", "guest16",
};

struct agent {
	uint32_t devices;			/* bit n: devices[n] is granted */
	uint8_t denied[ARRAY_SIZE(devices)];	/* bit n: not protocol 0x10 + n */
	uint32_t clocks;			/* bit n: has clock n on */
	uint32_t powers;			/* bit n: has power domain n on */
};

struct reset {
	bool asserted;
	unsigned int agent_id;			/* whose doing that is; 0: nobody's */
	unsigned int pulses;			/* how often it was reset at one go */
};

struct state {
	struct agent agents[BOARD_AGENTS + 1U];
	struct reset resets[BOARD_RESOURCES];
};

#define INITIAL { .resets = { [0 ... BOARD_RESOURCES - 1U] = { .asserted = true } } }

static struct state now = INITIAL;
static struct state shown = INITIAL;		/* as last printed */

const char *board_agent_name(unsigned int agent_id)
{
	return agent_names[agent_id];
}

/* ---- What is printed ------------------------------------------------------ */

static void log_agent(unsigned int agent_id)
{
	const struct agent *agent = &now.agents[agent_id];
	uint32_t denied = 0U;
	unsigned int n;

	for (n = 0U; n < ARRAY_SIZE(devices); n++)
		denied |= (uint32_t)agent->denied[n] << (8U * n);
	board_log("agent id=%u devices=0x%x denied=0x%x clocks=0x%x powers=0x%x", agent_id,
		  agent->devices, denied, agent->clocks, agent->powers);
}

/* Bit n: agent n has it on. */
static uint32_t clock_users(const struct state *state, unsigned int id)
{
	uint32_t users = 0U;
	unsigned int n;

	for (n = 1U; n <= BOARD_AGENTS; n++)
		users |= ((state->agents[n].clocks >> id) & 1U) << n;
	return users;
}

static uint32_t power_users(const struct state *state, unsigned int id)
{
	uint32_t users = 0U;
	unsigned int n;

	for (n = 1U; n <= BOARD_AGENTS; n++)
		users |= ((state->agents[n].powers >> id) & 1U) << n;
	return users;
}

static void log_resource(unsigned int id, bool everything)
{
	uint32_t clock = clock_users(&now, id), power = power_users(&now, id);
	const struct reset *reset = &now.resets[id];

	if (everything || clock != clock_users(&shown, id))
		board_log("clock id=%u on=%u agents=0x%x", id, clock != 0U ? 1U : 0U, clock);
	if (everything || power != power_users(&shown, id))
		board_log("power id=%u on=%u agents=0x%x", id, power != 0U ? 1U : 0U, power);
	if (everything || memcmp(reset, &shown.resets[id], sizeof(*reset)) != 0)
		board_log("reset id=%u asserted=%u pulses=%u agent=%u", id,
			  reset->asserted ? 1U : 0U, reset->pulses, reset->agent_id);
}

void board_log_state(bool everything)
{
	unsigned int n;

	if (everything)
		board_log("dump");
	for (n = 1U; n <= BOARD_AGENTS; n++) {
		if (everything ||
		    memcmp(&now.agents[n], &shown.agents[n], sizeof(now.agents[n])) != 0)
			log_agent(n);
	}
	for (n = 0U; n < BOARD_RESOURCES; n++)
		log_resource(n, everything);
	if (everything)
		board_log("end");
	memcpy(&shown, &now, sizeof(shown));
}

/* ---- Permissions ---------------------------------------------------------- */

/* Bit n: the agent may use what has the id n in this protocol. */
static uint32_t permitted(unsigned int agent_id, uint32_t protocol_id)
{
	const struct agent *agent = &now.agents[agent_id];
	uint32_t resources = 0U;
	unsigned int n;

	for (n = 0U; n < ARRAY_SIZE(devices); n++) {
		if ((agent->devices & BIT_32(n)) != 0U &&
		    (agent->denied[n] & BIT_32(protocol_id - SCMI_PROTOCOL_ID_BASE)) == 0U)
			resources |= BIT_32(devices[n].resource);
	}
	return resources;
}

static bool may_use(unsigned int agent_id, uint32_t protocol_id, unsigned int id)
{
	return (permitted(agent_id, protocol_id) & BIT_32(id)) != 0U;
}

static void set_reset(unsigned int agent_id, unsigned int id, bool asserted)
{
	now.resets[id].asserted = asserted;
	now.resets[id].agent_id = agent_id;
}

/* Asserts lines that an agent leaves behind, unless another one has them. */
static void leave_resets(unsigned int agent_id, uint32_t lines)
{
	uint32_t others = 0U;
	unsigned int n;

	for (n = 1U; n <= BOARD_AGENTS; n++) {
		if (n != agent_id)
			others |= permitted(n, SCMI_PROTOCOL_ID_RESET_DOMAIN);
	}
	for (n = 0U; n < BOARD_RESOURCES; n++) {
		if ((lines & ~others & BIT_32(n)) != 0U && !now.resets[n].asserted)
			set_reset(agent_id, n, true);
	}
}

/* Takes back what the agent had by a permission that it lost. */
static void take_back(unsigned int agent_id, uint32_t resets_before)
{
	struct agent *agent = &now.agents[agent_id];

	agent->clocks &= permitted(agent_id, SCMI_PROTOCOL_ID_CLOCK);
	agent->powers &= permitted(agent_id, SCMI_PROTOCOL_ID_POWER_DOMAIN);
	leave_resets(agent_id,
		     resets_before & ~permitted(agent_id, SCMI_PROTOCOL_ID_RESET_DOMAIN));
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

/* All protocols of the device: what was said of single ones is forgotten. */
bool board_set_device(unsigned int agent_id, uint32_t device_id, bool allow)
{
	struct agent *agent = &now.agents[agent_id];
	uint32_t resets = permitted(agent_id, SCMI_PROTOCOL_ID_RESET_DOMAIN);
	int n = find_device(device_id);

	if (n < 0)
		return false;
	agent->denied[n] = 0U;
	if (allow)
		agent->devices |= BIT_32(n);
	else
		agent->devices &= ~BIT_32(n);
	take_back(agent_id, resets);
	return true;
}

bool board_set_protocol(unsigned int agent_id, uint32_t device_id,
			uint32_t protocol_id, bool allow)
{
	struct agent *agent = &now.agents[agent_id];
	uint32_t resets = permitted(agent_id, SCMI_PROTOCOL_ID_RESET_DOMAIN);
	int n = find_device(device_id);

	if (n < 0 || (protocol_id != SCMI_PROTOCOL_ID_POWER_DOMAIN &&
		      protocol_id != SCMI_PROTOCOL_ID_CLOCK &&
		      protocol_id != SCMI_PROTOCOL_ID_RESET_DOMAIN))
		return false;
	if (allow)
		agent->denied[n] &= ~BIT_32(protocol_id - SCMI_PROTOCOL_ID_BASE);
	else
		agent->denied[n] |= BIT_32(protocol_id - SCMI_PROTOCOL_ID_BASE);
	take_back(agent_id, resets);
	return true;
}

void board_reset_agent(unsigned int agent_id, bool permissions)
{
	struct agent *agent = &now.agents[agent_id];

	leave_resets(agent_id, permitted(agent_id, SCMI_PROTOCOL_ID_RESET_DOMAIN));
	agent->clocks = 0U;
	agent->powers = 0U;
	if (permissions) {
		agent->devices = 0U;
		memset(agent->denied, 0, sizeof(agent->denied));
	}
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
	/* TF-A asks for the number first, then for those from start on. */
	if (rates == NULL)
		*count = 1U;
	else if (start == 0U && *count > 0U)
		rates[0] = CLOCK_RATE;
	else
		*count = 0U;
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
	return (now.agents[agent_id].clocks & BIT_32(id)) != 0U ? 1 : 0;
}

int32_t plat_scmi_clock_set_state(unsigned int agent_id, unsigned int id, bool enable)
{
	struct agent *agent = &now.agents[agent_id];

	if (!may_use(agent_id, SCMI_PROTOCOL_ID_CLOCK, id))
		return SCMI_DENIED;
	if (enable)
		agent->clocks |= BIT_32(id);
	else
		agent->clocks &= ~BIT_32(id);
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

/* Its own side here too: Linux fails if OFF does not read back as OFF. */
unsigned int plat_scmi_pd_get_state(unsigned int agent_id, unsigned int id)
{
	return (now.agents[agent_id].powers & BIT_32(id)) != 0U ? POWER_ON : POWER_OFF;
}

int32_t plat_scmi_pd_set_state(unsigned int agent_id, unsigned int flags,
			       unsigned int id, unsigned int state)
{
	struct agent *agent = &now.agents[agent_id];

	if (!may_use(agent_id, SCMI_PROTOCOL_ID_POWER_DOMAIN, id))
		return SCMI_DENIED;
	/* Flags: bit 0 is an asynchronous request, the others are reserved. */
	if (flags != 0U)
		return flags == 1U ? SCMI_NOT_SUPPORTED : SCMI_INVALID_PARAMETERS;
	if (state != POWER_ON && state != POWER_OFF)
		return SCMI_INVALID_PARAMETERS;
	if (state == POWER_ON)
		agent->powers |= BIT_32(id);
	else
		agent->powers &= ~BIT_32(id);
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
	if (state != RESET_COLD)
		return SCMI_INVALID_PARAMETERS;
	set_reset(agent_id, id, false);
	now.resets[id].pulses++;
	return SCMI_SUCCESS;
}

int32_t plat_scmi_rstd_set_state(unsigned int agent_id, unsigned int id, bool asserted)
{
	if (!may_use(agent_id, SCMI_PROTOCOL_ID_RESET_DOMAIN, id))
		return SCMI_DENIED;
	set_reset(agent_id, id, asserted);
	return SCMI_SUCCESS;
}
