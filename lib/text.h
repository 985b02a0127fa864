/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from other programs, files and command lines. */

#ifndef SCMI_MED_LIB_TEXT_H
#define SCMI_MED_LIB_TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Replaces everything but printable ASCII by "?", so that text from elsewhere
 * is safe in JSON, in logs and on terminals.
 */
void text_make_printable(char *text);

/*
 * Parses a decimal number, or one in hexadecimal after "0x"; without sign and
 * blanks, and never octal. Returns 0 or -EINVAL.
 */
int text_parse_u32(const char *text, uint32_t *ret_number);

/*
 * Parses len characters as a number that names something, as programs write
 * it: decimal, without sign, blanks and leading zeroes. -1: it is none, or not
 * below the limit.
 */
long text_parse_index(const char *text, size_t len, long limit);

#endif
