/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding domains by what users type, with names that are stale or shared. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/xen/domains.h"
#include "tests/fake/fake-fault.h"
#include "tests/fake/fake-hyp.h"
#include "tests/fake/fake-store.h"

static struct hyp *hyp;
static struct store *store;
static struct domain found;
static struct reason why;

static int setup(void **state)
{
    (void)state;
    fake_fault_reset();
    fake_store_reset();
    fake_table_init(&fake_table, 16);
    fake_store_set("/local/domain/0/name", "Domain-0");
    fake_store_set("/local/domain/1/name", "one");
    fake_store_set("/local/domain/2/name", "t\303\244\033");
    return hyp_open(&hyp) || store_open(&store);
}

static int teardown(void **state)
{
    (void)state;
    hyp_close(hyp);
    store_close(store);
    fake_store_reset();
    return 0;
}

static int find(const char *text)
{
    why.text[0] = '\0';
    return domain_find(hyp, store, text, &found, &why);
}

static void assert_found(const char *text, uint32_t domid, bool is_dying)
{
    assert_int_equal(find(text), 0);
    assert_int_equal(found.domid, domid);
    assert_int_equal(found.is_dying, is_dying);
}

static void assert_not_found(const char *text, int rc, const char *reason)
{
    assert_int_equal(find(text), rc);
    if (!strstr(why.text, reason))
        fail_msg("\"%s\" does not say \"%s\"", why.text, reason);
}

static void test_parse_id(void **state)
{
    static const char *const bad[] = {
        "", "00", "07", "-1", "+1", " 1", "1 ", "1x", "0x1", "32752",
        "99999999999999999999",
    };
    size_t i;

    (void)state;
    assert_int_equal(domain_parse_id("0", 1), 0);
    assert_int_equal(domain_parse_id("32751", 5), 0x7fef);
    assert_int_equal(domain_parse_id("12/name", 2), 12);
    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_int_equal(domain_parse_id(bad[i], strlen(bad[i])), -1);
}

static void test_names(void **state)
{
    char name[DOMAIN_NAME_SIZE];

    (void)state;
    assert_string_equal(domain_name(store, 1, name), "one");
    assert_string_equal(domain_name(store, 2, name), "t???");
    assert_null(domain_name(store, 3, name));
    assert_int_equal(domain_read_name(store, 3, name), 0);
    assert_string_equal(name, "");
    fake_fault_fail(0, -EIO);
    assert_int_equal(domain_read_name(store, 1, name), -EIO);
    assert_string_equal(name, "");
}

static void test_find(void **state)
{
    (void)state;
    assert_found("1", 1, false);
    assert_found("one", 1, false);
    assert_found("0", 0, false);
    assert_found("Domain-0", 0, false);
    /* As it is, and as it is shown. */
    assert_found("t\303\244\033", 2, false);
    assert_found("t???", 2, false);
    /* It needs no name. */
    assert_found("3", 3, false);
    assert_not_found("01", -EINVAL, "no guest's domain id");
    assert_not_found("tw", -ESRCH, "there is no guest \"tw\"");
}

/* xenstore still has the name of a domain that is gone. */
static void test_gone(void **state)
{
    (void)state;
    fake_table_kill(&fake_table, 1);
    assert_not_found("1", -ESRCH, "there is no domain 1;");
    assert_not_found("one", -ESRCH, "there is no guest \"one\"");
    fake_store_set("/local/domain/5/name", "one");
    assert_found("one", 5, false);
}

static void test_dying(void **state)
{
    (void)state;
    fake_table.dying[1] = 1;
    assert_found("1", 1, true);
    assert_found("one", 1, true);
    /* It was created again. */
    fake_store_set("/local/domain/5/name", "one");
    assert_found("one", 5, false);
    fake_table.dying[5] = 1;
    assert_not_found("one", -EEXIST, "2 domains \"one\"");
    fake_table.dying[1] = fake_table.dying[5] = 0;
    assert_not_found("one", -EEXIST, "2 domains \"one\"");
}

static void test_fails(void **state)
{
    (void)state;
    fake_fault_fail(0, -EACCES);
    assert_not_found("1", -EACCES, "Xen does not say whether domain 1 exists");
    fake_fault_reset();
    fake_fault_fail(0, -ENOTCONN);
    assert_not_found("one", -ENOTCONN, "cannot list the domains in xenstore");
    fake_fault_reset();
    fake_table_kill(&fake_table, 2);
    /* List, name of 0, name of 1, state of 1. */
    fake_fault_fail(3, -EIO);
    assert_not_found("one", -EIO, "Xen does not say whether domain 1 exists");
    fake_fault_reset();
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(test_parse_id), test(test_names), test(test_find),
        test(test_gone), test(test_dying), test(test_fails),
    };

    return cmocka_run_group_tests_name("daemon domains", tests, NULL, NULL);
}
