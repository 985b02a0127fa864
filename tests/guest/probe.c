// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest without an operating system that tries what a guest may not do, and
 * prints what came of it on the emulated UART (xl.cfg: vuart = "sbsa_uart").
 *
 * It calls the function ID that the word "fid=0x..." on its command line
 * gives, by HVC and by SMC, with junk in the other registers; "x1=0x..." and
 * "x7=0x..." make it pose as somebody. If it has the page "page=0x...", it asks
 * the firmware there who it is. With "crash=0x1" it crashes then.
 */
#include <stddef.h>
#include <stdint.h>

/* Where Xen emulates the UART for guests: GUEST_PL011_BASE. */
#define UART_DATA ((volatile uint32_t *)0x22000000UL)
#define UART_FLAG ((volatile uint32_t *)0x22000018UL)
#define UART_FLAG_FULL (1U << 5)

/* Words of an SCMI page; the question: Base, DISCOVER_AGENT, ourselves. */
#define PAGE_STATUS  1
#define PAGE_LENGTH  5
#define PAGE_HEADER  6
#define PAGE_PAYLOAD 7
#define WHO_AM_I (0x7 | 0x10 << 10)
#define SELF 0xffffffff

extern volatile uint32_t guest_faults;

void guest_hvc(uint64_t regs[8]);
void guest_smc(uint64_t regs[8]);
void guest_crash(void);
void guest_main(const uint8_t *fdt);

static void put(char c)
{
    while (*UART_FLAG & UART_FLAG_FULL)
        ;
    *UART_DATA = (uint8_t)c;
}

static void print(const char *s)
{
    for (; *s; s++) {
        if (*s == '\n')
            put('\r');
        put(*s);
    }
}

static void print_hex(const char *name, uint64_t value)
{
    int shift = 60;

    print(name);
    print("0x");
    while (shift > 0 && !(value >> shift))
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        put("0123456789abcdef"[(value >> shift) & 15]);
}

/* The number after `word` anywhere in the device tree, or 0. */
static uint64_t argument(const uint8_t *fdt, const char *word)
{
    uint32_t size = (uint32_t)fdt[4] << 24 | fdt[5] << 16 | fdt[6] << 8 | fdt[7];
    uint64_t value = 0;
    uint32_t i, n;

    for (i = 0; i + 32 < size; i++) {
        for (n = 0; word[n] && fdt[i + n] == (uint8_t)word[n]; n++)
            ;
        if (word[n])
            continue;
        for (i += n;; i++) {
            uint8_t c = fdt[i] | 0x20;

            if (c >= '0' && c <= '9')
                value = value << 4 | (c - '0');
            else if (c >= 'a' && c <= 'f')
                value = value << 4 | (c - 'a' + 10);
            else
                return value;
        }
    }
    return 0;
}

static void call(const char *name, void (*conduit)(uint64_t *), const uint8_t *fdt)
{
    uint64_t fid = argument(fdt, "fid=0x"), x1 = argument(fdt, "x1=0x"), x7 = argument(fdt, "x7=0x");
    uint64_t regs[8] = { fid, x1 ? x1 : 1, x1 ? 0 : 2, 3, 4, 5, 6, x7 ? x7 : 7 };

    conduit(regs);
    print("PROBE ");
    print(name);
    print_hex(" fid=", fid);
    print_hex(" x0=", (uint32_t)regs[0]);
    print_hex(" x1=", regs[1]);
    print_hex(" x2=", regs[2]);
    print_hex(" x3=", regs[3]);
    print("\n");
}

static void ask(const char *name, void (*conduit)(uint64_t *), const uint8_t *fdt,
                volatile uint32_t *page)
{
    page[PAGE_LENGTH] = 8;
    page[PAGE_HEADER] = WHO_AM_I;
    page[PAGE_PAYLOAD] = SELF;
    page[PAGE_STATUS] = 0;
    call(name, conduit, fdt);
    print("PROBE ");
    print(name);
    print_hex(" channel=", page[PAGE_STATUS]);
    print_hex(" status=", page[PAGE_PAYLOAD]);
    print_hex(" agent=", page[PAGE_PAYLOAD + 1]);
    print("\n");
}

void guest_main(const uint8_t *fdt)
{
    volatile uint32_t *page = (volatile uint32_t *)argument(fdt, "page=0x");
    uint32_t before = guest_faults;
    uint32_t status;

    print("PROBE start\n");
    status = page[PAGE_STATUS];
    print("PROBE page");
    print_hex(" address=", (uint64_t)page);
    print(guest_faults == before ? " mapped\n" : " unmapped\n");
    if (guest_faults == before && status == 1) {
        ask("hvc", guest_hvc, fdt, page);
        ask("smc", guest_smc, fdt, page);
    } else {
        call("hvc", guest_hvc, fdt);
        call("smc", guest_smc, fdt);
    }
    print("PROBE done\n");
    if (argument(fdt, "crash=0x"))
        guest_crash();
}
