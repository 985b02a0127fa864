// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Batches of calls between two readings of the virtual counter. Each batch is
 * run again with a nop in place of the call: the difference is the call's.
 *
 * Results are kept and printed at the end: Xen's console has interrupts.
 */
#include "bench.h"

#define CALLS           256u
#define BATCHES         8u
#define WARM_UP         64u
#define MEASURES        4u
#define SPIN            100000u

#define SMCCC_VERSION   0x80000000u
#define SMCCC_1_1       0x10001u

/* A channel's page, in words (Arm DEN0056, section 5.1.2). */
#define PAGE_STATUS     1u
#define PAGE_LENGTH     5u
#define PAGE_HEADER     6u
#define PAGE_PAYLOAD    7u
#define PAGE_FREE       1u

/* BASE protocol, PROTOCOL_VERSION, with a token that is not zero. */
#define HEADER          (0x10u << 10 | 0x155u << 18)
#define BASE_VERSION    0x20000u

struct target {
    const char *name;
    uint32_t function_id;
    unsigned agent;                 /* 0: no SCMI call */
    volatile uint32_t *page;
    uint64_t answer;                /* expected in x0 */
};

static struct measure {
    struct target target;
    uint64_t ticks[BATCHES];        /* with the call */
    uint64_t empty[BATCHES];        /* with a nop */
} measures[MEASURES];
static unsigned used;

uint64_t now(void)
{
    uint64_t value;

    __asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r" (value) : : "memory");
    return value;
}

uint64_t frequency(void)
{
    uint64_t value;

    __asm__ volatile("mrs %0, cntfrq_el0" : "=r" (value));
    return value;
}

/*
 * Calls so many times and sees that each call was answered. Returns 0 if all
 * were. No branch depends on an answer, so that a batch without calls takes the
 * same way.
 */
static uint64_t calls(const struct target *t, void (*conduit)(uint64_t *), unsigned count)
{
    uint64_t wrong = 0;

    while (count--) {
        /*
         * What Xen stamps, so that the firmware has the same to do and to log
         * on all ways to it.
         */
        uint64_t regs[8] = { t->function_id, 0, 0, 0, 0, 0, 0, t->agent };

        if (t->agent) {
            t->page[PAGE_STATUS] = 0;
            t->page[PAGE_LENGTH] = 4;
            t->page[PAGE_HEADER] = HEADER;
            t->page[PAGE_PAYLOAD] = 0xdead;
            t->page[PAGE_PAYLOAD + 1] = 0xdead;
        }
        conduit(regs);
        wrong |= (uint32_t)regs[0] ^ t->answer;
        if (t->agent) {
            wrong |= t->page[PAGE_STATUS] ^ PAGE_FREE;
            wrong |= t->page[PAGE_LENGTH] ^ 12;
            wrong |= t->page[PAGE_HEADER] ^ HEADER;
            wrong |= t->page[PAGE_PAYLOAD];
            wrong |= t->page[PAGE_PAYLOAD + 1] ^ BASE_VERSION;
        }
    }
    return wrong;
}

static void measure(const struct target *t, void (*conduit)(uint64_t *))
{
    struct measure *m = &measures[used++];
    uint64_t start, wrong;
    unsigned n;

    m->target = *t;
    wrong = calls(t, conduit, WARM_UP);
    for (n = 0; n < BATCHES; n++) {
        start = now();
        wrong |= calls(t, conduit, CALLS);
        m->ticks[n] = now() - start;
        start = now();
        calls(t, conduit_none, CALLS);
        m->empty[n] = now() - start;
    }
    if (wrong) {
        fail(t->agent ? "an-SCMI-call-was-not-answered" : "SMCCC_VERSION-changed", wrong);
    }
}

void measure_version(void (*conduit)(uint64_t *))
{
    uint64_t regs[8] = { SMCCC_VERSION };
    struct target t = { .name = "version", .function_id = SMCCC_VERSION };

    conduit(regs);
    t.answer = (uint32_t)regs[0];
    if (t.answer < SMCCC_1_1 || t.answer >> 31) {
        fail("SMCCC_VERSION", t.answer);
    }
    measure(&t, conduit);
}

void measure_scmi(void (*conduit)(uint64_t *), uint32_t function_id, unsigned agent,
                  uint64_t page)
{
    const struct target t = {
        .name = "scmi", .function_id = function_id, .agent = agent,
        .page = (volatile uint32_t *)page,
    };

    measure(&t, conduit);
}

/* A known number of instructions, to see what a tick is. */
static void print_calibration(const char *who)
{
    uint64_t start, ticks;
    unsigned n;

    for (n = 0; n < BATCHES; n++) {
        start = now();
        spin(SPIN);
        ticks = now() - start;
        line("calibration");
        pair_text("who", who);
        pair("frequency", frequency());
        pair("instructions", SPIN);
        pair("ticks", ticks);
        line_end();
    }
}

void measure_print(const char *who)
{
    unsigned m, n;

    print_calibration(who);
    for (m = 0; m < used; m++) {
        for (n = 0; n < BATCHES; n++) {
            line("batch");
            pair_text("who", who);
            pair_text("name", measures[m].target.name);
            pair("agent", measures[m].target.agent);
            pair("calls", CALLS);
            pair("ticks", measures[m].ticks[n]);
            pair("empty", measures[m].empty[n]);
            line_end();
        }
    }
    line("end");
    pair_text("who", who);
    pair("calls", WARM_UP + BATCHES * CALLS);
    line_end();
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
