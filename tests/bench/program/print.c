// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines on the console: by Xen's hypercall, or on the board's UART at EL2. */
#include "bench.h"

#define UART_DATA       ((volatile uint32_t *)0x09000000ul)
#define UART_FLAG       ((volatile uint32_t *)0x09000018ul)
#define UART_FLAG_FULL  (1u << 5)

#define HYPERCALL_CONSOLE_IO    18
#define CONSOLE_IO_WRITE        0

static unsigned level;
static char buffer[200];
static size_t used;

void print_init(unsigned el)
{
    level = el;
}

static void put(char c)
{
    if (used < sizeof(buffer)) {
        buffer[used++] = c;
    }
}

static void text(const char *s)
{
    for (; *s; s++) {
        put(*s);
    }
}

void line(const char *word)
{
    used = 0;
    text("BENCH ");
    text(word);
}

void pair_text(const char *name, const char *value)
{
    put(' ');
    text(name);
    put('=');
    text(value);
}

void pair(const char *name, uint64_t number)
{
    char digits[20];
    unsigned n = 0;

    pair_text(name, "");
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while (n) {
        put(digits[--n]);
    }
}

void line_end(void)
{
    size_t n;

    put('\n');
    if (level == 1) {
        hypercall(HYPERCALL_CONSOLE_IO, CONSOLE_IO_WRITE, used, (uintptr_t)buffer);
        return;
    }
    for (n = 0; n < used; n++) {
        while (*UART_FLAG & UART_FLAG_FULL) {
        }
        *UART_DATA = (uint8_t)buffer[n];
    }
}

void fail(const char *what, uint64_t value)
{
    line("error");
    pair_text("what", what);
    pair("value", value);
    line_end();
    stop();
}

void stop(void)
{
    for (;;) {
        __asm__ volatile("wfi");
    }
}
