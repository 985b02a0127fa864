/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the board's firmware must do, seen from its agents. Every test leaves
 * the platform as it was at the start: nothing granted, nothing on.
 */
#include "agent.h"

#define RTC         10u     /* device: clock, power domain, reset 1 */
#define GPIO        11u     /* device: clock, power domain, reset 2 */
#define GUEST       3u
#define OTHER       4u
#define ALLOW       1u
#define DENY        0u
#define POWER_ON    0u
#define POWER_OFF   0x40000000u

void selftest(void);

/* ---- The messages that tests send often ----------------------------------- */

static int32_t set_device(unsigned as, uint32_t agent, uint32_t device, uint32_t flags)
{
    return ask(as, BASE, 0x9, agent, device, flags);
}

static int32_t set_protocol(unsigned as, uint32_t agent, uint32_t device,
                            uint32_t protocol, uint32_t flags)
{
    return ask(as, BASE, 0xa, agent, device, protocol, flags);
}

static int32_t reset_agent(unsigned as, uint32_t agent, uint32_t flags)
{
    return ask(as, BASE, 0xb, agent, flags);
}

static int32_t set_clock(unsigned as, uint32_t id, uint32_t on)
{
    return ask(as, CLOCK, 0x7, id, on);
}

/* As its agent sees it; -1 if that fails. */
static int clock_is_on(unsigned as, uint32_t id)
{
    return ask(as, CLOCK, 0x3, id) == SUCCESS ? (int)(answer[0] & 1) : -1;
}

static int32_t set_power(unsigned as, uint32_t id, uint32_t state)
{
    return ask(as, POWER, 0x4, 0, id, state);
}

static uint32_t power_state(unsigned as, uint32_t id)
{
    return ask(as, POWER, 0x5, id) == SUCCESS ? answer[0] : 0xbad;
}

static int32_t set_reset(unsigned as, uint32_t id, uint32_t flags)
{
    return ask(as, RESET, 0x4, id, flags, 0);
}

static bool text_is(const uint32_t *words, const char *text)
{
    unsigned n;

    for (n = 0; text[n]; n++) {
        if ((char)(words[n / 4] >> (8 * (n % 4))) != text[n]) {
            return false;
        }
    }
    return (char)(words[n / 4] >> (8 * (n % 4))) == '\0';
}

/* ---- Tests ---------------------------------------------------------------- */

static void test_base(void)
{
    is(ask(GUEST, BASE, 0x0), SUCCESS, "base: version");
    ok(answer[0] == 0x20000, "base: version is 2.0");
    is(ask(GUEST, BASE, 0x0, 0), PROTOCOL_ERROR, "base: version takes no argument");
    is(ask(GUEST, BASE, 0x1), SUCCESS, "base: attributes");
    is(answer[0], AGENTS << 8 | 3, "base: 16 agents, 3 protocols");
    ok(ask(GUEST, BASE, 0x3) == SUCCESS && text_is(answer, "scmi-med"), "base: vendor");
    ok(ask(GUEST, BASE, 0x4) == SUCCESS && text_is(answer, "board"), "base: sub-vendor");
    is(ask(GUEST, BASE, 0x5), SUCCESS, "base: implementation version");
    ok(ask(GUEST, BASE, 0x6, 0) == SUCCESS && answer_words == 2 && answer[0] == 3 &&
       answer[1] == 0x00161411, "base: protocols are 0x11 0x14 0x16");
    ok(ask(GUEST, BASE, 0x6, 2) == SUCCESS && answer[0] == 1 && answer[1] == 0x16,
       "base: protocols after the second");
    ok(ask(GUEST, BASE, 0x6, 99) == SUCCESS && answer[0] == 0, "base: no 99 protocols");
}

