/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The measuring program: see main.c. */

#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

/* The board's function ID of an agent; Dom0's is what all domains call. */
#define FUNCTION_ID(agent)  (0x82000010u + (agent))
#define AGENT_DOM0          1u
#define AGENT_GUEST         16u

/* Where guests get their agent's page: a frame where they have nothing. */
#define GUEST_PAGE          0x22001000ul

/* start.S */
void conduit_hvc(uint64_t regs[8]);
void conduit_smc(uint64_t regs[8]);
void conduit_none(uint64_t regs[8]);
long hypercall(uint64_t number, uint64_t a, uint64_t b, uint64_t c);
void spin(uint64_t instructions);

/* main.c, called by start.S */
void bench_main(const uint8_t *fdt, unsigned el);
void exception(uint64_t esr, uint64_t elr);

/* print.c: one line each, "BENCH WORD name=value ..." */
void print_init(unsigned el);
void line(const char *word);
void pair(const char *name, uint64_t number);
void pair_text(const char *name, const char *text);
void line_end(void);
/* Says what is wrong, and ends. */
void fail(const char *what, uint64_t value) __attribute__((noreturn));
void stop(void) __attribute__((noreturn));

/* measure.c */
void measure_version(void (*conduit)(uint64_t *));
void measure_scmi(void (*conduit)(uint64_t *), uint32_t function_id, unsigned agent,
                  uint64_t page);
void measure_print(const char *who);
uint64_t now(void);
uint64_t frequency(void);

/* xen.c */
void xen_print_info(void);
void xen_bind_guests(unsigned guests);
/* Calls that our part of Xen has forwarded for an agent. */
uint64_t xen_calls(unsigned agent);
void xen_sleep_until(uint64_t ns);

#endif /* BENCH_H */
