/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AttachDevice and DetachDevice: devices of running domains. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "daemon/control/methods.h"
#include "tests/unit/daemon/manager-fixture.h"


/* Calls the method; returns "" on success, else the reason. */
static const char *change(const char *method, const char *domain,
                          const char *device)
{
    static char why[4096];
    char call[8192], *reply;
    json_t *json;

    snprintf(call, sizeof(call), "{\"method\":\"org.scmimed.%s\","
             "\"parameters\":{\"domain\":\"%s\",\"device\":\"%s\"}}", method,
             domain, device);
    reply = methods_call(manager, call, NULL);
    assert_non_null(reply);
    json = json_loads(reply, 0, NULL);
    free(reply);
    assert_non_null(json);
    why[0] = '\0';
    if (json_object_get(json, "error")) {
        assert_string_equal(json_string_value(json_object_get(json, "error")),
                            "org.scmimed.Refused");
        snprintf(why, sizeof(why), "%s", json_string_value(json_object_get(
                 json_object_get(json, "parameters"), "message")));
        assert_true(why[0]);
    }
    json_decref(json);
    return why;
}

#define attach(domain, device) change("AttachDevice", domain, device)
#define detach(domain, device) change("DetachDevice", domain, device)

static void assert_says(const char *why, const char *text)
{
    if (!strstr(why, text))
        fail_msg("\"%s\" does not say \"%s\"", why, text);
}

static bool has(uint32_t domid, uint32_t device_id)
{
    return fake_table_has_device(fake_table_agent_of(&fake_table, domid),
                                 device_id);
}

static bool dom0_has(uint32_t device_id)
{
    return fake_table_has_device(&fake_table.agents[0], device_id);
}

/* Domains 1 "guest1" with RTC, and 2 "guest2" without a device. */
static int setup_domains(void **state)
{
    if (setup(state))
        return -1;
    start();
    request(1, RTC);
    request(2, NULL);
    turn();
    log_text[0] = '\0';
    return !fake_table_agent_of(&fake_table, 1) ||
           !fake_table_agent_of(&fake_table, 2);
}

static void test_attach(void **state)
{
    (void)state;
    assert_string_equal(attach("guest1", GPIO), "");
    assert_true(has(1, 10) && has(1, 11));
    assert_says(log_text, "domain 1 (guest1): agent 3: attached " GPIO);
    assert_says(attach("2", GPIO), "is held by domain 1 (guest1)");
    assert_false(has(2, 11));
    assert_says(attach("1", GPIO), "has device \"" GPIO "\" already");

    assert_string_equal(detach("1", GPIO), "");
    assert_true(has(1, 10) && !has(1, 11));
    assert_says(log_text, "domain 1 (guest1): agent 3: detached " GPIO);
    assert_says(detach("1", GPIO), "does not have device \"" GPIO "\"");
    assert_string_equal(attach("guest2", GPIO), "");
    assert_true(has(2, 11));
    /* Also the device that it was created with. */
    assert_string_equal(detach("guest1", RTC), "");
    assert_string_equal(attach("guest2", RTC), "");
    assert_true(has(2, 10) && has(2, 11) && !has(1, 10));
    fake_table_kill(&fake_table, 2);
    assert_string_equal(attach("guest1", RTC), "");
}

static void test_domains(void **state)
{
    char name[3008];
    size_t i, k;

    (void)state;
    assert_says(attach("nobody", GPIO), "there is no guest \"nobody\"");
    assert_says(attach("Domain-0", GPIO), "there is no guest");
    /* The reason has a part of a long name, cut anywhere in UTF-8. */
    for (i = 0; i < 2; i++) {
        memset(name, 'x', i);
        for (k = i; k < 3000; k += 2)
            strcpy(name + k, "\303\244");
        assert_says(attach(name, GPIO), "there is no guest");
    }
    assert_says(attach("", GPIO), "no guest's domain id");
    assert_says(attach("0", GPIO), "no guest's domain id");
    assert_says(attach("99999999999", GPIO), "no guest's domain id");
    assert_says(attach("7", GPIO), "the domain has no SCMI agent");
    assert_says(detach("7", GPIO), "the domain has no SCMI agent");
    fake_store_set("/local/domain/3/name", "guest1");
    assert_says(attach("guest1", GPIO),
                "2 domains \"guest1\": name it by its id");
    assert_string_equal(attach("1", GPIO), "");
}

static void test_dying(void **state)
{
    (void)state;
    fake_table.dying[1] = 1;
    assert_says(attach("1", GPIO), "domain 1 is being destroyed");
    assert_says(attach("guest1", GPIO), "domain 1 is being destroyed");
    assert_says(detach("guest1", RTC), "domain 1 is being destroyed");
    assert_true(has(1, 10) && !has(1, 11));
    assert_string_equal(attach("guest2", GPIO), "");

    /* xenstore still has its name. */
    fake_table_kill(&fake_table, 1);
    assert_says(attach("1", RTC), "there is no domain 1; see: xl list");
    assert_says(attach("guest1", RTC), "there is no guest \"guest1\"");
    assert_says(detach("guest1", RTC), "there is no guest \"guest1\"");
}

