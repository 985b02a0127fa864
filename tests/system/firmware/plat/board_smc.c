/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The SiP and the OEM service of the emulated board: one call at a time, from
 * the registers to the answer, or to what goes wrong with it.
 */

#include <arch_helpers.h>
#include <common/runtime_svc.h>
#include <context.h>
#include <drivers/scmi-msg.h>
#include <drivers/scmi.h>
#include <lib/spinlock.h>
#include <lib/utils.h>
#include <smccc_helpers.h>

#include "board_scmi.h"

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

static volatile uint32_t *page(unsigned int agent_id)
{
	return (volatile uint32_t *)channels[agent_id].shm_addr;
}

static void wait_ms(uint32_t ms)
{
	uint64_t end = read_cntpct_el0() + (uint64_t)ms * read_cntfrq_el0() / 1000U;

	while (read_cntpct_el0() < end)
		;
}

/* Through TF-A's transport, which calls board_process_message(). */
static void answer(void)
{
	unsigned int agent_id = board_call.agent_id;
	uint32_t status = page(agent_id)[PAGE_STATUS];
	uint32_t length = page(agent_id)[PAGE_LENGTH];

	/* After a message of a bad length TF-A's transport never clears it. */
	channels[agent_id].busy = false;
	scmi_smt_fastcall_smc_entry(agent_id);
	if (!board_call.served)
		board_log("bad agent=%u fid=0x%x x7=0x%lx channel=0x%x length=0x%x", agent_id,
			  board_call.function_id, board_call.x[7], status, length);
	board_log_state(false);
	if (board_call.served && board_spoil(page(agent_id)))
		board_log("spoiled agent=%u fault=%u channel=0x%x length=0x%x header=0x%x",
			  agent_id, board_call.fault.kind, page(agent_id)[PAGE_STATUS],
			  page(agent_id)[PAGE_LENGTH], page(agent_id)[PAGE_HEADER]);
}

uint32_t board_serve(void)
{
	const struct board_fault *fault = &board_call.fault;

	if (fault->kind == BOARD_FAULT_SLOW)
		wait_ms(fault->a);
	if (fault->kind != BOARD_FAULT_GARBAGE && fault->kind != BOARD_FAULT_SILENT &&
	    fault->kind != BOARD_FAULT_SMCCC) {
		answer();
		return SMC_OK;
	}
	board_log("fault agent=%u fid=0x%x x7=0x%lx fault=%u header=0x%x",
		  board_call.agent_id, board_call.function_id, board_call.x[7], fault->kind,
		  page(board_call.agent_id)[PAGE_HEADER]);
	if (fault->kind == BOARD_FAULT_GARBAGE)
		(void)board_spoil(page(board_call.agent_id));
	else if (fault->kind == BOARD_FAULT_SILENT)
		board_keep_for_later();
	return fault->kind == BOARD_FAULT_SMCCC ? fault->a : SMC_OK;
}

static uintptr_t board_smc(uint32_t function_id, u_register_t x1, u_register_t x2,
			   u_register_t x3, u_register_t x4, void *cookie, void *handle,
			   u_register_t flags)
{
	uint32_t result = SMC_UNK;

	spin_lock(&lock);
	board_take_commands();
	board_call = (struct board_call){
		.function_id = function_id,
		.x = { function_id, x1, x2, x3, x4, SMC_GET_GP(handle, CTX_GPREG_X5),
		       SMC_GET_GP(handle, CTX_GPREG_X6), SMC_GET_GP(handle, CTX_GPREG_X7) },
	};
	if (board_identify(&board_call))
		result = board_serve();
	else
		board_log("unknown fid=0x%x x1=0x%lx x2=0x%lx x7=0x%lx", function_id, x1, x2,
			  board_call.x[7]);
	spin_unlock(&lock);
	/* As the SMC Calling Convention has it: a 32-bit result, extended. */
	SMC_RET1(handle, (u_register_t)(int64_t)(int32_t)result);
}

static int32_t board_setup(void)
{
	unsigned int n;

	board_log_setup();
	for (n = 1U; n <= BOARD_AGENTS; n++) {
		channels[n].shm_addr = BOARD_PAGES_BASE + (n - 1U) * BOARD_PAGE_SIZE;
		channels[n].shm_size = SMT_BUF_SLOT_SIZE;
		zeromem((void *)channels[n].shm_addr, BOARD_PAGE_SIZE);
		scmi_smt_init_agent_channel(&channels[n]);
	}
	return 0;
}

DECLARE_RT_SVC(board_sip, OEN_SIP_START, OEN_SIP_END, SMC_TYPE_FAST, board_setup, board_smc);
DECLARE_RT_SVC(board_oem, OEN_OEM_START, OEN_OEM_END, SMC_TYPE_FAST, NULL, board_smc);
