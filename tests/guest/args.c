// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command line, which Xen puts into the device tree as /chosen/bootargs:
 * words that are found wherever they stand in the tree.
 */
#include "guest.h"

static const uint8_t *fdt;
static uint32_t size;

void args_init(const uint8_t *tree)
{
    fdt = tree;
    size = (uint32_t)fdt[4] << 24 | fdt[5] << 16 | fdt[6] << 8 | fdt[7];
}

/* What stands behind the word, or NULL. */
static const uint8_t *find(const char *word)
{
    uint32_t i, n;

    for (i = 0; i + 32 < size; i++) {
        for (n = 0; word[n] && fdt[i + n] == (uint8_t)word[n]; n++)
            ;
        if (!word[n])
            return fdt + i + n;
    }
    return NULL;
}

bool args_has(const char *word)
{
    return find(word) != NULL;
}

/* The hexadecimal number behind a word like "page=0x". */
uint64_t args_value(const char *word, uint64_t otherwise)
{
    const uint8_t *digit = find(word);
    uint64_t value = 0;

    if (!digit)
        return otherwise;
    for (;; digit++) {
        uint8_t c = *digit | 0x20;

        if (c >= '0' && c <= '9')
            value = value << 4 | (c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (c - 'a' + 10);
        else
            return value;
    }
}
