/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the bare-metal guest share. */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUEST_CPUS 4

/* SMCCC: what is said to a call that is not known, or that is refused. */
#define NOT_SUPPORTED 0xffffffffU

/* An SCMI page as 32-bit words (Arm DEN0056, section 5.1.2). */
#define PAGE_STATUS 1
#define PAGE_FLAGS 4
#define PAGE_LENGTH 5
#define PAGE_HEADER 6
#define PAGE_PAYLOAD 7
/* Words that a message of the board's firmware can reach: 128 bytes. */
#define PAGE_WORDS 32

#define STATUS_FREE (1U << 0)
#define STATUS_ERROR (1U << 1)

enum { BASE = 0x10, POWER = 0x11, CLOCK = 0x14, RESET = 0x16 };

/* start.S */
extern volatile uint32_t guest_faults;  /* exceptions so far */
void guest_hvc(uint64_t regs[8]);
void guest_smc(uint64_t regs[8]);
int64_t guest_cpu_on(uint64_t cpu);     /* enters guest_secondary(cpu) */
void guest_yield(void);                 /* Xen lets another vCPU run */
void guest_crash(void);
void guest_main(const uint8_t *fdt);
void guest_secondary(uint64_t cpu);

/* uart.c: only the first vCPU prints. */
void print(const char *s);
void print_value(const char *name, uint64_t value);

/* args.c: words of the command line. */
void args_init(const uint8_t *fdt);
bool args_has(const char *word);
uint64_t args_value(const char *word, uint64_t otherwise);

/* cpus.c: a job on every vCPU at the same time. */
unsigned int cpus_start(void);          /* returns how many there are */
void cpus_run(void (*job)(unsigned int cpu));

/* call.c: calls and messages. */
struct message {
    uint32_t protocol, id, nr_args;
    uint32_t args[4];
};

#define NO_ANSWER (-100)                /* no SCMI status: the call failed */

volatile uint32_t *page_of_agent(void);
void call_by(unsigned int conduit, uint64_t regs[8]);
uint32_t call_agent(unsigned int conduit);
void message_write(const struct message *message, uint32_t token);
int32_t message_send(const struct message *message);

/* One file each: what the guest can be told to do. */
void attack_sweep(void);
void attack_frames(void);
void attack_theft(void);
void attack_calls(bool rewrite);
void attack_flood(void);
void measure_latency(void);

static inline uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static inline uint64_t ticks_now(void)
{
    uint64_t ticks;

    __asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
    return ticks;
}

static inline uint64_t ticks_per_second(void)
{
    uint64_t frequency;

    __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
    return frequency;
}

static inline void memory_barrier(void)
{
    __asm__ volatile("dmb sy" : : : "memory");
}

#endif
