/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks, power domains and resets, with and without permission. */
#include "messages.h"
#include "tests.h"

static void test_clock_readable(void)
{
    ok(ask(GUEST, CLOCK, 0x1) == SUCCESS && (answer[0] & 0xffff) == 3, "clock: there are three");
    ok(ask(GUEST, CLOCK, 0x3, 1) == SUCCESS && answer[0] == 0 && text_is(answer + 1, "rtc"),
       "clock: name and state without permission");
    ok(ask(GUEST, CLOCK, 0x6, 1) == SUCCESS && answer[0] == 24000000 && answer[1] == 0,
       "clock: rate");
    ok(ask(GUEST, CLOCK, 0x4, 1, 0) == SUCCESS && answer_words == 3 && answer[0] == 1 &&
       answer[1] == 24000000 && answer[2] == 0, "clock: list of rates");
    ok(ask(GUEST, CLOCK, 0x4, 1, 1) == SUCCESS && answer_words == 1 && answer[0] == 0,
       "clock: no second rate");
    is(ask(GUEST, CLOCK, 0x4, 1, 2), OUT_OF_RANGE, "clock: no third rate");
    is(ask(GUEST, CLOCK, 0x4, 1, 0xffffffff), OUT_OF_RANGE, "clock: no last rate");
    is(ask(GUEST, CLOCK, 0x3, 3), INVALID_PARAMETERS, "clock: no clock 3");
    is(set_clock(GUEST, 3, 1), INVALID_PARAMETERS, "clock: no clock 3 to enable");
    is(ask(GUEST, CLOCK, 0x7, 1), PROTOCOL_ERROR, "clock: enable too short");
    is(ask(GUEST, CLOCK, 0x5, 0, 1, 24000000, 0), DENIED, "clock: rate is not set unpermitted");
}

static void test_clock(void)
{
    is(set_clock(GUEST, 1, 1), DENIED, "clock: denied at first");
    is(set_device(TRUSTED, GUEST, RTC, ALLOW), SUCCESS, "clock: granted");
    is(set_clock(GUEST, 1, 1), SUCCESS, "clock: enabled");
    is(clock_is_on(GUEST, 1), 1, "clock: is on");
    is(clock_is_on(OTHER, 1), 0, "clock: an agent sees its own side only");
    is(set_clock(GUEST, 2, 1), DENIED, "clock: another device's is denied");
    is(set_clock(GUEST, 0, 1), DENIED, "clock: Dom0's is denied");
    is(set_clock(OTHER, 1, 1), DENIED, "clock: denied to another agent");
    is(set_clock(OTHER, 1, 0), DENIED, "clock: another agent cannot disable it");
    is(ask(GUEST, CLOCK, 0x5, 0, 1, 24000000, 0), SUCCESS, "clock: rate as it is");
    is(ask(GUEST, CLOCK, 0x5, 0, 1, 48000000, 0), INVALID_PARAMETERS, "clock: no other rate");

    is(set_device(TRUSTED, OTHER, RTC, ALLOW), SUCCESS, "clock: shared with another agent");
    is(set_clock(OTHER, 1, 1), SUCCESS, "clock: enabled by both");
    is(set_clock(GUEST, 1, 0), SUCCESS, "clock: disabled by one");
    is(clock_is_on(GUEST, 1) * 2 + clock_is_on(OTHER, 1), 1, "clock: on for the other");
    is(set_clock(GUEST, 1, 1), SUCCESS, "clock: enabled by both again");

    is(set_device(TRUSTED, OTHER, RTC, DENY), SUCCESS, "clock: revoked");
    is(clock_is_on(OTHER, 1), 0, "clock: off with the permission");
    is(set_clock(OTHER, 1, 1), DENIED, "clock: denied again");
    is(clock_is_on(GUEST, 1), 1, "clock: stays on for the first");
    is(set_device(TRUSTED, GUEST, RTC, DENY), SUCCESS, "clock: revoked from the first");
    is(set_device(TRUSTED, GUEST, RTC, DENY), SUCCESS, "clock: revoked twice");
    is(clock_is_on(GUEST, 1), 0, "clock: off");
}

static void test_power(void)
{
    ok(ask(GUEST, POWER, 0x1) == SUCCESS && answer[0] == 3, "power: there are three");
    ok(ask(GUEST, POWER, 0x3, 2) == SUCCESS && text_is(answer + 1, "gpio"), "power: name");
    is(power_state(GUEST, 2), POWER_OFF, "power: off at first");
    is(set_power(GUEST, 2, POWER_ON), DENIED, "power: denied at first");
    is(set_power(GUEST, 3, POWER_ON), INVALID_PARAMETERS, "power: no domain 3");
    is(set_device(TRUSTED, GUEST, GPIO, ALLOW), SUCCESS, "power: granted");
    is(set_power(GUEST, 2, POWER_ON), SUCCESS, "power: on");
    is(power_state(GUEST, 2), POWER_ON, "power: is on");
    is(power_state(OTHER, 2), POWER_OFF, "power: an agent sees its own side only");
    is(set_power(GUEST, 1, POWER_ON), DENIED, "power: another device's is denied");
    is(set_power(GUEST, 2, 5), INVALID_PARAMETERS, "power: no state 5");
    is(ask(GUEST, POWER, 0x4, 1, 2, POWER_OFF), NOT_SUPPORTED, "power: nothing asynchronous");
    is(ask(GUEST, POWER, 0x4, 4, 2, POWER_OFF), INVALID_PARAMETERS, "power: no flag 4");
    is(set_power(GUEST, 2, POWER_OFF), SUCCESS, "power: off");
    is(power_state(GUEST, 2), POWER_OFF, "power: is off");
    is(set_power(GUEST, 2, POWER_ON), SUCCESS, "power: on again");
    is(set_device(TRUSTED, GUEST, GPIO, DENY), SUCCESS, "power: revoked");
    is(power_state(GUEST, 2), POWER_OFF, "power: off with the permission");
}

