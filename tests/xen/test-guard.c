/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guard: which messages pass, as what, and what is answered in their place. */

#include "world.h"

#include "guard.h"

static struct scmi_grants grants;
static struct scmi_facts facts;
static struct scmi_message msg;
static struct scmi_expected expected;

static int setup(void **state)
{
    unsigned int kind;

    (void)state;
    memset(&grants, 0, sizeof(grants));
    facts = (struct scmi_facts){
        .known = true, .base = { { 0x20001 }, [5] = { 77 } },
        .nr_protocols = 5, .protocols = { SCMI_POWER, 0x13, SCMI_CLOCK, 0x15, SCMI_RESET },
        .version = { 0x30000, 0x30000, 0x30000 }, .count = { 4, 40, 8 },
    };
    memcpy(facts.base[3], "vendor\0\0\0\0\0\0\0\0\0", 16);
    memcpy(facts.base[4], "sub-vendor\0\0\0\0\0", 16);
    for (kind = 0; kind < SCMI_KINDS; kind++) {
        facts.messages[kind] = scmi_med_messages(kind, true) | scmi_med_messages(kind, false);
        grants.ids[kind][0] = 1U << 1 | 1U << 3;
    }
    return 0;
}

#define ask(protocol, id, ...) \
    ask_words(SCMI_HEADER(protocol, id), sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, \
              (const uint32_t[24]){ __VA_ARGS__ })

static bool ask_words(uint32_t header, size_t nr, const uint32_t *words)
{
    memset(&msg, 0xa5, sizeof(msg));
    memset(&expected, 0xa5, sizeof(expected));
    msg.header = header;
    msg.nr = (unsigned int)nr;
    memcpy(msg.words, words, nr * 4);
    return scmi_med_guard(&grants, &facts, &msg, &expected);
}

#define expect_status(status, protocol, id, ...) \
    do { \
        assert_false(ask(protocol, id, __VA_ARGS__)); \
        assert_int_equal(msg.nr, 1); \
        assert_int_equal((int32_t)msg.words[0], status); \
    } while (0)

#define expect_word(word, protocol, id, ...) \
    do { \
        assert_false(ask(protocol, id, __VA_ARGS__)); \
        assert_int_equal(msg.nr, 2); \
        assert_int_equal(msg.words[0], 0); \
        assert_int_equal(msg.words[1], word); \
    } while (0)

static void test_base(void **state)
{
    unsigned int id;

    (void)state;
    expect_word(0x20001, SCMI_BASE, 0);
    expect_word(3, SCMI_BASE, 1);
    expect_word(0, SCMI_BASE, 2, 6);
    expect_status(SCMI_NOT_FOUND, SCMI_BASE, 2, 7);
    expect_status(SCMI_NOT_FOUND, SCMI_BASE, 2, 0xb);
    assert_false(ask(SCMI_BASE, 3));
    assert_string_equal((char *)&msg.words[1], "vendor");
    assert_int_equal(msg.nr, 5);
    assert_false(ask(SCMI_BASE, 4));
    assert_string_equal((char *)&msg.words[1], "sub-vendor");
    expect_word(77, SCMI_BASE, 5);
    assert_false(ask(SCMI_BASE, 6, 0));
    assert_int_equal(msg.nr, 3);
    assert_int_equal(msg.words[1], 3);
    assert_int_equal(msg.words[2], 0x161411);
    assert_false(ask(SCMI_BASE, 6, 2));
    assert_int_equal(msg.words[1], 1);
    assert_int_equal(msg.words[2], 0x16);
    assert_false(ask(SCMI_BASE, 6, 3));
    assert_int_equal(msg.words[1], 0);
    assert_int_equal(msg.nr, 2);
    /* Nobody asks about agents, and nobody but Xen sets permissions. */
    for (id = 7; id < 256; id++)
        expect_status(SCMI_NOT_SUPPORTED, SCMI_BASE, id, 1, 1, 1);
    grants.host = true;
    expect_word(5, SCMI_BASE, 1);
    expect_status(SCMI_NOT_SUPPORTED, SCMI_BASE, 9, 1, 10, 1);
    expect_status(SCMI_NOT_SUPPORTED, SCMI_BASE, 0xb, 1, 1);
    expect_status(SCMI_PROTOCOL_ERROR, SCMI_BASE, 0, 1);
    expect_status(SCMI_PROTOCOL_ERROR, SCMI_BASE, 6);
}

