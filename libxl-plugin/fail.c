/* SPDX-License-Identifier: LGPL-2.1-only */
/* Failures, see fail.h. */

#include "libxl-plugin/fail.h"

#include <stdarg.h>
#include <stdio.h>

int scmi_plugin_fail(const struct scmi_plugin_error *error,
                     const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error->text, error->size, format, args);
    va_end(args);
    return -1;
}

void scmi_plugin_make_printable(char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            *text = '?';
}
