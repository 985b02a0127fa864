/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs verbs against the daemon of fixture.h. Included once by each program. */

#ifndef SCMI_MED_TESTS_UNIT_CTL_VERB_FIXTURE_H
#define SCMI_MED_TESTS_UNIT_CTL_VERB_FIXTURE_H

#include "ctl/client/verbs.h"
#include "tests/unit/ctl/fixture.h"

#define AGENT "{\"agent\":3,\"role\":\"guest\"," \
    "\"state\":\"bound\",\"domid\":7,\"domain\":\"rtc\"," \
    "\"function_id\":2181038099,\"client_id\":3,\"page\":3220185088," \
    "\"frame\":139265,\"devices\":[10,11],\"calls\":42,\"refused\":1," \
    "\"throttled\":2,\"limit\":10000,\"last_error\":-3,\"last_call_ms\":1500}"

static char error[CTL_ERROR_SIZE];
static char *output;
static char *arguments[4];              /* of the next run */

/* Runs a verb, which gets this reply. */
static enum ctl_status run(const char *name, const char *text,
                           struct ctl_options options)
{
    const struct ctl_verb *verb = ctl_verb_find(name);
    enum ctl_status status;
    size_t size;
    FILE *out;

    free(output);
    output = NULL;
    error[0] = '\0';
    assert_non_null(verb);
    out = open_memstream(&output, &size);
    assert_non_null(out);

    server_reset(NULL);
    server_answers(text);
    server_start();
    options.socket_path = server.path;
    options.timeout_ms = 60000;
    status = ctl_verb_run(verb, arguments, &options, out, error);
    server_stop();
    fclose(out);
    return status;
}

/* Runs a verb, which refuses this reply for this reason. */
static void check_bad_reply(const char *name, const char *text,
                            const char *reason)
{
    const struct ctl_options table = { .headings = true };
    const struct ctl_options json = { .json = true };

    assert_int_equal(run(name, text, table), CTL_BAD_ANSWER);
    assert_says(error, reason);
    assert_string_equal(output, "");
    assert_int_equal(run(name, text, json), CTL_BAD_ANSWER);
    assert_string_equal(output, "");
}

static int free_output(void **state)
{
    (void)state;
    free(output);
    output = NULL;
    return 0;
}

#endif
