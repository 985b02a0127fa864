/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from elsewhere, see text.h. */

#include "lib/text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void text_make_printable(char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            *text = '?';
}

int text_parse_u32(const char *text, uint32_t *ret_number)
{
    bool is_hex = !strncmp(text, "0x", 2);
    const char *digits = is_hex ? text + 2 : text;
    unsigned long long number;

    /* strtoull() accepts blanks and signs. */
    if (!*digits || digits[strspn(digits, is_hex ? "0123456789abcdefABCDEF"
                                                 : "0123456789")])
        return -EINVAL;
    number = strtoull(digits, NULL, is_hex ? 16 : 10);
    if (number > UINT32_MAX)
        return -EINVAL;
    *ret_number = (uint32_t)number;
    return 0;
}

long text_parse_index(const char *text, size_t len, long limit)
{
    long number = 0;
    size_t i;

    if (!len || (text[0] == '0' && len > 1))
        return -1;
    for (i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
        if (number >= limit)
            return -1;
    }
    return number;
}
