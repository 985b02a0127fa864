/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The SiP service of the emulated board: which function ID is which agent, and
 * some that answer as no firmware should, on the trusted agent's page.
 */

#include <common/runtime_svc.h>
#include <context.h>
#include <drivers/scmi-msg.h>
#include <drivers/scmi.h>
#include <lib/spinlock.h>
#include <lib/utils.h>
#include <smccc_helpers.h>

#include "board_scmi.h"

static const struct {
	uint32_t function_id;
	enum board_mode mode;
} faults[] = {
	{ 0x820000f0U, BOARD_MODE_GARBAGE },
	{ 0x820000f1U, BOARD_MODE_SILENT },
	{ 0x820000f2U, BOARD_MODE_NOTHING_SUPPORTED },
	{ 0x820000f3U, BOARD_MODE_NO_PERMISSIONS },
};

struct board_call board_call;

/* Guards all state of the platform, board_call included. */
static spinlock_t lock;

static struct scmi_msg_channel channels[BOARD_AGENTS + 1U];

struct scmi_msg_channel *plat_scmi_get_channel(unsigned int agent_id)
{
	return agent_id >= 1U && agent_id <= BOARD_AGENTS ? &channels[agent_id] : NULL;
}

size_t plat_scmi_protocol_count(void)
{
	return 3U;
}

const uint8_t *plat_scmi_protocol_list(unsigned int agent_id)
{
	static const uint8_t protocols[] = {
		SCMI_PROTOCOL_ID_POWER_DOMAIN, SCMI_PROTOCOL_ID_CLOCK,
		SCMI_PROTOCOL_ID_RESET_DOMAIN, 0U,
	};

	return protocols;
}

const char *plat_scmi_vendor_name(void)
{
	return "scmi-med";
}

const char *plat_scmi_sub_vendor_name(void)
{
	return "board";
}

/* Returns the agent, or 0; sets the mode. */
static unsigned int agent_of(uint32_t function_id, enum board_mode *mode)
{
	unsigned int n;

	*mode = BOARD_MODE_NORMAL;
	if (function_id > BOARD_FUNCTION_ID &&
	    function_id <= BOARD_FUNCTION_ID + BOARD_AGENTS)
		return function_id - BOARD_FUNCTION_ID;
	for (n = 0U; n < ARRAY_SIZE(faults); n++) {
		if (faults[n].function_id == function_id) {
			*mode = faults[n].mode;
			return BOARD_AGENT_TRUSTED;
		}
	}
	return 0U;
}

static void write_garbage(unsigned int agent_id)
{
	volatile uint32_t *word = (void *)channels[agent_id].shm_addr;
	unsigned int n;

	for (n = 0U; n < BOARD_PAGE_SIZE / sizeof(*word); n++)
		word[n] = 0xdeadbeefU * (n + 1U) | 1U;
}

static uintptr_t board_smc(uint32_t function_id, u_register_t x1, u_register_t x2,
			   u_register_t x3, u_register_t x4, void *cookie, void *handle,
			   u_register_t flags)
{
	enum board_mode mode;
	unsigned int agent_id = agent_of(function_id, &mode);
	u_register_t x7 = SMC_GET_GP(handle, CTX_GPREG_X7);

	spin_lock(&lock);
	if (agent_id == 0U) {
		board_log("unknown fid=0x%x x7=0x%lx", function_id, x7);
		spin_unlock(&lock);
		SMC_RET1(handle, SMC_UNK);
	}
	board_call = (struct board_call){
		.mode = mode, .function_id = function_id, .x = { function_id, x1, x2, x3, x4 },
	};
	board_call.x[7] = x7;
	if (mode == BOARD_MODE_GARBAGE)
		write_garbage(agent_id);
	else if (mode != BOARD_MODE_SILENT)
		scmi_smt_fastcall_smc_entry(agent_id);
	spin_unlock(&lock);
	SMC_RET1(handle, SMC_OK);
}

static int32_t board_setup(void)
{
	unsigned int n;

	for (n = 1U; n <= BOARD_AGENTS; n++) {
		channels[n].shm_addr = BOARD_PAGES_BASE + (n - 1U) * BOARD_PAGE_SIZE;
		channels[n].shm_size = SMT_BUF_SLOT_SIZE;
		zeromem((void *)channels[n].shm_addr, BOARD_PAGE_SIZE);
		scmi_smt_init_agent_channel(&channels[n]);
	}
	return 0;
}

DECLARE_RT_SVC(board_scmi, OEN_SIP_START, OEN_SIP_END, SMC_TYPE_FAST, board_setup, board_smc);
