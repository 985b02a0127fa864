/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens, line by line, on the secure UART, which only EL3 can reach.
 * Each line starts with "scmi: " and a word, then has name=value pairs:
 *
 *   call agent= fid= x1= x2= x7= proto= msg= a0= a1= a2= a3= status=
 *        one message: who called how, its first four arguments, the answer
 *   agent id= devices= clocks= powers=
 *        an agent after a change: bit masks of the devices it has permission
 *        for (bit n: device id 10 + n), the clocks and power domains it has on
 *   reset id= asserted= agent=
 *        a reset line after a change, and who changed it
 *   unknown fid= x7=
 *        a function ID of ours that no agent has
 */

#include <stdarg.h>
#include <stdio.h>

#include <lib/mmio.h>

#include "board_scmi.h"

#define SECURE_UART		0x09040000UL
#define UART_DATA		0x00UL
#define UART_FLAGS		0x18UL
#define UART_FLAGS_FULL		(1U << 5)
#define UART_CONTROL		0x30UL
#define UART_CONTROL_ON		0x301U

static void put(char c)
{
	while ((mmio_read_32(SECURE_UART + UART_FLAGS) & UART_FLAGS_FULL) != 0U)
		;
	mmio_write_32(SECURE_UART + UART_DATA, (uint8_t)c);
}

void board_log(const char *format, ...)
{
	char line[256];
	va_list args;
	char *c;

	va_start(args, format);
	(void)vsnprintf(line, sizeof(line), format, args);
	va_end(args);

	mmio_write_32(SECURE_UART + UART_CONTROL, UART_CONTROL_ON);
	for (c = "scmi: "; *c != '\0'; c++)
		put(*c);
	for (c = line; *c != '\0'; c++)
		put(*c);
	put('\n');
}
