// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest without an operating system that tries what a guest may not do, and
 * prints what came of it on the emulated UART (xl.cfg: vuart = "sbsa_uart").
 *
 * It calls the function ID that the word "fid=0x..." on its command line
 * gives, by HVC and by SMC, and reads the page "page=0x...". With "crash=0x1"
 * it crashes then.
 */
#include <stddef.h>
#include <stdint.h>

/* Where Xen emulates the UART for guests: GUEST_PL011_BASE. */
#define UART_DATA ((volatile uint32_t *)0x22000000UL)
#define UART_FLAG ((volatile uint32_t *)0x22000018UL)
#define UART_FLAG_FULL (1U << 5)

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

static void call(const char *name, void (*conduit)(uint64_t *), uint64_t fid)
{
    uint64_t regs[8] = { fid, 1, 2, 3, 4, 5, 6, 7 };

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

void guest_main(const uint8_t *fdt)
{
    uint64_t fid = argument(fdt, "fid=0x");
    uint64_t page = argument(fdt, "page=0x");
    uint32_t before = guest_faults;

    print("PROBE start\n");
    call("hvc", guest_hvc, fid);
    call("smc", guest_smc, fid);

    /* Word 1 of an SCMI page is the channel status. */
    (void)((volatile uint32_t *)page)[1];
    print("PROBE page");
    print_hex(" address=", page);
    print(guest_faults == before ? " mapped\n" : " unmapped\n");
    print("PROBE done\n");
    if (argument(fdt, "crash=0x"))
        guest_crash();
}
