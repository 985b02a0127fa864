// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every function ID that could be the firmware's, and a sample of all others,
 * by HVC and by SMC, with registers that could mean something to the firmware.
 * Left out is what the guest asks of itself: to stop, or to start a vCPU.
 */
#include "guest.h"

#define SEED 0x5ca1ab1e0ddba11ULL
#define SHOWN 64

static struct {
    uint64_t random;
    uint64_t calls, refused, answered, own, changed;
    uint32_t shown;
    uint64_t fid;
} sweep;

/* PSCI, also its old version, which took the first numbers. */
static bool is_about_itself(uint32_t fid)
{
    uint32_t smc32 = fid & ~(1U << 30);

    return fid <= 3 || (smc32 >= 0x84000000 && smc32 <= 0x8400001f);
}

/* An agent's number, page or frame, or nothing at all. */
static uint64_t argument(void)
{
    uint64_t r = random_next(&sweep.random);
    uint64_t agent = 1 + (r >> 8) % 16;

    switch (r & 7) {
    case 0:
        return agent;
    case 1:
        return 0xbff00000 + (agent - 1) * 0x1000;
    case 2:
        return 0xbff00 + agent - 1;
    case 3:
        return 0x82000010 + agent;
    default:
        return random_next(&sweep.random);
    }
}

static void show(const uint64_t in[8], const uint64_t out[8])
{
    if (sweep.shown++ >= SHOWN)
        return;
    print_value("PROBE answer fid=", (uint32_t)in[0]);
    print_value(" x0=", out[0]);
    print("\n");
}

/* One function ID by both conduits. */
static void try(uint32_t fid)
{
    if (is_about_itself(fid))
        return;
    for (unsigned int conduit = 0; conduit < 2; conduit++) {
        uint64_t in[8], out[8];
        bool refused, changed = false;

        /* The upper half of x0 is no part of the function ID. */
        in[0] = (random_next(&sweep.random) & 0xffffffff00000000) | fid;
        out[0] = in[0];
        for (int n = 1; n < 8; n++)
            out[n] = in[n] = argument();
        call_by(conduit, out);

        sweep.calls++;
        refused = (uint32_t)out[0] == NOT_SUPPORTED;
        for (int n = 1; n < 8; n++)
            changed |= out[n] != in[n] && (n > 3 || out[n] != 0);
        if (fid == sweep.fid) {
            sweep.own++;
        } else if (refused) {
            sweep.refused++;
        } else {
            sweep.answered++;
            show(in, out);
        }
        /* Where there is no answer, no register may say anything either. */
        if (changed && (refused || fid == sweep.fid))
            sweep.changed++;
    }
}

static void try_range(uint32_t first, uint32_t count)
{
    for (uint32_t n = 0; n < count; n++)
        try(first + n);
}

void attack_sweep(void)
{
    uint64_t nr_random = args_value("random=0x", 100000);

    sweep.random = SEED;
    sweep.fid = args_value("fid=0x", 0);
    print_value("PROBE sweep seed=", SEED);
    print("\n");
    /* All of the SiP services, where the board's agents and its faults are. */
    try_range(0x82000000, 0x10000);
    try_range(0xc2000000, 0x1000);
    /* The same numbers of every owner: fast or not, 32 bits or 64. */
    for (uint32_t owner = 0; owner < 64; owner++) {
        for (uint32_t kind = 0; kind < 4; kind++)
            try_range(kind << 30 | owner << 24, 0x140);
    }
    /* With the bit that says that no SVE state is live, and the bits beside. */
    for (uint32_t bit = 16; bit < 24; bit++)
        try_range(0x82000000 | 1U << bit, 0x140);
    for (uint64_t n = 0; n < nr_random; n++)
        try((uint32_t)(random_next(&sweep.random) >> 16));

    print_value("PROBE sweep calls=", sweep.calls);
    print_value(" refused=", sweep.refused);
    print_value(" answered=", sweep.answered);
    print_value(" own=", sweep.own);
    print_value(" changed=", sweep.changed);
    print("\n");
}
