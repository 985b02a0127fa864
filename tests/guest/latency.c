// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest that behaves: valid messages, far below any limit of their rate, how
 * long each took, and that its clock (own=0x...) still obeys. With a pause
 * after each round, for the sake of the firmware's log.
 */
#include "guest.h"

#define ROUND 250
#define PER_SECOND 4000

static uint32_t samples[ROUND];

static void sort(void)
{
    for (uint32_t gap = ROUND / 2; gap > 0; gap /= 2) {
        for (uint32_t i = gap; i < ROUND; i++) {
            uint32_t sample = samples[i], n = i;

            for (; n >= gap && samples[n - gap] > sample; n -= gap)
                samples[n] = samples[n - gap];
            samples[n] = sample;
        }
    }
}

static void wait_until(uint64_t ticks)
{
    while (ticks_now() < ticks)
        guest_yield();
}

static bool one_message(uint32_t *ticks)
{
    static const struct message version = { .protocol = BASE };
    uint64_t start = ticks_now();
    bool good = message_send(&version) == 0;

    *ticks = (uint32_t)(ticks_now() - start);
    while (ticks_now() < start + ticks_per_second() / PER_SECOND)
        ;
    return good && page_of_agent()[PAGE_LENGTH] == 12 && page_of_agent()[PAGE_PAYLOAD + 1];
}

void measure_latency(void)
{
    const struct message clock_on = {
        CLOCK, 0x7, 2, { (uint32_t)args_value("own=0x", 0), 1, 0, 0 },
    };

    for (uint64_t round = 1;; round++) {
        uint64_t failed = 0;
        int32_t status;

        print_value("PROBE begin round=", round);
        print("\n");
        for (uint32_t n = 0; n < ROUND; n++)
            failed += !one_message(&samples[n]);
        status = message_send(&clock_on);
        sort();
        print_value("PROBE latency round=", round);
        print_value(" messages=", ROUND);
        print_value(" failed=", failed);
        print_value(" clock=", (uint32_t)status);
        print_value(" min=", samples[0]);
        print_value(" median=", samples[ROUND / 2]);
        print_value(" max=", samples[ROUND - 1]);
        print_value(" frequency=", ticks_per_second());
        print("\n");
        wait_until(ticks_now() + ticks_per_second());
    }
}
