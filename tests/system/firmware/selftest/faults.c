/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes wrong on purpose: by function ID, and by command. */
#include "messages.h"
#include "tests.h"

/* ---- By function ID, for the trusted agent -------------------------------- */

static void trusted_by(uint32_t id)
{
    function_id[TRUSTED] = id;
}

static void test_garbage_and_silent(void)
{
    volatile struct page *page = page_of(TRUSTED);

    trusted_by(0x820000f0);
    is(ask(TRUSTED, BASE, 0x0), NO_ANSWER, "fault: garbage");
    ok(page->status == PAGE_FREE && page->length > 0x1000 && page->header != BASE << 10 &&
       page->payload[0] == 0, "fault: garbage looks like success at first sight");
    trusted_by(0x820000f1);
    is(ask(TRUSTED, BASE, 0x7, 0xffffffff), NO_ANSWER, "fault: silent");
    ok(page->status == 0 && page->length == 8 && page->payload[0] == 0xffffffff,
       "fault: silent touches nothing");
}

static void test_lacking(void)
{
    trusted_by(0x820000f2);
    is(ask(TRUSTED, BASE, 0x0), NOT_SUPPORTED, "fault: no version");
    is(set_device(TRUSTED, GUEST, RTC, ALLOW), NOT_SUPPORTED, "fault: nothing supported");
    is(ask(TRUSTED, CLOCK, 0x0), NOT_SUPPORTED, "fault: no clocks either");
    trusted_by(0x820000f3);
    ok(ask(TRUSTED, BASE, 0x1) == SUCCESS && answer[0] == 3, "fault: server without agents");
    is(ask(TRUSTED, BASE, 0x2, 0x9), NOT_FOUND, "fault: says that it has no permissions");
    is(ask(TRUSTED, BASE, 0x7, 0xffffffff), NOT_SUPPORTED, "fault: no discovery");
    is(set_device(TRUSTED, GUEST, RTC, ALLOW), NOT_SUPPORTED, "fault: no permissions");
    is(reset_agent(TRUSTED, GUEST, 1), NOT_SUPPORTED, "fault: no reset");
}

/* Those that commands switch on too: that they are there. */
static void test_boot_faults(void)
{
    volatile struct page *page = page_of(TRUSTED);
    uint64_t start;

    trusted_by(0x820000f4);
    is(ask(TRUSTED, BASE, 0x0), BUSY, "boot fault: busy");
    trusted_by(0x820000f5);
    is(ask(TRUSTED, BASE, 0x0), NO_ANSWER, "boot fault: another token");
    trusted_by(0x820000f6);
    is(ask(TRUSTED, BASE, 0x0), NO_ANSWER, "boot fault: another message");
    trusted_by(0x820000f7);
    ok(ask(TRUSTED, BASE, 0x0) == NO_ANSWER && page->length == 4, "boot fault: too short");
    trusted_by(0x820000f8);
    ok(ask(TRUSTED, BASE, 0x0) == NO_ANSWER && page->length == 100, "boot fault: too long");
    trusted_by(0x820000f9);
    ok(ask(TRUSTED, BASE, 0x0) == NO_ANSWER && page->length == 0xffffffff, "boot fault: huge");
    trusted_by(0x820000fa);
    ok(ask(TRUSTED, BASE, 0x0) == NO_ANSWER && page->status == (PAGE_FREE | PAGE_ERROR),
       "boot fault: channel in error");
    trusted_by(0x820000fb);
    ok(ask(TRUSTED, BASE, 0x2, 0xb) == NOT_FOUND &&
       reset_agent(TRUSTED, GUEST, 1) == NOT_SUPPORTED, "boot fault: no reset");
    trusted_by(0x820000fc);
    is(reset_agent(TRUSTED, GUEST, 1), GENERIC_ERROR, "boot fault: reset fails");
    trusted_by(0x820000fd);
    start = now_ms();
    ok(ask(TRUSTED, BASE, 0x0) == SUCCESS && now_ms() >= start + 4, "boot fault: slow");
    trusted_by(0x820000fe);
    is(ring(TRUSTED), 0xfffffffe, "boot fault: an SMCCC error");
    trusted_by(0x82000030 + TRUSTED);
    ok(ask(TRUSTED, BASE, 0x7, 0xffffffff) == SUCCESS && answer[0] == 99,
       "boot fault: another identity");
}

/* ---- By command ----------------------------------------------------------- */

static void test_no_call(void)
{
    volatile struct page *page = page_of(TRUSTED);

    page->header = 0x1234;
    command("fault 2 smccc -1");
    ok(ring(TRUSTED) == SMCCC_NOT_SUPPORTED && page->header == 0x1234,
       "command: an SMCCC error, and nothing else");
    command("fault 2 smccc -3");
    is((int32_t)ring(TRUSTED), -3, "command: another SMCCC error");
    is(ask(GUEST, BASE, 0x0), SUCCESS, "command: other agents are not concerned");
    command("off");
    is(ask(TRUSTED, BASE, 0x0), SUCCESS, "command: off");
}

