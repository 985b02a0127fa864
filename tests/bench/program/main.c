// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A program without an operating system that measures calls: in place of Xen
 * (EL2), as Dom0, or as a guest. Words on its command line say which:
 *
 *   bench-dom0=0x1                   Dom0
 *   bench-info=0x1                   Dom0, which only says what Xen offers it
 *   bench-agents=0xN                 Dom0, which binds guests until N agents are
 *                                    in use, its own included
 *   bench-guest=0x1                  the guest that measures
 *   neither                          a guest that only has its agent
 *
 * It prints lines "BENCH word name=value ...", which ../calls.py reads:
 *
 *   calibration, batch, end          what was measured, see measure.c
 *   bound, forwarded, info           what Xen says of agents and calls
 *   error                            what went wrong; nothing comes after it
 */
#include "bench.h"

#define DOM0_PAGE       0xbff00000ul
#define PAGE(agent)     (DOM0_PAGE + ((agent) - 1) * 0x1000ul)

/*
 * Time since Xen's boot, in ns: the guests have come to rest when Dom0 starts,
 * and Dom0 when the guest does. Time without instructions costs nothing.
 */
#define DOM0_START      (10 * 1000000000ul)
#define GUEST_START     (30 * 1000000000ul)

/* The number after `word` anywhere in the device tree, or 0. */
static uint64_t argument(const uint8_t *fdt, const char *word)
{
    uint32_t size = (uint32_t)fdt[4] << 24 | fdt[5] << 16 | fdt[6] << 8 | fdt[7];
    uint64_t value = 0;
    uint32_t i, n;

    for (i = 0; i + 32 < size; i++) {
        for (n = 0; word[n] && fdt[i + n] == (uint8_t)word[n]; n++) {
        }
        if (word[n]) {
            continue;
        }
        for (i += n;; i++) {
            uint8_t c = fdt[i] | 0x20;

            if (c >= '0' && c <= '9') {
                value = value << 4 | (c - '0');
            } else if (c >= 'a' && c <= 'f') {
                value = value << 4 | (c - 'a' + 10);
            } else {
                return value;
            }
        }
    }
    return 0;
}

static void run_bare(void)
{
    measure_version(conduit_smc);
    measure_scmi(conduit_smc, FUNCTION_ID(AGENT_DOM0), AGENT_DOM0, PAGE(AGENT_DOM0));
    measure_scmi(conduit_smc, FUNCTION_ID(AGENT_GUEST), AGENT_GUEST, PAGE(AGENT_GUEST));
    measure_print("bare");
}

static void run_dom0(const uint8_t *fdt)
{
    uint64_t agents = argument(fdt, "bench-agents=0x"), start = now(), before = 0;

    if (agents) {
        xen_bind_guests((unsigned)agents - 1);
        before = xen_calls(AGENT_DOM0);
    }
    xen_sleep_until(DOM0_START);
    measure_version(conduit_hvc);
    measure_scmi(conduit_hvc, FUNCTION_ID(AGENT_DOM0), AGENT_DOM0, DOM0_PAGE);
    if (agents) {
        /* In a patched Xen there are two ways: ours must be the one taken. */
        line("forwarded");
        pair("calls", xen_calls(AGENT_DOM0) - before);
        line_end();
    }
    measure_print("dom0");
    /* The guest must not have started: its calls would be in our time. */
    if ((now() - start) / frequency() >= (GUEST_START - DOM0_START) / 1000000000) {
        fail("Dom0-took-too-long:-seconds", (now() - start) / frequency());
    }
}

static void run_guest(void)
{
    xen_sleep_until(GUEST_START);
    measure_version(conduit_hvc);
    measure_scmi(conduit_hvc, FUNCTION_ID(AGENT_DOM0), AGENT_GUEST, GUEST_PAGE);
    measure_print("guest");
}

void bench_main(const uint8_t *fdt, unsigned el)
{
    print_init(el);
    if (el == 2) {
        run_bare();
    } else if (argument(fdt, "bench-info=0x")) {
        xen_print_info();
    } else if (argument(fdt, "bench-dom0=0x")) {
        run_dom0(fdt);
    } else if (argument(fdt, "bench-guest=0x")) {
        run_guest();
    }
    stop();
}

void exception(uint64_t esr, uint64_t elr)
{
    line("exception");
    pair("esr", esr);
    line_end();
    fail("exception-at", elr);
}