static void test_reset(void)
{
    ok(ask(GUEST, RESET, 0x1) == SUCCESS && answer[0] == 3, "reset: there are three");
    ok(ask(GUEST, RESET, 0x3, 1) == SUCCESS && text_is(answer + 2, "rtc"), "reset: name");
    is(set_reset(GUEST, 1, 0), DENIED, "reset: release denied at first");
    is(set_reset(GUEST, 1, 1), DENIED, "reset: denied at first");
    is(set_reset(GUEST, 3, 0), NOT_FOUND, "reset: no line 3");
    is(set_device(TRUSTED, GUEST, RTC, ALLOW), SUCCESS, "reset: granted");
    is(set_reset(GUEST, 1, 0), SUCCESS, "reset: released");
    is(set_reset(GUEST, 1, 2), SUCCESS, "reset: asserted");
    is(set_reset(GUEST, 1, 1), SUCCESS, "reset: at one go");
    is(ask(GUEST, RESET, 0x4, 1, 1, 7), INVALID_PARAMETERS, "reset: no kind 7");
    is(set_reset(GUEST, 2, 0), DENIED, "reset: another device's is denied");
    is(set_device(TRUSTED, OTHER, RTC, ALLOW), SUCCESS, "reset: granted to another agent");
    is(set_device(TRUSTED, GUEST, RTC, DENY), SUCCESS, "reset: revoked, line stays released");
    is(set_device(TRUSTED, OTHER, RTC, DENY), SUCCESS, "reset: revoked, line is asserted");
}

static void test_protocol_permissions(void)
{
    is(set_device(TRUSTED, GUEST, RTC, ALLOW), SUCCESS, "protocol: granted");
    is(set_clock(GUEST, 1, 1), SUCCESS, "protocol: clock on");
    is(set_power(GUEST, 1, POWER_ON), SUCCESS, "protocol: power on");
    is(set_protocol(TRUSTED, GUEST, RTC, CLOCK, DENY), SUCCESS, "protocol: clock denied");
    is(clock_is_on(GUEST, 1), 0, "protocol: clock is off");
    is(set_clock(GUEST, 1, 1), DENIED, "protocol: clock cannot be enabled");
    is(power_state(GUEST, 1), POWER_ON, "protocol: power stays on");
    is(set_reset(GUEST, 1, 0), SUCCESS, "protocol: reset is not concerned");
    is(set_protocol(TRUSTED, GUEST, RTC, RESET, DENY), SUCCESS, "protocol: reset denied");
    is(set_reset(GUEST, 1, 0), DENIED, "protocol: reset cannot be released");
    is(set_protocol(TRUSTED, GUEST, RTC, CLOCK, ALLOW), SUCCESS, "protocol: clock allowed");
    is(set_clock(GUEST, 1, 1), SUCCESS, "protocol: clock on again");
    is(set_device(TRUSTED, GUEST, RTC, ALLOW), SUCCESS, "protocol: device allows all of it");
    is(set_reset(GUEST, 1, 0), SUCCESS, "protocol: reset released again");
    is(set_device(TRUSTED, GUEST, RTC, DENY), SUCCESS, "protocol: revoked");
    is(set_protocol(TRUSTED, GUEST, RTC, CLOCK, ALLOW), SUCCESS, "protocol: allowed alone");
    is(set_clock(GUEST, 1, 1), DENIED, "protocol: is nothing without the device");
}

static void test_reset_agent(void)
{
    is(set_device(TRUSTED, GUEST, RTC, ALLOW), SUCCESS, "reset agent: granted");
    is(set_device(TRUSTED, GUEST, GPIO, ALLOW), SUCCESS, "reset agent: granted a second");
    is(set_clock(GUEST, 1, 1), SUCCESS, "reset agent: clock on");
    is(set_power(GUEST, 2, POWER_ON), SUCCESS, "reset agent: power on");
    is(set_reset(GUEST, 1, 0), SUCCESS, "reset agent: reset released");
    is(reset_agent(TRUSTED, GUEST, 0), SUCCESS, "reset agent: permissions stay");
    is(clock_is_on(GUEST, 1), 0, "reset agent: clock is off");
    is(power_state(GUEST, 2), POWER_OFF, "reset agent: power is off");
    is(set_clock(GUEST, 1, 1), SUCCESS, "reset agent: clock on again");
    is(set_protocol(TRUSTED, GUEST, GPIO, POWER, DENY), SUCCESS, "reset agent: power denied");
    is(reset_agent(TRUSTED, GUEST, 1), SUCCESS, "reset agent: permissions go");
    is(clock_is_on(GUEST, 1), 0, "reset agent: clock is off again");
    is(set_clock(GUEST, 1, 1), DENIED, "reset agent: clock is denied");
    is(reset_agent(TRUSTED, GUEST, 1), SUCCESS, "reset agent: twice");
}

void test_resources(void)
{
    test_clock_readable();
    test_clock();
    test_power();
    test_reset();
    test_protocol_permissions();
    test_reset_agent();
}