static void test_base_messages(void)
{
    static const uint32_t known[] = { 0, 1, 2, 3, 4, 5, 6, 7, 9, 0xa, 0xb };
    static const uint32_t unknown[] = { 8, 0xc, 0x10, 0xff, 0x107, 0xffffffff };
    unsigned n, right = 0;

    for (n = 0; n < sizeof(known) / 4; n++) {
        right += ask(GUEST, BASE, 0x2, known[n]) == SUCCESS && answer[0] == 0;
    }
    is(right, sizeof(known) / 4, "base: says which messages it knows");
    right = 0;
    for (n = 0; n < sizeof(unknown) / 4; n++) {
        right += ask(GUEST, BASE, 0x2, unknown[n]) == NOT_FOUND;
    }
    is(right, sizeof(unknown) / 4, "base: says which messages it does not know");
    is(ask(GUEST, BASE, 0x2), PROTOCOL_ERROR, "base: asked without a message");
    is(ask(GUEST, BASE, 0x8, 1), NOT_SUPPORTED, "base: no error notifications");
    is(ask(GUEST, BASE, 0xc), NOT_SUPPORTED, "base: unknown message");
    is(ask(GUEST, CLOCK, 0x50), NOT_SUPPORTED, "unknown message of a known protocol");
    is(ask(GUEST, 0x13, 0x0), NOT_SUPPORTED, "unknown protocol");
    is(ask(GUEST, 0xff, 0xff), NOT_SUPPORTED, "unknown everything");
}

static void test_discover_agent(void)
{
    unsigned n, right = 0;

    for (n = 1; n <= AGENTS; n++) {
        right += ask(n, BASE, 0x7, 0xffffffff) == SUCCESS && answer[0] == n;
    }
    is(right, AGENTS, "agents: each finds itself");
    right = 0;
    for (n = 0; n <= AGENTS; n++) {
        right += ask(GUEST, BASE, 0x7, n) == SUCCESS && answer[0] == n && answer_words == 5;
    }
    is(right, AGENTS + 1, "agents: each is found by its number");
    ok(ask(GUEST, BASE, 0x7, DOM0) == SUCCESS && text_is(answer + 1, "dom0"), "agents: dom0");
    ok(ask(GUEST, BASE, 0x7, TRUSTED) == SUCCESS && text_is(answer + 1, "xen"), "agents: xen");
    ok(ask(GUEST, BASE, 0x7, 16) == SUCCESS && text_is(answer + 1, "guest16"), "agents: guest16");
    is(ask(GUEST, BASE, 0x7, 17), NOT_FOUND, "agents: there is no 17th");
    is(ask(GUEST, BASE, 0x7), PROTOCOL_ERROR, "agents: asked without a number");
}

static void test_only_trusted(void)
{
    unsigned n, right = 0;

    for (n = 1; n <= AGENTS; n++) {
        if (n != TRUSTED) {
            right += set_device(n, n, RTC, ALLOW) == DENIED;
            right += set_protocol(n, n, RTC, CLOCK, ALLOW) == DENIED;
            right += reset_agent(n, n, 1) == DENIED;
            right += set_clock(n, 1, 1) == DENIED;
        }
    }
    is(right, 4 * (AGENTS - 1), "trusted: nobody else can set permissions");
    registers[7] = TRUSTED;
    is(set_device(GUEST, GUEST, RTC, ALLOW), DENIED, "trusted: not by a client id in x7");
    registers[7] = 0;
    is(set_clock(GUEST, 1, 1), DENIED, "trusted: nothing was granted");
    is(set_clock(TRUSTED, 1, 1), DENIED, "trusted: itself has no device");
}