static void test_common(void **state)
{
    (void)state;
    /* What guests see of the clock protocol is version 2. */
    expect_word(0x30000, SCMI_POWER, 0);
    expect_word(0x20000, SCMI_CLOCK, 0);
    facts.version[SCMI_KIND_CLOCK] = 0x10000;
    expect_word(0x10000, SCMI_CLOCK, 0);
    assert_false(ask(SCMI_POWER, 1));
    assert_int_equal(msg.nr, 5);
    assert_int_equal(msg.words[1], 4);
    assert_int_equal(msg.words[2] | msg.words[3] | msg.words[4], 0);
    expect_word(40, SCMI_CLOCK, 1);
    expect_word(0, SCMI_CLOCK, 2, 7);
    expect_word(0, SCMI_CLOCK, 2, 2);
    expect_status(SCMI_NOT_FOUND, SCMI_CLOCK, 2, 0xd);
    expect_status(SCMI_NOT_FOUND, SCMI_CLOCK, 2, 9);
    expect_status(SCMI_NOT_FOUND, SCMI_CLOCK, 2, 0x107);
    grants.host = true;
    facts.version[SCMI_KIND_CLOCK] = 0x30000;
    expect_word(0x30000, SCMI_CLOCK, 0);
    expect_word(0, SCMI_CLOCK, 2, 0xd);
    expect_status(SCMI_PROTOCOL_ERROR, SCMI_CLOCK, 0, 1);
    /* A protocol that the firmware lacks. */
    facts.version[SCMI_KIND_RESET] = 0;
    expect_status(SCMI_NOT_SUPPORTED, SCMI_RESET, 0);
    expect_status(SCMI_NOT_SUPPORTED, SCMI_RESET, 4, 1, 1, 0);
}

/* Reads are of every id; the state of what is another's is off. */
static void test_reads(void **state)
{
    (void)state;
    assert_true(ask(SCMI_CLOCK, 3, 1));
    assert_int_equal(expected.state_at, 0);
    assert_true(expected.clear & 1U << 28);
    assert_true(ask(SCMI_CLOCK, 3, 2));
    msg = (struct scmi_message){ .nr = 6, .words = { 0, 0xffffffff } };
    scmi_med_guard_answer(&expected, &msg);
    assert_int_equal(msg.words[1], 0x27fffffc);
    assert_true(ask(SCMI_CLOCK, 4, 2, 0));
    assert_true(ask(SCMI_CLOCK, 6, 2));
    assert_true(ask(SCMI_CLOCK, 8, 2));
    expect_status(SCMI_NOT_FOUND, SCMI_CLOCK, 3, 40);
    expect_status(SCMI_NOT_FOUND, SCMI_CLOCK, 6, 0xffffffff);
    assert_true(ask(SCMI_POWER, 5, 1));
    expect_word(1U << 30, SCMI_POWER, 5, 2);
    assert_true(ask(SCMI_POWER, 3, 2));
    assert_true(ask(SCMI_RESET, 3, 2));
    facts.messages[SCMI_KIND_CLOCK] &= ~(1U << 8);
    expect_status(SCMI_NOT_SUPPORTED, SCMI_CLOCK, 8, 2);
    expect_status(SCMI_PROTOCOL_ERROR, SCMI_CLOCK, 3);
    expect_status(SCMI_PROTOCOL_ERROR, SCMI_CLOCK, 3, 1, 1);
}

static void test_changes(void **state)
{
    (void)state;
    assert_true(ask(SCMI_POWER, 4, 0, 1, 1U << 30));
    assert_true(ask(SCMI_POWER, 4, 0, 1, 0));
    expect_status(SCMI_DENIED, SCMI_POWER, 4, 1, 2, 0);
    expect_status(SCMI_NOT_SUPPORTED, SCMI_POWER, 4, 1, 1, 0);
    expect_status(SCMI_INVALID_PARAMETERS, SCMI_POWER, 4, 0, 1, 5);
    expect_status(SCMI_NOT_FOUND, SCMI_POWER, 4, 1, 4, 0);
    assert_true(ask(SCMI_CLOCK, 5, 4, 3, 1000, 0));
    expect_status(SCMI_NOT_SUPPORTED, SCMI_CLOCK, 5, 1, 3, 1000, 0);
    expect_status(SCMI_DENIED, SCMI_CLOCK, 5, 3, 2, 1000, 0);
    assert_true(ask(SCMI_RESET, 4, 3, 1, 0x55));
    expect_status(SCMI_NOT_SUPPORTED, SCMI_RESET, 4, 3, 4, 0);
    expect_status(SCMI_DENIED, SCMI_RESET, 4, 0, 1, 0);
    expect_status(SCMI_NOT_SUPPORTED, SCMI_RESET, 5, 1, 1);
    /* Ids that no bit can say. */
    facts.count[SCMI_KIND_RESET] = SCMI_MED_IDS + 1;
    expect_status(SCMI_DENIED, SCMI_RESET, 4, SCMI_MED_IDS, 1, 0);
    grants.host = true;
    assert_true(ask(SCMI_RESET, 4, SCMI_MED_IDS, 1, 0));
    expect_status(SCMI_DENIED, SCMI_RESET, 4, 0, 1, 0);
}

