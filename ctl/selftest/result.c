/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results of checks, see private.h. */

#include <stdarg.h>
#include <stdio.h>

#include "ctl/client/client.h"
#include "ctl/selftest/private.h"

static void add(json_t *checks, const char *check, const char *result,
                const char *text, const char *remedy)
{
    json_array_append_new(checks, json_pack("{s:s, s:s, s:s, s:s?}",
                                            "check", check, "result", result,
                                            "text", text, "remedy", remedy));
}

void selftest_add(json_t *checks, const char *check, const char *remedy,
                  const char *format, ...)
{
    char text[CTL_ERROR_SIZE], plain[CTL_ERROR_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    ctl_fail(CTL_OK, plain, "%s", text);
    add(checks, check, remedy ? "FAILED" : "ok", plain, remedy);
}

void selftest_unknown(json_t *checks, const char *check, const char *remedy)
{
    add(checks, check, "unknown", "the daemon does not say", remedy);
}
