// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest without an operating system that tries what a guest may not do, and
 * prints what came of it. Words of its command line:
 *
 *   fid=0x...        the function ID of SCMI: called by HVC and by SMC, with
 *                    junk in the other registers
 *   x1=0x... x7=0x...    instead of junk, to pose as somebody
 *   page=0x...       where the agent's page should be; if it is there, the
 *                    calls ask the firmware who calls
 *   do=sweep         all other function IDs (sweep.c)
 *   do=frames        other agents' pages (frames.c)
 *   do=theft         messages about what belongs to others (theft.c)
 *   do=calls         all vCPUs call at once (calls.c)
 *   do=rewrite       the same, while others rewrite the page
 *   do=latency       measures its own messages, for ever (latency.c)
 *   do=flood         calls until it is destroyed (calls.c)
 *   crash=0x1        crashes
 */
#include "guest.h"

/* Base, DISCOVER_AGENT, ourselves. */
#define WHO_AM_I 0x7
#define SELF 0xffffffff

static void call(const char *name, unsigned int conduit)
{
    uint64_t fid = args_value("fid=0x", 0), x1 = args_value("x1=0x", 1), x7 = args_value("x7=0x", 7);
    uint64_t regs[8] = { fid, x1, x1 == 1 ? 2 : 0, 3, 4, 5, 6, x7 };

    call_by(conduit, regs);
    print("PROBE ");
    print(name);
    print_value(" fid=", fid);
    print_value(" x0=", (uint32_t)regs[0]);
    print_value(" x1=", regs[1]);
    print_value(" x2=", regs[2]);
    print_value(" x3=", regs[3]);
    print("\n");
}

static void ask(const char *name, unsigned int conduit)
{
    volatile uint32_t *page = page_of_agent();

    page[PAGE_LENGTH] = 8;
    page[PAGE_HEADER] = WHO_AM_I | BASE << 10;
    page[PAGE_PAYLOAD] = SELF;
    page[PAGE_STATUS] = 0;
    call(name, conduit);
    print("PROBE ");
    print(name);
    print_value(" channel=", page[PAGE_STATUS]);
    print_value(" status=", page[PAGE_PAYLOAD]);
    print_value(" agent=", page[PAGE_PAYLOAD + 1]);
    print("\n");
}

static void look_at_page(void)
{
    volatile uint32_t *page = page_of_agent();
    uint32_t before = guest_faults, status;

    status = page[PAGE_STATUS];
    print_value("PROBE page address=", (uint64_t)page);
    print(guest_faults == before ? " mapped\n" : " unmapped\n");
    if (guest_faults == before && status == STATUS_FREE) {
        ask("hvc", 0);
        ask("smc", 1);
    } else {
        call("hvc", 0);
        call("smc", 1);
    }
}

static void attack(void)
{
    if (args_has("do=sweep"))
        attack_sweep();
    if (args_has("do=frames"))
        attack_frames();
    if (args_has("do=theft"))
        attack_theft();
    if (args_has("do=calls"))
        attack_calls(false);
    if (args_has("do=rewrite"))
        attack_calls(true);
    if (args_has("do=latency"))
        measure_latency();
    if (args_has("do=flood"))
        attack_flood();
}

void guest_main(const uint8_t *fdt)
{
    args_init(fdt);
    print("PROBE start\n");
    look_at_page();
    attack();
    print("PROBE done\n");
    if (args_has("crash=0x"))
        guest_crash();
}
