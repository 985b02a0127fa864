/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parsing the daemon's reply. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libxl-plugin/reply.h"

static char text[512];
static const struct scmi_plugin_error error = { text, sizeof(text) };

static int setup(void **state)
{
    static struct scmi_plugin_reply reply;

    text[0] = '\0';
    assert_int_equal(scmi_plugin_reply_init(&reply, 2, &error), 0);
    *state = &reply;
    return 0;
}

static int teardown(void **state)
{
    scmi_plugin_reply_done(*state);
    return 0;
}

static int set_agent(struct scmi_plugin_reply *reply)
{
    return scmi_plugin_reply_set_agent(reply, "3", "0x82000011", "0x22001",
                                       &error);
}

static void test_agent(void **state)
{
    struct scmi_plugin_reply *reply = *state;

    assert_int_equal(set_agent(reply), 0);
    assert_true(reply->has_agent);
    assert_int_equal(reply->function_id, 0x82000011);
    assert_int_equal(reply->frame, 0x22001);
}

static void test_no_agent(void **state)
{
    struct scmi_plugin_reply *reply = *state;

    assert_int_equal(scmi_plugin_reply_set_agent(reply, NULL, NULL, NULL,
                                                 &error), 0);
    assert_false(reply->has_agent);
}

static void test_bad_agent(void **state)
{
    static const char *const bad[][3] = {
        { NULL, "0x82000011", "0x22001" },
        { "3", NULL, "0x22001" },
        { "3", "0x82000011", NULL },
        { "", "0x82000011", "0x22001" },
        { "-3", "0x82000011", "0x22001" },
        { "3 ", "0x82000011", "0x22001" },
        { "4294967296", "0x82000011", "0x22001" },
        { "3", "82000011", "0x22001" },
        { "3", "0x", "0x22001" },
        { "3", "0x182000011", "0x22001" },
        { "3", "0xffffffffffffffffff", "0x22001" },
        { "3", "0x8200001g", "0x22001" },
        /* Not a fast call; the ranges of PSCI and of the hypervisor. */
        { "3", "0x02000011", "0x22001" },
        { "3", "0x84000011", "0x22001" },
        { "3", "0x86000011", "0x22001" },
        { "3", "0x82000011", "139265" },
        { "3", "0x82000011", "0x0" },
        { "3", "0x82000011", "0x1000000000" },
        { "3", "0x82000011", "0x22001\n" },
    };
    struct scmi_plugin_reply *reply = *state;
    size_t i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        text[0] = '\0';
        assert_int_equal(scmi_plugin_reply_set_agent(reply, bad[i][0],
                                                     bad[i][1], bad[i][2],
                                                     &error), -1);
        assert_non_null(strstr(text, "scmi-medd is malformed"));
        assert_false(reply->has_agent);
    }
}

static void test_function_id_ranges(void **state)
{
    static const char *const good[] = {
        "0x82000011", "0x83000001", "0xc2000001", "0xC3FFFFFF",
    };
    size_t i;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_int_equal(scmi_plugin_reply_set_agent(*state, "3", good[i],
                                                     "0xfffffffff", &error),
                         0);
}

static void test_protocols(void **state)
{
    struct scmi_plugin_reply *reply = *state;
    int i, count = 0;

    assert_int_equal(scmi_plugin_reply_set_protocols(reply, "", &error), 0);
    assert_int_equal(scmi_plugin_reply_set_protocols(reply,
                                                     "0x11 0x14 0xff",
                                                     &error), 0);
    for (i = 0; i <= SCMI_PLUGIN_PROTOCOL_MAX; i++)
        count += reply->protocols[i];
    assert_int_equal(count, 3);
    assert_true(reply->protocols[0x11] && reply->protocols[0x14] &&
                reply->protocols[0xff]);
}

