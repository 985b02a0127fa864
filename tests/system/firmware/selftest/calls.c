/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls: what is in the page, what is in the registers, who else calls. */
#include "messages.h"
#include "tests.h"

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

/* Two CPUs share nothing here but the firmware: no variable is safe. */
#define ROUNDS  200u
static volatile uint32_t second_right, second_done;

static uint32_t hammer(unsigned agent)
{
    volatile struct page *page = page_of(agent);
    uint32_t n, right = 0;

    for (n = 0; n < ROUNDS; n++) {
        uint64_t x[8] = { FUNCTION_ID + agent };

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

/* ---- Who calls ------------------------------------------------------------ */

static const uint32_t families[] = { 0x82000000, 0xc2000000, 0x83000000, 0xc3000000 };
#define FAMILIES (sizeof(families) / sizeof(families[0]))

/* Calls in another way than by the agent's own function ID. */
static void call_by(unsigned agent, uint32_t id, uint64_t x1, uint64_t x2, uint64_t x7)
{
    function_id[agent] = id;
    registers[1] = x1;
    registers[2] = x2;
    registers[7] = x7;
}

static void call_as_ever(unsigned agent)
{
    call_by(agent, FUNCTION_ID + agent, 0, 0, 0);
}

/* How many agents find that they are who they are. */
static unsigned agents_found(uint32_t id, unsigned per_agent, bool in_x7, bool in_x1)
{
    unsigned n, found = 0;

    for (n = 1; n <= AGENTS; n++) {
        call_by(n, id + n * per_agent, in_x1 ? 0xbff00 + n - 1 : 0x1234, in_x1 ? 0 : 0x5678,
                in_x7 ? n : 0x9abc);
        found += ask(n, BASE, 0x7, 0xffffffff) == SUCCESS && answer[0] == n;
        call_as_ever(n);
    }
    return found;
}

static void test_doors(void)
{
    unsigned n, per_agent = 0, by_x7 = 0, by_page = 0;

    for (n = 0; n < FAMILIES; n++) {
        per_agent += agents_found(families[n] | 0x10, 1, false, false);
        by_x7 += agents_found(families[n] | 0x100, 0, true, false);
        by_page += agents_found(families[n] | 0x101, 0, false, true);
    }
    is(per_agent, AGENTS * FAMILIES, "doors: a function ID per agent, in each family");
    is(by_x7, AGENTS * FAMILIES, "doors: a client id in x7, in each family");
    is(by_page, AGENTS * FAMILIES, "doors: a page in x1, in each family");
    call_by(TRUSTED, 0x82000100, 0, 0, 0);
    ok(ask(TRUSTED, BASE, 0x7, 0xffffffff) == SUCCESS && answer[0] == TRUSTED,
       "doors: nobody in x7 is the trusted agent");
    call_as_ever(TRUSTED);
}

static uint32_t ring_by(uint32_t id, uint64_t x1, uint64_t x2, uint64_t x7)
{
    uint32_t result;

    call_by(TRUSTED, id, x1, x2, x7);
    result = ring(TRUSTED);
    call_as_ever(TRUSTED);
    return result;
}

static void test_unknown(void)
{
    static const uint32_t ids[] = {
        0x82000000, 0x82000010, 0x82000021, 0x820000ef, 0x820000ff, 0x82000102, 0xc2000010,
        0x8200ffff, 0x83000010, 0xc3000021,
    };
    static const uint64_t clients[] = { 17, 0xffff, 0x100000003, 0xffffffffffffffff };
    static const uint64_t pages[] = {
        0, 0xbfeff, 0xbff10, 0xbff02000, 0x1000bff02, 0xffffffffffffffff,
    };
    unsigned n, right = 0;

    for (n = 0; n < sizeof(ids) / sizeof(ids[0]); n++) {
        right += ring_by(ids[n], 0, 0, 3) == SMCCC_NOT_SUPPORTED;
    }
    is(right, sizeof(ids) / sizeof(ids[0]), "other function IDs are unknown");
    right = 0;
    for (n = 0; n < sizeof(clients) / sizeof(clients[0]); n++) {
        right += ring_by(0xc3000100, 0, 0, clients[n]) == SMCCC_NOT_SUPPORTED;
    }
    is(right, sizeof(clients) / sizeof(clients[0]), "other client ids are unknown");
    right = 0;
    for (n = 0; n < sizeof(pages) / sizeof(pages[0]); n++) {
        right += ring_by(0xc2000101, pages[n], 0, 3) == SMCCC_NOT_SUPPORTED;
    }
    is(right, sizeof(pages) / sizeof(pages[0]), "other pages are unknown");
    is(ring_by(0xc2000101, 0xbff02, 4, 3), SMCCC_NOT_SUPPORTED, "a part of a page is unknown");
}

void test_calls(void)
{
    test_frame();
    test_registers();
    test_two_cpus();
    test_doors();
    test_unknown();
}
