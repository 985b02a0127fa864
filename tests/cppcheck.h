/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For cppcheck, which does not read the system's headers: macros of theirs. */

#define JSON_INTEGER_FORMAT "lld"
#define json_array_foreach(array, i, value) \
    for ((i) = 0; ((value) = json_array_get(array, i)); (i)++)
#define TAILQ_HEAD(name, type) \
    struct name { struct type *tqh_first, **tqh_last; }
#define TAILQ_ENTRY(type) struct { struct type *tqe_next, **tqe_prev; }
