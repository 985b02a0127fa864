// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Other agents' pages, where they are in the machine and where other guests
 * have theirs, the firmware's memory and the devices of others: each word that
 * can be read or written is printed.
 */
#include "guest.h"

static uint64_t touched, faults;

static void touch(uint64_t address)
{
    volatile uint32_t *word = (volatile uint32_t *)address;
    uint32_t before = guest_faults;

    (void)*word;
    *word = 0xbadc0de;
    touched += 2;
    faults += guest_faults - before;
    if (guest_faults - before == 2)
        return;
    print_value("PROBE frame address=", address);
    print(" mapped\n");
}

void attack_frames(void)
{
    uint64_t own = (uint64_t)page_of_agent(), n;

    /* Around the page of the own agent; the UART is below it. */
    for (n = 1; n <= 0x40; n++)
        touch(own + n * 0x1000 + 4);
    for (n = 2; n <= 0x40; n++)
        touch(own - n * 0x1000 + 4);
    /* The pages of all agents in the machine, and what is around them. */
    for (n = 0; n < 0x40; n++)
        touch(0xbfef8000 + n * 0x1000 + 4);
    /* Console, GPIO controller, the firmware's UART and its memory. */
    touch(0x09000000);
    touch(0x09030000);
    touch(0x09040000);
    for (n = 0; n < 0x40; n++)
        touch(0x0e000000 + n * 0x4000);

    print_value("PROBE frames touched=", touched);
    print_value(" faults=", faults);
    print("\n");
}
