// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The other vCPUs: each waits for a job, does it and says so. With the MMU off
 * nothing is cached and there are no atomic operations to rely on: every word
 * here has one vCPU that writes it.
 */
#include "guest.h"

static unsigned int count = 1;
static volatile uint64_t posted;                /* number of the job */
static void (*volatile job)(unsigned int cpu);
static volatile uint64_t finished[GUEST_CPUS];  /* number of the last job done */
static volatile bool up[GUEST_CPUS];

void guest_secondary(uint64_t cpu)
{
    up[cpu] = true;
    for (uint64_t seen = 0;;) {
        if (posted == seen) {
            guest_yield();
            continue;
        }
        memory_barrier();
        seen = posted;
        job((unsigned int)cpu);
        memory_barrier();
        finished[cpu] = seen;
    }
}

unsigned int cpus_start(void)
{
    for (; count < GUEST_CPUS; count++) {
        if (guest_cpu_on(count))
            break;
        while (!up[count])
            guest_yield();
    }
    return count;
}

void cpus_run(void (*what)(unsigned int cpu))
{
    job = what;
    memory_barrier();
    posted++;
    what(0);
    for (unsigned int cpu = 1; cpu < count; cpu++) {
        while (finished[cpu] != posted)
            guest_yield();
    }
}
