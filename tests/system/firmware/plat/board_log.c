/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens, line by line, on the secure UART, which only EL3 can reach.
 * The lines are described in README.md, next to this folder.
 */

#include <stdarg.h>
#include <stdio.h>

#include <lib/mmio.h>

#include "board_scmi.h"

#define SECURE_UART		0x09040000UL
#define UART_DATA		0x00UL
#define UART_FLAGS		0x18UL
#define UART_FLAGS_RX_EMPTY	(1U << 4)
#define UART_FLAGS_TX_FULL	(1U << 5)
#define UART_LINE		0x2cUL
#define UART_LINE_8_BITS_FIFO	0x70U
#define UART_CONTROL		0x30UL
#define UART_CONTROL_ON		0x301U

static void put(const char *text)
{
	for (; *text != '\0'; text++) {
		while ((mmio_read_32(SECURE_UART + UART_FLAGS) & UART_FLAGS_TX_FULL) != 0U)
			;
		mmio_write_32(SECURE_UART + UART_DATA, (uint8_t)*text);
	}
}

void board_log_setup(void)
{
	mmio_write_32(SECURE_UART + UART_LINE, UART_LINE_8_BITS_FIFO);
	mmio_write_32(SECURE_UART + UART_CONTROL, UART_CONTROL_ON);
}

void board_log(const char *format, ...)
{
	char line[384];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(line, sizeof(line), format, args);
	va_end(args);

	put("scmi: ");
	put(line);
	put("\n");
}

int board_log_receive(void)
{
	if ((mmio_read_32(SECURE_UART + UART_FLAGS) & UART_FLAGS_RX_EMPTY) != 0U)
		return -1;
	return (int)(mmio_read_32(SECURE_UART + UART_DATA) & 0xffU);
}
