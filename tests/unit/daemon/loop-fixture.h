/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A real event loop. Included once by each test program. */

#ifndef SCMI_MED_TESTS_UNIT_DAEMON_LOOP_FIXTURE_H
#define SCMI_MED_TESTS_UNIT_DAEMON_LOOP_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/loop.h"

#define TURN_ROUNDS 10

static struct loop *loop;

struct turn {
    struct loop_timer *timer;
    unsigned int round, ms;
};

static void on_round(void *context)
{
    struct turn *turn = context;

    if (++turn->round == TURN_ROUNDS)
        loop_stop(loop);
    else
        assert_int_equal(loop_timer_start(turn->timer, turn->ms), 0);
}

/*
 * Lets the loop handle its events for so long. On a busy machine the time may
 * pass without the processor, so the loop also goes round a number of times.
 */
static void turn_for(unsigned int ms)
{
    struct turn turn = { .ms = ms / TURN_ROUNDS };

    turn.timer = loop_timer_new(loop, on_round, &turn);
    assert_non_null(turn.timer);
    assert_int_equal(loop_timer_start(turn.timer, turn.ms), 0);
    assert_int_equal(loop_run(loop), 0);
    loop_timer_free(turn.timer);
}

#endif
