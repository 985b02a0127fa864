/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Playing the SCMI agents of the board: messages in pages, calls, results on
 * the console. Everything runs with the MMU off: aligned accesses only.
 */
#include "agent.h"

#define UART            0x09000000ul
#define UART_DATA       0x00ul
#define UART_FLAGS      0x18ul
#define UART_RX_EMPTY   (1u << 4)
#define UART_TX_FULL    (1u << 5)

#define PAGES           0xbff00000ul
#define SYSTEM_OFF      0x84000008u
#define CPU_ON          0xc4000003u
/* A function ID that the firmware does not know. */
#define NOBODY          0x820000edu
/* The most that the firmware's transport takes. */
#define MAX_PAYLOAD     92u

void start_second(void);
void exception(uint64_t esr, uint64_t elr, uint64_t far);

uint32_t function_id[AGENTS + 1];
uint64_t registers[8];
uint32_t answer[32];
unsigned answer_words;
unsigned smcs;

static unsigned results;

/* ---- Calls ---------------------------------------------------------------- */

volatile struct page *page_of(unsigned agent)
{
    return (volatile struct page *)(PAGES + (agent - 1) * 0x1000);
}

uint32_t ring(unsigned agent)
{
    uint64_t x[8];
    unsigned n;

    x[0] = function_id[agent];
    for (n = 1; n < 8; n++) {
        x[n] = registers[n];
    }
    smcs++;
    smc(x);
    return (uint32_t)x[0];
}

int32_t ask_words(unsigned agent, uint32_t protocol, uint32_t message,
                  const uint32_t *words, unsigned count)
{
    static uint32_t token;
    volatile struct page *page = page_of(agent);
    uint32_t header;
    unsigned n;

    token = (token + 1) & 0x3ff;
    header = message | protocol << 10 | token << 18;
    page->flags = 0;
    page->length = 4 + 4 * count;
    page->header = header;
    for (n = 0; n < count; n++) {
        page->payload[n] = words[n];
    }
    page->status = 0;

    answer_words = 0;
    if (ring(agent) != 0 || page->status != PAGE_FREE || page->header != header ||
        page->length < 8 || page->length > 4 + MAX_PAYLOAD || page->length % 4) {
        return NO_ANSWER;
    }
    answer_words = page->length / 4 - 2;
    for (n = 0; n < answer_words; n++) {
        answer[n] = page->payload[1 + n];
    }
    return (int32_t)page->payload[0];
}

uint64_t now_ms(void)
{
    uint64_t count, frequency;

    __asm__ volatile("mrs %0, cntpct_el0" : "=r" (count));
    __asm__ volatile("mrs %0, cntfrq_el0" : "=r" (frequency));
    return count / (frequency / 1000);
}

/* The firmware looks at its UART when it is called: call until it has. */
void command(const char *line)
{
    uint64_t then;

    put("# command: ");
    put(line);
    put("\n");
    while (*(volatile uint32_t *)(UART + UART_FLAGS) & UART_RX_EMPTY) {
        uint64_t x[8] = { NOBODY };

        smcs++;
        smc(x);
        for (then = now_ms(); now_ms() < then + 2;) {
        }
    }
    (void)*(volatile uint32_t *)(UART + UART_DATA);
}

bool start_second_cpu(void)
{
    uint64_t x[8] = { CPU_ON, 1, (uint64_t)start_second };

    smc(x);
    return x[0] == 0;
}

/* ---- Results -------------------------------------------------------------- */

void put(const char *text)
{
    for (; *text; text++) {
        while (*(volatile uint32_t *)(UART + UART_FLAGS) & UART_TX_FULL) {
        }
        *(volatile uint32_t *)(UART + UART_DATA) = (uint8_t)*text;
    }
}

void put_number(int64_t number)
{
    char digits[24];
    char *c = digits + sizeof(digits) - 1;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;

    *c = '\0';
    do {
        *--c = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0) {
        *--c = '-';
    }
    put(c);
}

void ok(bool good, const char *name)
{
    put(good ? "ok " : "not ok ");
    put_number(++results);
    put(" - ");
    put(name);
    put("\n");
}

void is(int64_t got, int64_t expected, const char *name)
{
    ok(got == expected, name);
    if (got != expected) {
        put("# got ");
        put_number(got);
        put(" expected ");
        put_number(expected);
        put("\n");
    }
}

void done(void)
{
    uint64_t x[8] = { SYSTEM_OFF };

    put("# done: smcs=");
    put_number(smcs);
    put("\n");
    smc(x);
    for (;;) {
    }
}

void exception(uint64_t esr, uint64_t elr, uint64_t far)
{
    put("Bail out! exception, esr ");
    put_number((int64_t)esr);
    put(" elr ");
    put_number((int64_t)elr);
    put(" far ");
    put_number((int64_t)far);
    put("\n");
    done();
}

/* What the compiler may call. */
void *memset(void *to, int value, size_t count);
void *memcpy(void *to, const void *from, size_t count);

void *memset(void *to, int value, size_t count)
{
    volatile uint8_t *byte = to;

    while (count--) {
        *byte++ = (uint8_t)value;
    }
    return to;
}

void *memcpy(void *to, const void *from, size_t count)
{
    volatile uint8_t *byte = to;
    const uint8_t *source = from;

    while (count--) {
        *byte++ = *source++;
    }
    return to;
}
