// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Well-formed messages: first about everything that is not the guest's (its
 * clock, power domain and reset are those of "own=0x..."), then at random.
 */
#include "guest.h"

#define SEED 0xfeedfacecafef00dULL

static uint64_t sent, stolen, unanswered, denied;

static void try(uint32_t protocol, uint32_t id, uint32_t nr_args, uint32_t a0, uint32_t a1,
                uint32_t a2, uint32_t a3)
{
    const struct message message = { protocol, id, nr_args, { a0, a1, a2, a3 } };
    int32_t status = message_send(&message);

    sent++;
    if (status == 0) {
        stolen++;
        print_value("PROBE stolen protocol=", protocol);
        print_value(" message=", id);
        print_value(" a0=", a0);
        print("\n");
    }
    if (status == NO_ANSWER)
        unanswered++;
    if (status == -3)
        denied++;
}

static void try_resources(uint32_t own)
{
    for (uint32_t id = 0; id < 4; id++) {
        if (id == own)
            continue;
        try(CLOCK, 0x5, 4, 0, id, 1000000, 0);      /* RATE_SET */
        for (uint32_t on = 0; on < 2; on++) {
            try(CLOCK, 0x7, 2, id, on, 0, 0);       /* CONFIG_SET */
            try(POWER, 0x4, 3, 0, id, on << 30, 0); /* STATE_SET */
            try(RESET, 0x4, 3, id, on, 0, 0);       /* RESET, at one go or not */
            try(RESET, 0x4, 3, id, on << 1, 0, 0);
        }
    }
}

static void try_permissions(void)
{
    for (uint32_t agent = 0; agent <= 17; agent++) {
        for (uint32_t allow = 0; allow < 2; allow++) {
            for (uint32_t device = 10; device <= 12; device++) {
                try(BASE, 0x9, 3, agent, device, allow, 0);
                try(BASE, 0xa, 4, agent, device, CLOCK, allow);
            }
            try(BASE, 0xb, 2, agent, allow, 0, 0);
        }
    }
}

/* Anything but what is on the list above may succeed, for the own agent. */
static void try_random(uint64_t count)
{
    static const uint8_t protocols[] = { BASE, POWER, CLOCK, RESET };
    uint64_t random = SEED, answered = 0, n;

    for (n = 0; n < count; n++) {
        uint64_t r = random_next(&random);
        struct message message = {
            .protocol = r & 0x700 ? protocols[r & 3] : (r >> 32) & 0xff,
            .id = (r >> 4) & 0xf,
            .nr_args = (r >> 12) % 5,
        };

        for (uint32_t a = 0; a < message.nr_args; a++) {
            r = random_next(&random);
            message.args[a] = r & 0xf00 ? (r >> 16) & 0xf : (uint32_t)(r >> 32);
        }
        answered += message_send(&message) != NO_ANSWER;
    }
    print_value("PROBE messages seed=", SEED);
    print_value(" sent=", count);
    print_value(" answered=", answered);
    print("\n");
}

void attack_theft(void)
{
    try_resources((uint32_t)args_value("own=0x", ~0U));
    try_permissions();
    print_value("PROBE theft sent=", sent);
    print_value(" denied=", denied);
    print_value(" unanswered=", unanswered);
    print_value(" stolen=", stolen);
    print("\n");
    try_random(args_value("messages=0x", 0x400));
}
