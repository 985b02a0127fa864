/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Base protocol: what it tells to whom, and who may set permissions. */
#include "messages.h"
#include "tests.h"

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

void test_base_protocol(void)
{
    test_base();
    test_base_messages();
    test_discover_agent();
    test_only_trusted();
    test_bad_permissions();
}