static void test_bad_protocols(void **state)
{
    static const char *const bad[] = {
        NULL, " ", "0x", "14", "0x10", "0x100", "0x14,0x16", "0x14  0x16",
        "0x14:1", "0x14 x", "-0x14",
    };
    size_t i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(scmi_plugin_reply_set_protocols(*state, bad[i],
                                                         &error), -1);
}

static void test_refs(void **state)
{
    struct scmi_plugin_reply *reply = *state;
    const struct scmi_plugin_refs *refs;

    assert_int_equal(set_agent(reply), 0);
    assert_int_equal(scmi_plugin_reply_set_refs(reply, 1,
                                                SCMI_PLUGIN_CLOCKS,
                                                "0x14:1 0x13:4294967295",
                                                "apb_pclk  ", &error), 0);
    refs = &reply->devices[1].refs[SCMI_PLUGIN_CLOCKS];
    assert_int_equal(refs->nr_refs, 2);
    assert_int_equal(refs->refs[0].protocol_id, 0x14);
    assert_int_equal(refs->refs[0].resource_id, 1);
    assert_int_equal(refs->refs[1].protocol_id, 0x13);
    assert_int_equal(refs->refs[1].resource_id, UINT32_MAX);
    assert_int_equal(refs->names_len, 10);
    assert_memory_equal(refs->names, "apb_pclk\0", 10);
    /* A protocol that is referred to counts, even if not in "protocols". */
    assert_true(reply->protocols[0x13]);
    assert_int_equal(reply->devices[0].refs[SCMI_PLUGIN_CLOCKS].nr_refs, 0);
}

static void test_no_refs(void **state)
{
    assert_int_equal(scmi_plugin_reply_set_refs(*state, 0,
                                                SCMI_PLUGIN_RESETS, NULL,
                                                NULL, &error), 0);
}

static void test_bad_refs(void **state)
{
    static const char *const bad[][2] = {
        { NULL, "a " }, { "", NULL }, { "0x14", NULL }, { "0x14:", NULL },
        { "0x14:x", NULL }, { "0x14:1x", NULL }, { "0x14:-1", NULL },
        { "0x14:4294967296", NULL }, { "0x10:1", NULL }, { "0x200:1", NULL },
        { "20:1", NULL }, { "0x14:1,0x14:2", NULL }, { "0x14:1  0x14:2", NULL },
        { "0x14:1 0x16", NULL }, { " 0x14:1", NULL },
        { "0x14:1", "" }, { "0x14:1", "a" }, { "0x14:1", "a b " },
        { "0x14:1 0x14:2", "a " }, { "0x14:1", " a" }, { "0x14:1", "\x80 " },
        { "0x14:1", "a\n " },
    };
    size_t i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct scmi_plugin_reply reply;
        int rc;

        (void)state;
        text[0] = '\0';
        assert_int_equal(scmi_plugin_reply_init(&reply, 1, &error), 0);
        assert_int_equal(set_agent(&reply), 0);
        rc = scmi_plugin_reply_set_refs(&reply, 0, SCMI_PLUGIN_CLOCKS,
                                        bad[i][0], bad[i][1], &error);
        if (rc != -1)
            print_error("case %zu was taken\n", i);
        assert_int_equal(rc, -1);
        assert_non_null(strstr(text, "malformed"));
        scmi_plugin_reply_done(&reply);
    }
}

static void test_refs_need_agent(void **state)
{
    assert_int_equal(scmi_plugin_reply_set_refs(*state, 0,
                                                SCMI_PLUGIN_CLOCKS, "0x14:1",
                                                NULL, &error), -1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_agent),
        TEST(test_no_agent),
        TEST(test_bad_agent),
        TEST(test_function_id_ranges),
        TEST(test_protocols),
        TEST(test_bad_protocols),
        TEST(test_refs),
        TEST(test_no_refs),
        TEST(test_bad_refs),
        TEST(test_refs_need_agent),
    };

    return cmocka_run_group_tests_name("plugin-reply", tests, NULL, NULL);
}
