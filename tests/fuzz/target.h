/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fuzz target: reads from its input, dies if something is wrong. */

#ifndef SCMI_MED_TESTS_FUZZ_TARGET_H
#define SCMI_MED_TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Dies, and says where: also in builds without assertions. */
#define must(c) \
    do { \
        if (!(c)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #c); \
            abort(); \
        } \
    } while (0)

/* What is left of an input. Behind its end are zeroes. */
struct bytes {
    const uint8_t *at;
    size_t left;
};

static inline uint8_t take_byte(struct bytes *bytes)
{
    if (!bytes->left)
        return 0;
    bytes->left--;
    return *bytes->at++;
}

static inline uint32_t take_word(struct bytes *bytes)
{
    uint32_t word = take_byte(bytes);

    word |= (uint32_t)take_byte(bytes) << 8;
    word |= (uint32_t)take_byte(bytes) << 16;
    return word | (uint32_t)take_byte(bytes) << 24;
}

#endif
