/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SCMI platform of the emulated board: what its files share. */

#ifndef BOARD_SCMI_H
#define BOARD_SCMI_H

#include <stdbool.h>
#include <stdint.h>

/* Agents have the ids 1 .. 16; 0 is the platform itself. */
#define BOARD_AGENTS            16U
#define BOARD_AGENT_TRUSTED     2U

/* Agent N calls this function ID plus N. */
#define BOARD_FUNCTION_ID       0x82000010U

/* Agent N has page N - 1 of these, in the last MiB of non-secure memory. */
#define BOARD_PAGES_BASE        0xbff00000UL
#define BOARD_PAGE_SIZE         0x1000UL

/* Clocks, power domains and resets have the ids 0 .. 2 each. */
#define BOARD_RESOURCES         3U

/* How a function ID is answered; see the table in board_smc.c. */
enum board_mode {
	BOARD_MODE_NORMAL,
	BOARD_MODE_GARBAGE,		/* nonsense in the page */
	BOARD_MODE_SILENT,		/* the page stays as it is */
	BOARD_MODE_NOTHING_SUPPORTED,	/* every message is unknown */
	BOARD_MODE_NO_PERMISSIONS,	/* Base messages up to 0x6 only */
};

/* What the call that is being served came with, and whether it got through
 * the page's header to a message. */
struct board_call {
	enum board_mode mode;
	uint32_t function_id;
	unsigned int agent_id;
	uint64_t x[8];
	bool served;
};

extern struct board_call board_call;

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