static void test_bad_permissions(void)
{
    is(ask(TRUSTED, BASE, 0x9, GUEST, RTC), PROTOCOL_ERROR, "set device: too short");
    is(ask(TRUSTED, BASE, 0x9, GUEST, RTC, 1, 0), PROTOCOL_ERROR, "set device: too long");
    is(set_device(TRUSTED, 0, RTC, ALLOW), NOT_FOUND, "set device: no agent 0");
    is(set_device(TRUSTED, 17, RTC, ALLOW), NOT_FOUND, "set device: no agent 17");
    is(set_device(TRUSTED, 0xffffffff, RTC, ALLOW), NOT_FOUND, "set device: self is no agent");
    is(set_device(TRUSTED, GUEST, 9, ALLOW), NOT_FOUND, "set device: no device 9");
    is(set_device(TRUSTED, GUEST, 13, ALLOW), NOT_FOUND, "set device: no device 13");
    is(set_device(TRUSTED, GUEST, RTC, 2), INVALID_PARAMETERS, "set device: no flag 2");
    is(ask(TRUSTED, BASE, 0xa, GUEST, RTC, CLOCK), PROTOCOL_ERROR, "set protocol: too short");
    is(set_protocol(TRUSTED, 17, RTC, CLOCK, DENY), NOT_FOUND, "set protocol: no agent 17");
    is(set_protocol(TRUSTED, GUEST, 9, CLOCK, DENY), NOT_FOUND, "set protocol: no device 9");
    is(set_protocol(TRUSTED, GUEST, RTC, BASE, DENY), NOT_FOUND, "set protocol: not base");
    is(set_protocol(TRUSTED, GUEST, RTC, 0x13, DENY), NOT_FOUND, "set protocol: no 0x13");
    is(set_protocol(TRUSTED, GUEST, RTC, 0xffffffff, DENY), NOT_FOUND, "set protocol: no such");
    is(set_protocol(TRUSTED, GUEST, RTC, CLOCK, 2), INVALID_PARAMETERS, "set protocol: no flag 2");
    is(ask(TRUSTED, BASE, 0xb, GUEST), PROTOCOL_ERROR, "reset agent: too short");
    is(reset_agent(TRUSTED, 0, 1), NOT_FOUND, "reset agent: no agent 0");
    is(reset_agent(TRUSTED, 17, 1), NOT_FOUND, "reset agent: no agent 17");
    is(reset_agent(TRUSTED, GUEST, 2), INVALID_PARAMETERS, "reset agent: no flag 2");
    is(set_clock(GUEST, 1, 1), DENIED, "bad requests granted nothing");
}

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

/* A message whose frame is wrong; the one after it must be served. */
static bool frame_is_refused(uint32_t status, uint32_t length)
{
    volatile struct page *page = page_of(GUEST);

    page->header = BASE << 10;
    page->length = length;
    page->status = status;
    return ring(GUEST) == 0 && (page->status & (PAGE_FREE | PAGE_ERROR)) == (PAGE_FREE | PAGE_ERROR)
           && ask(GUEST, BASE, 0x0) == SUCCESS;
}

static void test_frame(void)
{
    ok(frame_is_refused(PAGE_FREE, 4), "frame: channel is free");
    ok(frame_is_refused(PAGE_ERROR, 4), "frame: channel is in error");
    ok(frame_is_refused(0, 0), "frame: no header");
    ok(frame_is_refused(0, 3), "frame: part of a header");
    ok(frame_is_refused(0, 97), "frame: longer than the slot");
    ok(frame_is_refused(0, 0x1000), "frame: longer than the page");
    ok(frame_is_refused(0, 0xffffffff), "frame: longest");
    is(ask_words(GUEST, BASE, 0x0, (const uint32_t[23]){ 0 }, 23), PROTOCOL_ERROR,
       "frame: as long as can be");
}

static void test_registers(void)
{
    uint64_t n;

    for (n = 1; n < 8; n++) {
        registers[n] = 0x1111111111111111 * n;
    }
    is(ask(5, BASE, 0x7, 0xffffffff), SUCCESS, "registers: do not matter");
    is(answer[0], 5, "registers: do not say who calls");
    for (n = 1; n < 8; n++) {
        registers[n] = 0;
    }
}

static uint32_t ring_at(uint32_t id)
{
    uint32_t result, before = function_id[TRUSTED];

    function_id[TRUSTED] = id;
    result = ring(TRUSTED);
    function_id[TRUSTED] = before;
    return result;
}

/* Two CPUs share nothing here but the firmware: no variable is safe. */
#define ROUNDS  200u
static volatile uint32_t second_right, second_done;

