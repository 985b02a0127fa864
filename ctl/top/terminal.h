/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole screen for oneself, by what every terminal of today understands. */

#ifndef SCMI_MED_CTL_TOP_TERMINAL_H
#define SCMI_MED_CTL_TOP_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>
#include <termios.h>

struct terminal {
    int in, out;
    struct termios before;
};

/* Whether there is one that can be used like that. */
bool terminal_is_one(int in, int out);

/*
 * Takes the screen; keys arrive one by one, unseen. Ctrl-C and the like remain
 * signals. 0 or a negative errno.
 */
int terminal_enter(struct terminal *terminal, int in, int out);

/* Gives back the screen as it was. */
void terminal_leave(const struct terminal *terminal);

void terminal_size(const struct terminal *terminal, size_t *ret_rows,
                   size_t *ret_columns);

/*
 * Writes as much of the text, lines of plain characters, as fits; what was
 * there is gone.
 */
void terminal_frame(FILE *out, const char *text, size_t rows, size_t columns);

/* Shows such a frame; false if the terminal is gone. */
bool terminal_show(const struct terminal *terminal, const char *text);

#endif
