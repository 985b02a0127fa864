/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl top: rates, their order, and what is shown of them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "ctl/top/rates.h"
#include "ctl/top/top.h"

static struct sample before, now;
static struct rated_agent *rated;
static size_t nr;

/* An agent; domid -1: none. */
static void add(struct sample *sample, int id, int domid, const char *domain,
                json_int_t calls, json_int_t refused, json_int_t throttled)
{
    if (!sample->agents)
        sample->agents = json_array();
    assert_int_equal(json_array_append_new(sample->agents, json_pack(
        "{s:i, s:o, s:s?, s:I, s:I, s:I, s:s, s:s, s:I, s:i, s:n, s:[i]}",
        "agent", id,
        "domid", domid < 0 ? json_null() : json_integer(domid),
        "domain", domain, "calls", calls, "refused", refused,
        "throttled", throttled, "role", "guest",
        "state", domid < 0 ? "free" : "bound", "limit",
        (json_int_t)UINT32_MAX, "last_error", -2, "last_call_ms",
        "devices", 10)), 0);
}

static void rate_them(void)
{
    free(rated);
    rated = rates_new(&before, &now, &nr);
    assert_non_null(rated);
}

static int teardown(void **state)
{
    (void)state;
    json_decref(before.agents);
    json_decref(now.agents);
    before = now = (struct sample){ 0 };
    free(rated);
    rated = NULL;
    return 0;
}

static const struct rates *rates_of(int id)
{
    size_t i;

    for (i = 0; i < nr; i++)
        if (json_integer_value(json_object_get(rated[i].agent, "agent")) == id)
            return &rated[i].rates;
    fail_msg("agent %d is not there", id);
    return NULL;
}

static void test_rates(void **state)
{
    struct rates total;

    (void)state;
    before.ms = 1000;
    now.ms = 3500;
    add(&before, 3, 1, "one", 100, 0, 7);
    add(&before, 4, 2, NULL, INT64_C(5000000000), 10, 0);
    add(&before, 5, -1, NULL, 9, 9, 9);
    add(&now, 3, 1, "one", 105, 0, 7);
    add(&now, 4, 2, NULL, INT64_C(5000002500), 15, 1);
    add(&now, 5, -1, NULL, 9, 9, 9);
    rate_them();
    assert_true(rates_of(3)->known);
    assert_float_equal((float)rates_of(3)->calls, 2, 1e-5F);
    assert_float_equal((float)rates_of(3)->refused, 0, 1e-5F);
    assert_float_equal((float)rates_of(3)->throttled, 0, 1e-5F);
    assert_float_equal((float)rates_of(4)->calls, 1000, 1e-5F);
    assert_float_equal((float)rates_of(4)->refused, 2, 1e-5F);
    assert_float_equal((float)rates_of(4)->throttled, 0.4F, 1e-5F);
    assert_true(rates_of(5)->known);
    assert_float_equal((float)rates_of(5)->calls, 0, 1e-5F);
    total = rates_total(rated, nr);
    assert_true(total.known);
    assert_float_equal((float)total.calls, 1002, 1e-5F);
    assert_float_equal((float)total.refused, 2, 1e-5F);
}

static void test_unknown_rates(void **state)
{
    int id;

    (void)state;
    before.ms = 1000;
    now.ms = 2000;
    add(&before, 3, 1, "one", 100, 0, 0);       /* other domain */
    add(&now, 3, 2, "one", 200, 0, 0);
    add(&before, 4, 7, "old", 100, 0, 0);       /* that reuses the id */
    add(&now, 4, 7, "new", 200, 0, 0);
    add(&before, 5, -1, NULL, 100, 0, 0);       /* got one */
    add(&now, 5, 3, "three", 200, 0, 0);
    add(&before, 6, 4, "four", 100, 0, 0);      /* lost it */
    add(&now, 6, -1, NULL, 200, 0, 0);
    add(&before, 7, 5, "five", 100, 0, 0);      /* counted backwards */
    add(&now, 7, 5, "five", 99, 0, 0);
    add(&before, 8, 5, "five", 100, 5, 0);
    add(&now, 8, 5, "five", 200, 4, 0);
    add(&before, 9, 5, "five", 100, 0, 5);
    add(&now, 9, 5, "five", 200, 0, 4);
    add(&now, 10, 6, "six", 200, 0, 0);         /* was not there */
    rate_them();
    assert_int_equal(nr, 8);
    for (id = 3; id <= 10; id++) {
        assert_false(rates_of(id)->known);
        assert_float_equal((float)rates_of(id)->calls, 0, 1e-5F);
    }
    assert_false(rates_total(rated, nr).known);

    /* Two samples of one moment, and one alone. */
    json_decref(before.agents);
    before.agents = json_incref(now.agents);
    before.ms = now.ms;
    rate_them();
    assert_false(rates_of(3)->known);
    json_decref(before.agents);
    before.agents = NULL;
    before.ms = 0;
    rate_them();
    assert_false(rates_of(3)->known);
}

