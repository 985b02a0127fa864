/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Playing the SCMI agents of the board without any system: see agent.c. */

#ifndef AGENT_H
#define AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AGENTS              16u
#define FUNCTION_ID         0x82000010u /* plus the agent's number */
#define DOM0                1u
#define TRUSTED             2u

#define BASE                0x10u
#define POWER               0x11u
#define CLOCK               0x14u
#define RESET               0x16u

#define SUCCESS             0
#define NOT_SUPPORTED       (-1)
#define INVALID_PARAMETERS  (-2)
#define DENIED              (-3)
#define NOT_FOUND           (-4)
#define OUT_OF_RANGE        (-5)
#define BUSY                (-6)
#define GENERIC_ERROR       (-8)
#define PROTOCOL_ERROR      (-10)
/* None of SCMI's: the page does not hold an answer to the question. */
#define NO_ANSWER           1

#define SMCCC_NOT_SUPPORTED 0xffffffffu

#define PAGE_FREE           1u
#define PAGE_ERROR          2u

/* A channel's page. */
struct page {
    uint32_t reserved0;
    uint32_t status;
    uint32_t reserved1[2];
    uint32_t flags;
    uint32_t length;
    uint32_t header;
    uint32_t payload[0x1000 / 4 - 7];
};

extern uint32_t function_id[AGENTS + 1];    /* normally FUNCTION_ID + N */
extern uint64_t registers[8];               /* x1..x7 of the next call */
extern uint32_t answer[32];                 /* words after the status */
extern unsigned answer_words;               /* how many there were */
extern unsigned smcs;                       /* SiP calls made so far */

volatile struct page *page_of(unsigned agent);

/* Calls as an agent, with what is in its page; returns w0. */
uint32_t ring(unsigned agent);

/* Sends a message and returns its status. */
int32_t ask_words(unsigned agent, uint32_t protocol, uint32_t message,
                  const uint32_t *words, unsigned count);

#define ask(agent, protocol, message, ...) \
    ask_words(agent, protocol, message, (const uint32_t[]){ 0, ##__VA_ARGS__ } + 1, \
              sizeof((const uint32_t[]){ 0, ##__VA_ARGS__ }) / sizeof(uint32_t) - 1)

/* One SMC with these registers, which then hold the results. */
void smc(uint64_t x[8]);

/* Has drive.py send a line to the secure UART, and sees it obeyed. */
void command(const char *line);

/* Milliseconds since some time. */
uint64_t now_ms(void);

/* Starts the second CPU, which calls second(). */
bool start_second_cpu(void);
void second(void);

/* ---- TAP on the console --------------------------------------------------- */

void put(const char *text);
void put_number(int64_t number);
void ok(bool good, const char *name);
/* ok() that says what came instead. */
void is(int64_t got, int64_t expected, const char *name);
/* Says that all was run, and switches the board off. */
void done(void);

#endif /* AGENT_H */