/* As long as the firmware wants it, whatever the driver sends. */
static void test_config_set(void **state)
{
    (void)state;
    assert_true(ask(SCMI_CLOCK, 7, 1, 1));
    assert_int_equal(msg.nr, 3);
    assert_int_equal(msg.words[2], 0);
    assert_true(ask(SCMI_CLOCK, 7, 1, 0, 99));
    assert_int_equal(msg.nr, 3);
    assert_int_equal(msg.words[2], 0);
    expect_status(SCMI_DENIED, SCMI_CLOCK, 7, 2, 1);
    expect_status(SCMI_NOT_SUPPORTED, SCMI_CLOCK, 7, 1, 0x10001, 5);
    expect_status(SCMI_PROTOCOL_ERROR, SCMI_CLOCK, 7, 1);
    expect_status(SCMI_PROTOCOL_ERROR, SCMI_CLOCK, 7, 1, 1, 1, 1);
    grants.host = true;
    assert_true(ask(SCMI_CLOCK, 7, 1, 0x10003, 5));
    assert_int_equal(msg.words[2], 5);
    expect_status(SCMI_NOT_SUPPORTED, SCMI_CLOCK, 7, 1, 0x10003);
    facts.version[SCMI_KIND_CLOCK] = 0x20000;
    expect_status(SCMI_NOT_SUPPORTED, SCMI_CLOCK, 7, 1, 0x10003, 5);
    assert_true(ask(SCMI_CLOCK, 7, 1, 1, 99));
    assert_int_equal(msg.nr, 2);
}

static void test_parents(void **state)
{
    (void)state;
    expect_status(SCMI_NOT_SUPPORTED, SCMI_CLOCK, 0xd, 1, 3);
    grants.host = true;
    assert_true(ask(SCMI_CLOCK, 0xd, 1, 3));
    expect_status(SCMI_DENIED, SCMI_CLOCK, 0xd, 1, 2);
    assert_true(ask(SCMI_CLOCK, 0xb, 2, 0));
    msg = (struct scmi_message){ .nr = 4, .words = { 0, 0xf, 0xf, 0xf } };
    scmi_med_guard_answer(&expected, &msg);
    assert_int_equal(msg.words[1], 0xf);
    assert_int_equal(msg.words[2], 0xe);
    assert_true(ask(SCMI_CLOCK, 3, 1));
    assert_false(expected.clear & 1U << 28);
}

static void test_whole_protocols(void **state)
{
    (void)state;
    expect_status(SCMI_NOT_SUPPORTED, 0x13, 0);
    expect_status(SCMI_NOT_SUPPORTED, 0x80, 3, 1);
    grants.protocols[0x13 / 32] |= 1U << 0x13 % 32;
    assert_true(ask(0x13, 7, 1, 2));
    assert_int_equal(msg.nr, 2);
    assert_int_equal(expected.max, SCMI_WORDS_OUT);
    expect_word(4, SCMI_BASE, 1);
    expect_status(SCMI_NOT_SUPPORTED, 0x15, 0);
    grants.host = true;
    assert_true(ask(0x80, 3, 1));
}

static void test_answers(void **state)
{
    const struct scmi_expected three = { .min = 3, .max = 3, .clear = 1 };

    (void)state;
    msg = (struct scmi_message){ .nr = 3, .words = { 0, 0xff, 7 } };
    scmi_med_guard_answer(&three, &msg);
    assert_int_equal(msg.nr, 3);
    assert_int_equal(msg.words[1], 0xfe);
    msg = (struct scmi_message){ .nr = 3, .words = { (uint32_t)-3, 0xff, 7 } };
    scmi_med_guard_answer(&three, &msg);
    assert_int_equal(msg.nr, 1);
    assert_int_equal((int32_t)msg.words[0], SCMI_DENIED);
    msg = (struct scmi_message){ .nr = 2, .words = { 0, 0xff } };
    scmi_med_guard_answer(&three, &msg);
    assert_int_equal(msg.nr, 1);
    assert_int_equal((int32_t)msg.words[0], SCMI_COMMS_ERROR);
    msg = (struct scmi_message){ .nr = 4 };
    scmi_med_guard_answer(&three, &msg);
    assert_int_equal((int32_t)msg.words[0], SCMI_COMMS_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_base, setup),
        cmocka_unit_test_setup(test_common, setup),
        cmocka_unit_test_setup(test_reads, setup),
        cmocka_unit_test_setup(test_changes, setup),
        cmocka_unit_test_setup(test_config_set, setup),
        cmocka_unit_test_setup(test_parents, setup),
        cmocka_unit_test_setup(test_whole_protocols, setup),
        cmocka_unit_test_setup(test_answers, setup),
    };

    return cmocka_run_group_tests_name("xen-guard", tests, NULL, NULL);
}