static uint32_t hammer(unsigned agent)
{
    volatile struct page *page = page_of(agent);
    uint32_t n, right = 0;

    for (n = 0; n < ROUNDS; n++) {
        uint64_t x[8] = { 0x82000010 + agent };

        page->length = 8;
        page->header = 0x7 | BASE << 10 | n << 18;
        page->payload[0] = 0xffffffff;
        page->status = 0;
        smc(x);
        right += x[0] == 0 && page->status == PAGE_FREE && page->payload[0] == SUCCESS &&
                 page->payload[1] == agent && page->header == (0x7 | BASE << 10 | n << 18);
    }
    return right;
}

void second(void)
{
    second_right = hammer(7);
    second_done = 1;
}

static void test_two_cpus(void)
{
    uint32_t right;

    if (!start_second_cpu()) {
        ok(false, "two CPUs: the second starts");
        return;
    }
    right = hammer(6);
    while (!second_done) {
    }
    smcs += 2 * ROUNDS;
    is(right, ROUNDS, "two CPUs: the first gets its answers");
    is(second_right, ROUNDS, "two CPUs: the second gets its answers");
}

static void test_unknown(void)
{
    static const uint32_t ids[] = {
        0x82000000, 0x82000010, 0x82000021, 0x820000ef, 0x820000f4, 0xc2000011, 0x8200ffff,
    };
    unsigned n, right = 0;

    for (n = 0; n < sizeof(ids) / 4; n++) {
        right += ring_at(ids[n]) == SMCCC_NOT_SUPPORTED;
    }
    is(right, sizeof(ids) / 4, "other function IDs are unknown");
}

static void test_faults(void)
{
    volatile struct page *page = page_of(TRUSTED);

    function_id[TRUSTED] = 0x820000f0;
    is(ask(TRUSTED, BASE, 0x0), NO_ANSWER, "fault: garbage");
    ok(page->status == PAGE_FREE && page->length > 0x1000 && page->header != BASE << 10 &&
       page->payload[0] == 0, "fault: garbage looks like success at first sight");
    function_id[TRUSTED] = 0x820000f1;
    is(ask(TRUSTED, BASE, 0x7, 0xffffffff), NO_ANSWER, "fault: silent");
    ok(page->status == 0 && page->length == 8 && page->payload[0] == 0xffffffff,
       "fault: silent touches nothing");
    function_id[TRUSTED] = 0x820000f2;
    is(ask(TRUSTED, BASE, 0x0), NOT_SUPPORTED, "fault: no version");
    is(set_device(TRUSTED, GUEST, RTC, ALLOW), NOT_SUPPORTED, "fault: nothing supported");
    is(ask(TRUSTED, CLOCK, 0x0), NOT_SUPPORTED, "fault: no clocks either");
    function_id[TRUSTED] = 0x820000f3;
    ok(ask(TRUSTED, BASE, 0x1) == SUCCESS && answer[0] == 3, "fault: server without agents");
    is(ask(TRUSTED, BASE, 0x2, 0x9), NOT_FOUND, "fault: says that it has no permissions");
    is(ask(TRUSTED, BASE, 0x7, 0xffffffff), NOT_SUPPORTED, "fault: no discovery");
    is(set_device(TRUSTED, GUEST, RTC, ALLOW), NOT_SUPPORTED, "fault: no permissions");
    is(reset_agent(TRUSTED, GUEST, 1), NOT_SUPPORTED, "fault: no reset");
    function_id[TRUSTED] = 0x82000010 + TRUSTED;
    is(set_clock(GUEST, 1, 1), DENIED, "fault: nothing was granted");
    is(ask(TRUSTED, BASE, 0x0), SUCCESS, "the trusted channel works again");
}

void selftest(void)
{
    unsigned n;

    for (n = 1; n <= AGENTS; n++) {
        function_id[n] = 0x82000010 + n;
    }
    put("TAP version 13\n");
    test_base();
    test_base_messages();
    test_discover_agent();
    test_only_trusted();
    test_bad_permissions();
    test_clock_readable();
    test_clock();
    test_power();
    test_reset();
    test_protocol_permissions();
    test_reset_agent();
    test_frame();
    test_registers();
    test_two_cpus();
    test_unknown();
    test_faults();
    done();
}
