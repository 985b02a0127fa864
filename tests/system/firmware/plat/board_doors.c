/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who calls: which function ID is which agent, or how its registers say it.
 * Firmware tells agents apart in one of three ways; this one knows all, each
 * in every range of function IDs that Linux and Xen may be told to call.
 */

#include <stddef.h>

#include <drivers/scmi.h>
#include <lib/utils_def.h>

#include "board_scmi.h"

/* SMC32 and SMC64 calls of the SiP range, then of the OEM range. */
#define FAMILY_MASK	0xff000000U
static const uint32_t families[] = {
	0x82000000U, 0xc2000000U, 0x83000000U, 0xc3000000U,
};

/*
 * The agent that a register speaks of, 0 if it is none. All 64 bits count:
 * nobody who calls for others may leave anything of theirs in them.
 */
static unsigned int by_client_id(const struct board_call *call)
{
	if (call->x[7] == 0U)
		return BOARD_AGENT_TRUSTED;
	return call->x[7] <= BOARD_AGENTS ? (unsigned int)call->x[7] : 0U;
}

static unsigned int by_page(const struct board_call *call)
{
	uint64_t n = call->x[1] - (BOARD_PAGES_BASE >> 12);

	return n < BOARD_AGENTS && call->x[2] == 0U ? (unsigned int)n + 1U : 0U;
}

/* Ranges of function IDs, and the agents that they stand for. */
static const struct {
	uint32_t function_id;
	unsigned int count;
	unsigned int agent_id;				/* of the first */
	unsigned int (*find)(const struct board_call *call);	/* or this */
	struct board_fault fault;
} doors[] = {
	{ .function_id = 0x11U, .count = BOARD_AGENTS, .agent_id = 1U },
	{ .function_id = 0x31U, .count = BOARD_AGENTS, .agent_id = 1U,
	  .fault = { BOARD_FAULT_IDENTITY, 99U } },
	{ .function_id = 0x100U, .count = 1U, .find = by_client_id },
	{ .function_id = 0x101U, .count = 1U, .find = by_page },
#define FAULTY(id, ...) { .function_id = (id), .count = 1U, \
			  .agent_id = BOARD_AGENT_TRUSTED, .fault = { __VA_ARGS__ } }
	FAULTY(0xf0U, BOARD_FAULT_GARBAGE),
	FAULTY(0xf1U, BOARD_FAULT_SILENT),
	FAULTY(0xf2U, BOARD_FAULT_STATUS, (uint32_t)SCMI_NOT_SUPPORTED),
	FAULTY(0xf3U, BOARD_FAULT_OLD),
	FAULTY(0xf4U, BOARD_FAULT_STATUS, (uint32_t)SCMI_BUSY),
	FAULTY(0xf5U, BOARD_FAULT_TOKEN),
	FAULTY(0xf6U, BOARD_FAULT_MESSAGE),
	FAULTY(0xf7U, BOARD_FAULT_LENGTH, 4U),
	FAULTY(0xf8U, BOARD_FAULT_LENGTH, 100U),
	FAULTY(0xf9U, BOARD_FAULT_LENGTH, 0xffffffffU),
	FAULTY(0xfaU, BOARD_FAULT_ERROR),
	FAULTY(0xfbU, BOARD_FAULT_NO_RESET),
	FAULTY(0xfcU, BOARD_FAULT_RESET, (uint32_t)SCMI_GENERIC_ERROR),
	FAULTY(0xfdU, BOARD_FAULT_SLOW, 5U),
	FAULTY(0xfeU, BOARD_FAULT_SMCCC, 0xfffffffeU),
};

static bool is_ours(uint32_t function_id)
{
	unsigned int n;

	for (n = 0U; n < ARRAY_SIZE(families); n++) {
		if ((function_id & FAMILY_MASK) == families[n])
			return true;
	}
	return false;
}

bool board_identify(struct board_call *call)
{
	uint32_t id = call->function_id & ~FAMILY_MASK;
	unsigned int n;

	for (n = 0U; is_ours(call->function_id) && n < ARRAY_SIZE(doors); n++) {
		if (id - doors[n].function_id >= doors[n].count)
			continue;
		call->agent_id = doors[n].find != NULL
				 ? doors[n].find(call)
				 : doors[n].agent_id + id - doors[n].function_id;
		if (call->agent_id == 0U)
			return false;
		call->fault = board_fault_of(call->agent_id, doors[n].fault);
		return true;
	}
	return false;
}
