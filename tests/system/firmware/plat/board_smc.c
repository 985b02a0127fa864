/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The SiP service of the emulated board: which function ID is which agent, and
 * some that answer as no firmware should. Runs one call at a time.
 */

#include <common/runtime_svc.h>
#include <context.h>
#include <drivers/scmi-msg.h>
#include <drivers/scmi.h>
#include <lib/spinlock.h>
#include <lib/utils.h>
#include <smccc_helpers.h>

#include "board_scmi.h"

/* The first words of a channel's page (Arm DEN0056, section 5.1.2). */
#define PAGE_STATUS		1U
#define PAGE_LENGTH		5U
#define PAGE_HEADER		6U
#define PAGE_PAYLOAD		7U

#define PAGE_STATUS_FREE	(1U << 0)

/* A range of function IDs, and the agents that they stand for. */
static const struct {
	uint32_t function_id;
	unsigned int count;
	unsigned int agent_id;
	enum board_mode mode;
} doors[] = {
	{ BOARD_FUNCTION_ID + 1U, BOARD_AGENTS, 1U, BOARD_MODE_NORMAL },
	{ 0x820000f0U, 1U, BOARD_AGENT_TRUSTED, BOARD_MODE_GARBAGE },
	{ 0x820000f1U, 1U, BOARD_AGENT_TRUSTED, BOARD_MODE_SILENT },
	{ 0x820000f2U, 1U, BOARD_AGENT_TRUSTED, BOARD_MODE_NOTHING_SUPPORTED },
	{ 0x820000f3U, 1U, BOARD_AGENT_TRUSTED, BOARD_MODE_NO_PERMISSIONS },
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

static volatile uint32_t *page(unsigned int agent_id)
{
	return (volatile uint32_t *)channels[agent_id].shm_addr;
}

/* Finds who calls, and how to answer; false if the function ID is not ours. */
static bool identify(struct board_call *call)
{
	unsigned int n;

	for (n = 0U; n < ARRAY_SIZE(doors); n++) {
		uint32_t offset = call->function_id - doors[n].function_id;

		if (offset < doors[n].count) {
			call->agent_id = doors[n].agent_id + offset;
			call->mode = doors[n].mode;
			return true;
		}
	}
	return false;
}

/*
 * The channel looks free and the message done, but another message's, and of
 * an impossible length.
 */
static void write_garbage(unsigned int agent_id)
{
	volatile uint32_t *word = page(agent_id);
	unsigned int n;

	for (n = 0U; n < BOARD_PAGE_SIZE / sizeof(*word); n++)
		word[n] = 0xdeadbeefU * (n + 1U);
	word[PAGE_LENGTH] = 0x7ffffff0U;
	word[PAGE_PAYLOAD] = SCMI_SUCCESS;
	word[PAGE_STATUS] = PAGE_STATUS_FREE;
}

static void misbehave(void)
{
	unsigned int agent_id = board_call.agent_id;

	board_log("fault agent=%u fid=0x%x x7=0x%lx header=0x%x", agent_id,
		  board_call.function_id, board_call.x[7], page(agent_id)[PAGE_HEADER]);
	if (board_call.mode == BOARD_MODE_GARBAGE)
		write_garbage(agent_id);
}

static void serve(void)
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
}

/* Commands to the board itself, from outside of it. */
static void take_commands(void)
{
	int c;

	while ((c = board_log_receive()) >= 0) {
		if (c == 'd')
			board_log_state(true);
	}
}

static uintptr_t board_smc(uint32_t function_id, u_register_t x1, u_register_t x2,
			   u_register_t x3, u_register_t x4, void *cookie, void *handle,
			   u_register_t flags)
{
	bool known;

	spin_lock(&lock);
	take_commands();
	board_call = (struct board_call){
		.function_id = function_id,
		.x = { function_id, x1, x2, x3, x4, SMC_GET_GP(handle, CTX_GPREG_X5),
		       SMC_GET_GP(handle, CTX_GPREG_X6), SMC_GET_GP(handle, CTX_GPREG_X7) },
	};
	known = identify(&board_call);
	if (!known)
		board_log("unknown fid=0x%x x7=0x%lx", function_id, board_call.x[7]);
	else if (board_call.mode == BOARD_MODE_GARBAGE || board_call.mode == BOARD_MODE_SILENT)
		misbehave();
	else
		serve();
	spin_unlock(&lock);
	SMC_RET1(handle, known ? SMC_OK : SMC_UNK);
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

DECLARE_RT_SVC(board_scmi, OEN_SIP_START, OEN_SIP_END, SMC_TYPE_FAST, board_setup, board_smc);
