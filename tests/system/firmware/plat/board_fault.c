/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults that are switched on and off from outside, for one agent each, and
 * the commands that do so: lines on the secure UART, see README.md.
 */

#include <stdlib.h>
#include <string.h>

#include <drivers/scmi.h>
#include <lib/utils_def.h>

#include "board_scmi.h"

#define WORDS_MAX	5U

static const char *const names[] = {
	[BOARD_FAULT_GARBAGE] = "garbage",
	[BOARD_FAULT_SILENT] = "silent",
	[BOARD_FAULT_STATUS] = "status",
	[BOARD_FAULT_OLD] = "old",
	[BOARD_FAULT_SMCCC] = "smccc",
	[BOARD_FAULT_TOKEN] = "token",
	[BOARD_FAULT_MESSAGE] = "message",
	[BOARD_FAULT_LENGTH] = "length",
	[BOARD_FAULT_ERROR] = "error",
	[BOARD_FAULT_NTH] = "nth",
	[BOARD_FAULT_NO_RESET] = "no-reset",
	[BOARD_FAULT_RESET] = "reset",
	[BOARD_FAULT_SLOW] = "slow",
	[BOARD_FAULT_IDENTITY] = "identity",
};

static struct board_fault faults[BOARD_AGENTS + 1U];

/* Calls that are still to be answered; none if their function ID is 0. */
static struct board_call later[BOARD_AGENTS + 1U];

struct board_fault board_fault_of(unsigned int agent_id, struct board_fault otherwise)
{
	return faults[agent_id].kind != BOARD_FAULT_NONE ? faults[agent_id] : otherwise;
}

void board_keep_for_later(void)
{
	if (faults[board_call.agent_id].kind == BOARD_FAULT_SILENT)
		later[board_call.agent_id] = board_call;
}

bool board_fault_counts_down(void)
{
	struct board_fault *fault = &faults[board_call.agent_id];

	if (fault->kind != BOARD_FAULT_NTH || fault->a == 0U || --fault->a != 0U)
		return false;
	fault->kind = BOARD_FAULT_NONE;
	return true;
}

/*
 * The channel looks free and the message done, but another message's, and of
 * an impossible length.
 */
static void write_garbage(volatile uint32_t *page)
{
	unsigned int n;

	for (n = 0U; n < BOARD_PAGE_SIZE / sizeof(*page); n++)
		page[n] = 0xdeadbeefU * (n + 1U);
	page[PAGE_LENGTH] = 0x7ffffff0U;
	page[PAGE_PAYLOAD] = SCMI_SUCCESS;
	page[PAGE_STATUS] = PAGE_STATUS_FREE;
}

bool board_spoil(volatile uint32_t *page)
{
	switch (board_call.fault.kind) {
	case BOARD_FAULT_GARBAGE:
		write_garbage(page);
		return true;
	case BOARD_FAULT_TOKEN:
		page[PAGE_HEADER] += 1U << 18;
		return true;
	case BOARD_FAULT_MESSAGE:
		page[PAGE_HEADER] ^= 1U;
		return true;
	case BOARD_FAULT_LENGTH:
		page[PAGE_LENGTH] = board_call.fault.a;
		return true;
	case BOARD_FAULT_ERROR:
		page[PAGE_STATUS] |= PAGE_STATUS_ERROR;
		return true;
	default:
		return false;
	}
}

/* ---- Commands ------------------------------------------------------------- */

static void answer_late(unsigned int agent_id)
{
	if (later[agent_id].function_id == 0U)
		return;
	board_call = later[agent_id];
	board_call.fault = faults[agent_id];
	later[agent_id].function_id = 0U;
	board_log("late agent=%u", agent_id);
	(void)board_serve();
}

/* Agent 0: all of them. */
static void set_fault(unsigned int agent_id, struct board_fault fault)
{
	unsigned int n;

	board_log("set agent=%u fault=%u a=0x%x b=0x%x", agent_id, fault.kind, fault.a,
		  fault.b);
	for (n = 1U; n <= BOARD_AGENTS; n++) {
		if (agent_id != 0U && agent_id != n)
			continue;
		faults[n] = fault;
		answer_late(n);
	}
}

/* "fault AGENT NAME [A [B]]" without its first word */
static bool take_fault(char *const *words, unsigned int count)
{
	unsigned long agent_id = strtoul(words[0], NULL, 0);
	struct board_fault fault = { BOARD_FAULT_NONE };
	unsigned int n;

	for (n = 1U; n < ARRAY_SIZE(names); n++) {
		if (strcmp(words[1], names[n]) == 0)
			fault.kind = (enum board_fault_kind)n;
	}
	if (fault.kind == BOARD_FAULT_NONE || agent_id == 0U || agent_id > BOARD_AGENTS)
		return false;
	if (count > 2U)
		fault.a = (uint32_t)strtol(words[2], NULL, 0);
	if (count > 3U)
		fault.b = (uint32_t)strtol(words[3], NULL, 0);
	set_fault((unsigned int)agent_id, fault);
	return true;
}

static bool obey(char *line)
{
	static const struct board_fault none;
	char *words[WORDS_MAX];
	unsigned int count = 0U;

	while (count < WORDS_MAX) {
		while (*line == ' ')
			*line++ = '\0';
		if (*line == '\0')
			break;
		words[count++] = line;
		while (*line != '\0' && *line != ' ')
			line++;
	}
	if (*line != '\0' || count == 0U)
		return false;
	if (count == 1U && strcmp(words[0], "d") == 0)
		board_log_state(true);
	else if (count == 1U && strcmp(words[0], "off") == 0)
		set_fault(0U, none);
	else if (count >= 3U && strcmp(words[0], "fault") == 0)
		return take_fault(words + 1, count - 1U);
	else
		return false;
	return true;
}

void board_take_commands(void)
{
	/* A line may come in pieces. */
	static char line[64];
	static unsigned int length;
	int c;

	while ((c = board_log_receive()) >= 0) {
		if (c != '\n') {
			line[length] = (char)c;
			length = MIN(length + 1U, (unsigned int)sizeof(line) - 1U);
			continue;
		}
		line[length] = '\0';
		if (length == sizeof(line) - 1U || !obey(line))
			board_log("what length=%u", length);
		length = 0U;
	}
}
