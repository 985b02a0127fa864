/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SCMI platform of the emulated board: what its files share. */

#ifndef BOARD_SCMI_H
#define BOARD_SCMI_H

#include <stdbool.h>
#include <stdint.h>

/* Agents have the ids 1 .. 16; 0 is the platform itself. */
#define BOARD_AGENTS            16U
#define BOARD_AGENT_TRUSTED     2U

/* Agent N has page N - 1 of these, in the last MiB of non-secure memory. */
#define BOARD_PAGES_BASE        0xbff00000UL
#define BOARD_PAGE_SIZE         0x1000UL

/* The first words of a channel's page (Arm DEN0056, section 5.1.2). */
#define PAGE_STATUS		1U
#define PAGE_LENGTH		5U
#define PAGE_HEADER		6U
#define PAGE_PAYLOAD		7U

#define PAGE_STATUS_FREE	(1U << 0)
#define PAGE_STATUS_ERROR	(1U << 1)

/* Clocks, power domains and resets have the ids 0 .. 2 each. */
#define BOARD_RESOURCES         3U

/* How the platform may fail its agents; the numbers are those of README.md. */
enum board_fault_kind {
	BOARD_FAULT_NONE = 0,
	BOARD_FAULT_GARBAGE = 1,	/* nonsense in the page */
	BOARD_FAULT_SILENT = 2,		/* the page stays as it is */
	BOARD_FAULT_STATUS = 3,		/* every message has status a */
	BOARD_FAULT_OLD = 4,		/* Base messages up to 0x6 only */
	BOARD_FAULT_SMCCC = 5,		/* w0 is a, the page stays as it is */
	BOARD_FAULT_TOKEN = 6,		/* the answer is another message's */
	BOARD_FAULT_MESSAGE = 7,	/* the answer has another message id */
	BOARD_FAULT_LENGTH = 8,		/* the answer's length is a */
	BOARD_FAULT_ERROR = 9,		/* the channel is in error */
	BOARD_FAULT_NTH = 10,		/* permission message a has status b */
	BOARD_FAULT_NO_RESET = 11,	/* no RESET_AGENT_CONFIGURATION */
	BOARD_FAULT_RESET = 12,		/* it has status a */
	BOARD_FAULT_SLOW = 13,		/* every message takes a ms */
	BOARD_FAULT_IDENTITY = 14,	/* DISCOVER_AGENT of itself says a */
};

struct board_fault {
	enum board_fault_kind kind;
	uint32_t a, b;
};

/*
 * The call that is being served: what it came with, what goes wrong with it,
 * and whether it got through the page's header to a message.
 */
struct board_call {
	uint32_t function_id;
	uint64_t x[8];
	unsigned int agent_id;
	struct board_fault fault;
	bool served;
};

extern struct board_call board_call;

/* board_smc.c: serves board_call, and says so; returns w0 */
uint32_t board_serve(void);

/* board_doors.c: sets agent_id and fault; false if nobody calls like that */
bool board_identify(struct board_call *call);

/* board_fault.c */
/* Obeys the commands that came in on the secure UART. */
void board_take_commands(void);
/* The fault that is switched on for the agent, or the one given. */
struct board_fault board_fault_of(unsigned int agent_id, struct board_fault otherwise);
/* Board_call is left unanswered until its agent's fault is switched off. */
void board_keep_for_later(void);
/* Whether the permission message being served is the one that fails. */
bool board_fault_counts_down(void);
/* Changes the answer that is in the page; false if there was nothing to do. */
bool board_spoil(volatile uint32_t *page);

/* board_log.c: one line on the secure UART; a character received there or -1 */
void board_log_setup(void);
void board_log(const char *format, ...) __attribute__((format(printf, 1, 2)));
int board_log_receive(void);

/* board_resources.c: false if there is no such device or protocol */
bool board_set_device(unsigned int agent_id, uint32_t device_id, bool allow);
bool board_set_protocol(unsigned int agent_id, uint32_t device_id,
			uint32_t protocol_id, bool allow);
void board_reset_agent(unsigned int agent_id, bool permissions);
const char *board_agent_name(unsigned int agent_id);
/* Prints what has changed since the last time, or everything. */
void board_log_state(bool everything);

#endif /* BOARD_SCMI_H */
