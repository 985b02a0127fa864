/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The screen, see terminal.h. */

#include "ctl/top/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ALTERNATE_SCREEN "\033[?1049h"
#define NORMAL_SCREEN    "\033[?1049l"
#define HIDE_CURSOR      "\033[?25l"
#define SHOW_CURSOR      "\033[?25h"
#define HOME             "\033[H"
#define CLEAR_LINE       "\033[K"      /* from here on */
#define CLEAR_REST       "\033[J"

bool terminal_is_one(int in, int out)
{
    const char *type = getenv("TERM");

    return isatty(in) && isatty(out) && type && *type && strcmp(type, "dumb");
}

/* False if the terminal is gone, or there is a signal to be looked at. */
static bool put(int fd, const char *text, size_t len)
{
    ssize_t n;

    for (; len; text += n, len -= (size_t)n) {
        n = write(fd, text, len);
        if (n < 0)
            return false;
    }
    return true;
}

int terminal_enter(struct terminal *terminal, int in, int out)
{
    struct termios raw;

    terminal->in = in;
    terminal->out = out;
    if (tcgetattr(in, &terminal->before))
        return -errno;
    raw = terminal->before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(in, TCSANOW, &raw))
        return -errno;
    (void)put(out, ALTERNATE_SCREEN HIDE_CURSOR,
              strlen(ALTERNATE_SCREEN HIDE_CURSOR));
    return 0;
}

void terminal_leave(const struct terminal *terminal)
{
    /* Not after what is still to be written: that may be held up. */
    (void)tcsetattr(terminal->in, TCSANOW, &terminal->before);
    (void)put(terminal->out, SHOW_CURSOR NORMAL_SCREEN,
              strlen(SHOW_CURSOR NORMAL_SCREEN));
}

void terminal_size(const struct terminal *terminal, size_t *ret_rows,
                   size_t *ret_columns)
{
    struct winsize size = { 0 };

    (void)ioctl(terminal->out, TIOCGWINSZ, &size);
    *ret_rows = size.ws_row ? size.ws_row : 24;
    *ret_columns = size.ws_col ? size.ws_col : 80;
}

void terminal_frame(FILE *out, const char *text, size_t rows, size_t columns)
{
    size_t row, len;

    fputs(HOME, out);
    for (row = 0; row < rows && *text; row++) {
        len = strcspn(text, "\n");
        fprintf(out, "%s%.*s", row ? "\r\n" : "",
                (int)(len < columns ? len : columns), text);
        /* Behind the last column, it would clear that one. */
        if (len < columns)
            fputs(CLEAR_LINE, out);
        text += len + (text[len] != '\0');
    }
    if (row < rows)
        fputs(row ? "\r\n" CLEAR_REST : CLEAR_REST, out);
}

bool terminal_show(const struct terminal *terminal, const char *text)
{
    size_t rows, columns, size = 0;
    char *frame = NULL;
    FILE *out = open_memstream(&frame, &size);
    bool ok = out;

    if (out) {
        terminal_size(terminal, &rows, &columns);
        terminal_frame(out, text, rows, columns);
        ok = !fclose(out) &&
             (put(terminal->out, frame, size) || errno == EINTR);
    }
    free(frame);
    return ok;
}
