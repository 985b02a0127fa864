// SPDX-License-Identifier: GPL-2.0-or-later
/* The UART that Xen emulates for guests (xl.cfg: vuart = "sbsa_uart"). */
#include "guest.h"

/* GUEST_PL011_BASE of Xen. */
#define UART_DATA ((volatile uint32_t *)0x22000000UL)
#define UART_FLAG ((volatile uint32_t *)0x22000018UL)
#define UART_FLAG_FULL (1U << 5)

static void put(char c)
{
    while (*UART_FLAG & UART_FLAG_FULL)
        ;
    *UART_DATA = (uint8_t)c;
}

void print(const char *s)
{
    for (; *s; s++) {
        if (*s == '\n')
            put('\r');
        put(*s);
    }
}

void print_value(const char *name, uint64_t value)
{
    int shift = 60;

    print(name);
    print("0x");
    while (shift > 0 && !(value >> shift))
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        put("0123456789abcdef"[(value >> shift) & 15]);
}
