/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reasons for people, see reason.h. */

#include "lib/reason.h"

#include <stdarg.h>
#include <stdio.h>

int reason_set(struct reason *reason, int rc, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(reason->text, sizeof(reason->text), format, args);
    va_end(args);
    return rc;
}