static void test_order(void **state)
{
    /* With equal calls: by number, those without a domain last. */
    static const int wanted[] = { 8, 9, 7, 5, 2, 6, 3, 4 };
    size_t i;

    (void)state;
    now.ms = 1000;
    for (i = 2; i <= 9; i++)
        add(&before, (int)i, i == 3 || i == 4 ? -1 : 1, NULL, 0, 0, 0);
    add(&now, 9, 1, NULL, 5, 0, 0);
    add(&now, 8, 1, NULL, 3, 2, 1);     /* all count */
    add(&now, 7, 1, NULL, 0, 0, 2);
    add(&now, 6, 1, NULL, 0, 0, 0);
    add(&now, 5, 1, NULL, 1, 0, 0);
    add(&now, 4, -1, NULL, 0, 0, 0);
    add(&now, 3, -1, NULL, 0, 0, 0);
    add(&now, 2, 1, NULL, 0, 0, 0);
    rate_them();
    for (i = 0; i < 8; i++)
        assert_int_equal(json_integer_value(json_object_get(
            rated[i].agent, "agent")), wanted[i]);
}

/* ---- What is shown ------------------------------------------------------ */

static char shown[8192];

static void show_table(size_t columns)
{
    FILE *out = fmemopen(shown, sizeof(shown), "w");

    assert_non_null(out);
    assert_true(top_show_table(rated, nr, columns, true, out));
    assert_int_equal(fclose(out), 0);
}

static void show_summary(const char *trouble, size_t columns)
{
    FILE *out = fmemopen(shown, sizeof(shown), "w");

    assert_non_null(out);
    assert_true(top_show_summary(rated, nr, "; q", trouble, columns, out));
    assert_int_equal(fclose(out), 0);
}

static void test_show(void **state)
{
    json_t *json, *agent;
    FILE *out;

    (void)state;
    now.ms = 1000;
    add(&before, 3, 1, "a-name-that-is-longer-than-it-would-have-to-be", 0, 0, 0);
    add(&now, 3, 1, "a-name-that-is-longer-than-it-would-have-to-be", 1234, 1, 0);
    add(&now, 4, -1, NULL, 7, 0, 0);
    rate_them();
    show_table(0);
    assert_non_null(strstr(shown, "LAST-ERROR DEVICES"));
    assert_non_null(strstr(shown, "    3 a-name-that-is-longer-than-it-would-"
                           "have-to-be (1) bound    1234       1.0         0.0"
                           "  1234  none         -         -2 10\n"));
    assert_non_null(strstr(shown, "free        -         -           -     7"));
    show_table(70);
    assert_null(strstr(shown, "LAST-ERROR"));
    assert_int_equal(strcspn(shown, "\n"), 70);
    assert_non_null(strstr(shown, "  1234\n"));

    show_summary("", 80);
    assert_non_null(strstr(shown, "  1 domain, 1 of 2 agents free; q\n"
                           "per second: 1234.0 calls, 1.0 refused, 0.0 "));
    show_summary("it is gone", 80);
    assert_non_null(strstr(shown, "; q\nit is gone\n"));

    out = fmemopen(shown, sizeof(shown), "w");
    assert_true(top_show_json(rated, nr, 0.5, out));
    assert_int_equal(fclose(out), 0);
    assert_int_equal(strcspn(shown, "\n"), strlen(shown) - 1);
    json = json_loads(shown, 0, NULL);
    agent = json_array_get(json_object_get(json, "agents"), 1);
    assert_true(json_is_null(json_object_get(agent, "calls_per_second")));
    assert_int_equal(json_integer_value(json_object_get(agent, "calls")), 7);
    json_decref(json);
}

/* What is wrong with the daemon is never cut off. */
static void test_trouble(void **state)
{
    (void)state;
    rate_them();
    show_summary("it is gone", 9);
    assert_non_null(strstr(shown, "; q\nit is\ngone\n"));
    show_summary("it is gone", 10);
    assert_non_null(strstr(shown, "; q\nit is gone\n"));
    show_summary("it is gone", 0);
    assert_non_null(strstr(shown, "; q\nit is gone\n"));
    /* A word that is wider than the terminal. */
    show_summary("/run/scmi-med/control is gone", 15);
    assert_non_null(strstr(shown, "; q\n/run/scmi-med/c\nontrol is gone\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_rates, teardown),
        cmocka_unit_test_teardown(test_unknown_rates, teardown),
        cmocka_unit_test_teardown(test_order, teardown),
        cmocka_unit_test_teardown(test_show, teardown),
        cmocka_unit_test_teardown(test_trouble, teardown),
    };

    return cmocka_run_group_tests_name("ctl top", tests, NULL, NULL);
}
