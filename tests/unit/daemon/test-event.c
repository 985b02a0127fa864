/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the log as replies to Monitor: the same words, and valid JSON. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "daemon/control/event.h"
#include "daemon/log.h"

static void ignore_log(int priority, const char *message)
{
    (void)priority;
    (void)message;
}

static char *told;

static void on_event(void *context, int priority,
                     const struct log_context *event, const char *message)
{
    assert_ptr_equal(context, &told);
    free(told);
    told = event_text(priority, event, message);
}

static json_t *told_event(void)
{
    json_t *reply = json_loads(told ? told : "", 0, NULL);
    json_t *event = json_incref(json_object_get(
        json_object_get(reply, "parameters"), "event"));

    assert_true(json_is_true(json_object_get(reply, "continues")));
    json_decref(reply);
    free(told);
    told = NULL;
    return event;
}

static void test_log(void **state)
{
    static char device[] = "/a\x1b\xff";
    char *const devices[] = { device };
    struct log_context context = {
        .domid = 7, .domain = "web\n", .agent_id = 3, .devices = devices,
        .nr_devices = 1, .message_id = LOG_ID_REFUSED,
    };
    json_t *event, *wanted;

    (void)state;
    log_set_sink(ignore_log);
    log_set_listener(on_event, &told);
    log_warning("this is not an event");
    log_write(LOG_INFO, &(struct log_context){ .agent_id = 3 }, "nor is this");
    assert_null(told);

    log_write(LOG_WARNING, &context, "refused: %s", "\"\xc3\x28\"");
    event = told_event();
    assert_true(json_integer_value(json_object_get(event, "time_us")) >
                INT64_C(1500000000000000));
    json_object_del(event, "time_us");
    wanted = json_pack("{s:s, s:i, s:s, s:s, s:i, s:s, s:i, s:[s], s:i}",
                       "event", "refused", "priority", 4, "message_id",
                       LOG_ID_REFUSED, "message", "refused: \"?(\"", "domid",
                       7, "domain", "web?", "agent", 3, "devices", "/a??",
                       "lost", 0);
    assert_true(json_equal(event, wanted));
    json_decref(event);
    json_decref(wanted);

    /* Events ignore the level of the log. Unknown values are null. */
    log_set_level(LOG_ERR);
    log_write(LOG_INFO, &(struct log_context){ .agent_id = -1,
              .message_id = LOG_ID_TREE_READ }, "read");
    log_set_level(LOG_INFO);
    event = told_event();
    assert_true(json_is_null(json_object_get(event, "domid")));
    assert_true(json_is_null(json_object_get(event, "domain")));
    assert_true(json_is_null(json_object_get(event, "agent")));
    assert_int_equal(json_array_size(json_object_get(event, "devices")), 0);
    json_decref(event);
    log_set_listener(NULL, NULL);
    log_write(LOG_INFO, &context, "nobody listens");
    assert_null(told);
    log_set_sink(NULL);
    context.message_id = "0";
    assert_null(event_text(LOG_INFO, &context, "unknown"));
    context.message_id = NULL;
    assert_null(event_text(LOG_INFO, &context, "no ID"));
}

static void test_gap(void **state)
{
    json_t *event;

    (void)state;
    told = event_gap(1);
    event = told_event();
    assert_int_equal(json_integer_value(json_object_get(event, "lost")), 1);
    assert_string_equal(json_string_value(json_object_get(event, "event")),
                        "lost");
    assert_non_null(strstr(json_string_value(json_object_get(event, "message")),
                           "1 event is missing here"));
    json_decref(event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_gap),
    };

    return cmocka_run_group_tests_name("daemon event", tests, NULL, NULL);
}