static void test_status(void)
{
    command("fault 2 status -6");
    is(ask(TRUSTED, BASE, 0x0), BUSY, "command: busy");
    is(set_device(TRUSTED, GUEST, RTC, ALLOW), BUSY, "command: busy with everything");
    command("fault 3 status -8");
    is(ask(GUEST, BASE, 0x0), GENERIC_ERROR, "command: a guest's channel");
    is(ask(TRUSTED, BASE, 0x0), BUSY, "command: two at a time");
    command("off");
    is(ask(GUEST, BASE, 0x0), SUCCESS, "command: all are off");
    is(set_clock(GUEST, 1, 1), DENIED, "command: what failed was not obeyed");
}

/* The answer to a message that is obeyed. */
static bool spoils(const char *line)
{
    bool lost;

    command(line);
    lost = set_device(TRUSTED, GUEST, RTC, ALLOW) == NO_ANSWER;
    command("off");
    return lost && set_clock(GUEST, 1, 1) == SUCCESS &&
           set_device(TRUSTED, GUEST, RTC, DENY) == SUCCESS;
}

static void test_spoiled(void)
{
    volatile struct page *page = page_of(TRUSTED);

    ok(spoils("fault 2 token"), "command: another token");
    ok(spoils("fault 2 message"), "command: another message");
    ok(spoils("fault 2 length 4"), "command: too short");
    ok(spoils("fault 2 length 0xffffffff"), "command: too long");
    ok(spoils("fault 2 error"), "command: channel in error");
    command("fault 2 token");
    is(ask(TRUSTED, BASE, 0x1), NO_ANSWER, "command: another token once more");
    ok(page->status == PAGE_FREE && page->length == 12 && page->payload[0] == 0,
       "command: nothing but the token is wrong");
    command("fault 2 garbage");
    ok(ask(TRUSTED, BASE, 0x1) == NO_ANSWER && page->length == 0x7ffffff0, "command: garbage");
    command("off");
}

static void test_permission_faults(void)
{
    command("fault 2 nth 2 -3");
    is(set_device(TRUSTED, GUEST, RTC, ALLOW), SUCCESS, "command: not the first permission");
    is(reset_agent(TRUSTED, OTHER, 1), SUCCESS, "command: and no other message");
    is(set_device(TRUSTED, GUEST, GPIO, ALLOW), DENIED, "command: but the second");
    is(set_clock(GUEST, 2, 1), DENIED, "command: which is not obeyed");
    is(set_device(TRUSTED, GUEST, GPIO, ALLOW), SUCCESS, "command: nor the third");
    command("fault 2 no-reset");
    is(ask(TRUSTED, BASE, 0x2, 0xb), NOT_FOUND, "command: says that it has no reset");
    is(ask(TRUSTED, BASE, 0x2, 0x9), SUCCESS, "command: and that it has permissions");
    is(reset_agent(TRUSTED, GUEST, 1), NOT_SUPPORTED, "command: has no reset");
    command("fault 2 reset -3");
    is(ask(TRUSTED, BASE, 0x2, 0xb), SUCCESS, "command: says that it has reset");
    is(reset_agent(TRUSTED, GUEST, 1), DENIED, "command: reset fails");
    is(set_clock(GUEST, 1, 1), SUCCESS, "command: and is not obeyed");
    command("off");
    is(reset_agent(TRUSTED, GUEST, 1), SUCCESS, "command: reset works again");
}

static void test_late(void)
{
    volatile struct page *page = page_of(TRUSTED);
    uint64_t start;

    command("fault 2 silent");
    is(set_device(TRUSTED, GUEST, RTC, ALLOW), NO_ANSWER, "command: silent");
    ok(page->status == 0, "command: the channel stays busy");
    is(set_clock(GUEST, 1, 1), DENIED, "command: what was not answered was not obeyed");
    command("off");
    ok(page->status == PAGE_FREE && page->payload[0] == 0, "command: it is answered late");
    is(set_clock(GUEST, 1, 1), SUCCESS, "command: it is obeyed late");
    is(reset_agent(TRUSTED, GUEST, 1), SUCCESS, "command: reset");
    command("fault 2 slow 20");
    start = now_ms();
    ok(ask(TRUSTED, BASE, 0x0) == SUCCESS && now_ms() >= start + 19, "command: slow");
    command("fault 2 identity 7");
    ok(ask(TRUSTED, BASE, 0x7, 0xffffffff) == SUCCESS && answer[0] == 7,
       "command: another identity");
    command("fault 2 old");
    is(ask(TRUSTED, BASE, 0x7, 0xffffffff), NOT_SUPPORTED, "command: an old server");
}

static void test_bad_commands(void)
{
    command("off");
    command("");
    command("nonsense");
    command("fault 2");
    command("fault 0 silent");
    command("fault 17 silent");
    command("fault 2 nonsense");
    command("fault 2 status 1 2 3 4");
    command("fault 2 silent                                                              ");
    is(ask(TRUSTED, BASE, 0x0), SUCCESS, "command: those that are none do nothing");
}

void test_faults(void)
{
    test_garbage_and_silent();
    test_lacking();
    test_boot_faults();
    trusted_by(FUNCTION_ID + TRUSTED);
    is(set_clock(GUEST, 1, 1), DENIED, "fault: nothing was granted");
    is(ask(TRUSTED, BASE, 0x0), SUCCESS, "the trusted channel works again");
    test_no_call();
    test_status();
    test_spoiled();
    test_permission_faults();
    test_late();
    test_bad_commands();
}
