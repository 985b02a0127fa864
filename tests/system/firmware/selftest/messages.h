/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages that tests send often, and whom they are about. */

#ifndef MESSAGES_H
#define MESSAGES_H

#include "agent.h"

#define RTC         10u     /* device: clock, power domain, reset 1 */
#define GPIO        11u     /* device: clock, power domain, reset 2 */
#define GUEST       3u
#define OTHER       4u
#define ALLOW       1u
#define DENY        0u
#define POWER_ON    0u
#define POWER_OFF   0x40000000u

static inline int32_t set_device(unsigned as, uint32_t agent, uint32_t device, uint32_t flags)
{
    return ask(as, BASE, 0x9, agent, device, flags);
}

static inline int32_t set_protocol(unsigned as, uint32_t agent, uint32_t device,
                            uint32_t protocol, uint32_t flags)
{
    return ask(as, BASE, 0xa, agent, device, protocol, flags);
}

static inline int32_t reset_agent(unsigned as, uint32_t agent, uint32_t flags)
{
    return ask(as, BASE, 0xb, agent, flags);
}

static inline int32_t set_clock(unsigned as, uint32_t id, uint32_t on)
{
    return ask(as, CLOCK, 0x7, id, on);
}

/* As its agent sees it; -1 if that fails. */
static inline int clock_is_on(unsigned as, uint32_t id)
{
    return ask(as, CLOCK, 0x3, id) == SUCCESS ? (int)(answer[0] & 1) : -1;
}

static inline int32_t set_power(unsigned as, uint32_t id, uint32_t state)
{
    return ask(as, POWER, 0x4, 0, id, state);
}

static inline uint32_t power_state(unsigned as, uint32_t id)
{
    return ask(as, POWER, 0x5, id) == SUCCESS ? answer[0] : 0xbad;
}

static inline int32_t set_reset(unsigned as, uint32_t id, uint32_t flags)
{
    return ask(as, RESET, 0x4, id, flags, 0);
}

static inline bool text_is(const uint32_t *words, const char *text)
{
    unsigned n;

    for (n = 0; text[n]; n++) {
        if ((char)(words[n / 4] >> (8 * (n % 4))) != text[n]) {
            return false;
        }
    }
    return (char)(words[n / 4] >> (8 * (n % 4))) == '\0';
}

#endif /* MESSAGES_H */
