/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All tests, one after the other. */
#include "agent.h"
#include "tests.h"

void selftest(void);

void selftest(void)
{
    unsigned n;

    for (n = 1; n <= AGENTS; n++) {
        function_id[n] = FUNCTION_ID + n;
    }
    put("TAP version 13\n");
    command("d");
    test_base_protocol();
    test_resources();
    test_calls();
    test_faults();
    done();
}