/* The domain dies after it was found. */
static void test_dies_meanwhile(void **state)
{
    int n;

    (void)state;
    /* The last call permits the device. */
    fake_fault_reset();
    assert_string_equal(attach("1", GPIO), "");
    assert_string_equal(detach("1", GPIO), "");
    fake_fault_reset();
    assert_string_equal(attach("1", GPIO), "");
    n = fake_fault_count();
    assert_string_equal(detach("1", GPIO), "");
    for (; n >= 0; n--) {
        fake_fault_reset();
        fake_fault_fail(n, -ESRCH);
        if (!strcmp(attach("1", GPIO), "the domain is gone"))
            break;
        fake_fault_reset();
        (void)detach("1", GPIO);
    }
    assert_true(n > 0);
    fake_fault_reset();
    assert_false(has(1, 11));
}

static void test_devices(void **state)
{
    (void)state;
    assert_says(attach("1", ""), "is not absolute");
    assert_says(attach("1", "/\\u0007"), "contains characters");
    assert_says(attach("1", "/none@1"), "is not in the host device tree");
    assert_says(attach("1", "/chosen"), "does not use SCMI");
    assert_says(detach("1", "/chosen"), "does not have device");
    assert_true(has(1, 10));
    assert_int_equal(fake_table_agent_of(&fake_table, 2)->nr_devices, 0);
}

static void test_dom0(void **state)
{
    (void)state;
    assert_true(dom0_has(12));
    assert_string_equal(attach("guest2", DISK), "");
    assert_true(has(2, 12) && !dom0_has(12));
    assert_string_equal(detach("guest2", DISK), "");
    assert_true(!has(2, 12) && dom0_has(12));

    /* The firmware does not permit it to the guest: Dom0 gets it back. */
    fake_table.agents[0].nr_devices = 0;
    fake_table.refused_device = 12;
    assert_says(attach("guest2", DISK), "the SCMI firmware refused device");
    fake_table.refused_device = 0;
    fake_store_fire("@releaseDomain");
    turn();
    assert_true(!has(2, 12) && dom0_has(12));
}

static void test_firmware_refuses(void **state)
{
    (void)state;
    fake_table.refused_device = 11;
    assert_says(attach("guest1", GPIO), "refused device \"" GPIO "\"");
    assert_says(log_text, "domain 1 (guest1): not attached: the SCMI firmware");
    assert_true(has(1, 10) && !has(1, 11));
    fake_table.refused_device = 0;
    assert_string_equal(attach("guest1", GPIO), "");
    fake_table.refused_device = 11;
    assert_says(detach("guest1", GPIO), "refused to deny device \"" GPIO "\"");
    assert_true(has(1, 11));
}

/* Whichever call fails: there is a reason, and no half attach. */
static void test_every_call_fails(void **state)
{
    int n, calls = 1;

    (void)state;
    for (n = 0; n < calls; n++) {
        bool attached;

        fake_fault_reset();
        fake_fault_fail(n, -EIO);
        attached = !*attach("guest1", GPIO);
        if (!n)
            calls = 100;
        if (fake_fault_count() <= n)
            calls = n;
        fake_fault_reset();
        assert_int_equal(has(1, 11), attached);
        assert_true(has(1, 10));
        if (attached)
            assert_string_equal(detach("guest1", GPIO), "");
    }
    assert_true(n > 3 && n < 100);
}

static void test_parameters(void **state)
{
    static const char *const bad[] = {
        "{}", "{\"domain\":1,\"device\":\"/x\"}", "{\"domain\":\"1\"}",
        "{\"domain\":\"1\",\"device\":null}",
    };
    char call[256], *reply;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        snprintf(call, sizeof(call), "{\"method\":\"org.scmimed.DetachDevice\","
                 "\"parameters\":%s}", bad[i]);
        reply = methods_call(manager, call, NULL);
        assert_non_null(strstr(reply, "InvalidParameter"));
        free(reply);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_attach, setup_domains, teardown),
        cmocka_unit_test_setup_teardown(test_domains, setup_domains, teardown),
        cmocka_unit_test_setup_teardown(test_dying, setup_domains, teardown),
        cmocka_unit_test_setup_teardown(test_dies_meanwhile, setup_domains,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_devices, setup_domains, teardown),
        cmocka_unit_test_setup_teardown(test_dom0, setup_domains, teardown),
        cmocka_unit_test_setup_teardown(test_firmware_refuses, setup_domains,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_every_call_fails, setup_domains,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_parameters, setup_domains,
                                        teardown),
    };

    return cmocka_run_group_tests_name("daemon hotplug", tests, NULL, NULL);
}
