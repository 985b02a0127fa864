// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All vCPUs call at once as the same agent, with or without others that
 * rewrite its page meanwhile, for a time or for ever.
 *
 * What a call answers is success, or "not supported": another one is under
 * way, or there were too many.
 */
#include "guest.h"

#define SEED 0x9e3779b97f4a7c15ULL

static struct {
    volatile uint64_t calls, answered, refused, other, written;
    uint64_t random;
} cpus[GUEST_CPUS];

static uint64_t end;
static unsigned int nr_cpus;

static void count_call(unsigned int cpu)
{
    uint32_t result = call_agent((unsigned int)cpus[cpu].calls);

    cpus[cpu].calls++;
    if (result == 0)
        cpus[cpu].answered++;
    else if (result == NOT_SUPPORTED)
        cpus[cpu].refused++;
    else
        cpus[cpu].other++;
}

/* A message that is well-formed, but for some of its words. */
static void scribble(unsigned int cpu)
{
    static const uint8_t protocols[] = { BASE, POWER, CLOCK, RESET };
    volatile uint32_t *page = page_of_agent();
    uint64_t *random = &cpus[cpu].random;
    uint64_t r = random_next(random);
    struct message message = {
        .protocol = protocols[r & 3], .id = (r >> 2) & 0xf, .nr_args = (r >> 6) & 3,
        .args = { (r >> 8) & 3, (r >> 10) & 3, (r >> 12) & 3, 0 },
    };

    message_write(&message, (uint32_t)(r >> 14));
    cpus[cpu].written++;
    switch ((r >> 24) & 7) {
    case 0:
        page[PAGE_LENGTH] = (uint32_t)random_next(random);
        break;
    case 1:
        page[PAGE_LENGTH] = (uint32_t)(r >> 32) & 0xff;
        break;
    case 2:
        page[PAGE_HEADER] = (uint32_t)random_next(random);
        break;
    case 3:
        page[PAGE_STATUS] = (uint32_t)random_next(random) & 3;
        break;
    case 4:
        for (uint32_t n = 0; n < PAGE_WORDS; n++)
            page[n] = (uint32_t)random_next(random);
        break;
    default:
        break;
    }
    memory_barrier();
}

static void job_call(unsigned int cpu)
{
    static const struct message version = { .protocol = BASE };

    while (ticks_now() < end) {
        if (cpu == 0)
            message_write(&version, (uint32_t)cpus[cpu].calls);
        count_call(cpu);
    }
}

/* Every second vCPU calls, whatever the others have written. */
static void job_rewrite(unsigned int cpu)
{
    while (ticks_now() < end) {
        if (cpu & 1)
            scribble(cpu);
        else
            count_call(cpu);
    }
}

static void report(const char *name)
{
    uint64_t calls = 0, answered = 0, refused = 0, other = 0, written = 0;

    for (unsigned int cpu = 0; cpu < nr_cpus; cpu++) {
        calls += cpus[cpu].calls;
        answered += cpus[cpu].answered;
        refused += cpus[cpu].refused;
        other += cpus[cpu].other;
        written += cpus[cpu].written;
    }
    print("PROBE ");
    print(name);
    print_value(" cpus=", nr_cpus);
    print_value(" calls=", calls);
    print_value(" answered=", answered);
    print_value(" refused=", refused);
    print_value(" other=", other);
    print_value(" written=", written);
    print("\n");
}

static void job_flood(unsigned int cpu)
{
    uint64_t next = ticks_now() + ticks_per_second();

    for (;;) {
        if (random_next(&cpus[cpu].random) & 1)
            scribble(cpu);
        count_call(cpu);
        if (cpu == 0 && ticks_now() >= next) {
            report("flood");
            next = ticks_now() + ticks_per_second();
        }
    }
}

static void prepare(void)
{
    nr_cpus = cpus_start();
    for (unsigned int cpu = 0; cpu < nr_cpus; cpu++) {
        cpus[cpu].calls = cpus[cpu].answered = cpus[cpu].refused = 0;
        cpus[cpu].other = cpus[cpu].written = 0;
        cpus[cpu].random = SEED + cpu;
    }
    end = ticks_now() + args_value("seconds=0x", 3) * ticks_per_second();
}

void attack_calls(bool rewrite)
{
    prepare();
    cpus_run(rewrite ? job_rewrite : job_call);
    report(rewrite ? "rewrite" : "calls");
}

void attack_flood(void)
{
    prepare();
    report("flood");
    cpus_run(job_flood);
}
