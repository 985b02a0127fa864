/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb "top", see top.h. */

#include "ctl/top/top.h"

#include <errno.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/client/signals.h"
#include "lib/monotonic.h"

/* Keys are not read during a call, so it gets less time than others. */
#define REDRAW_TIMEOUT_MS 2000

struct top {
    const struct ctl_options *options;
    FILE *out;
    struct sample before, now;
    /* On a terminal: */
    int end_fd;                 /* readable when a signal asks to end */
    sigset_t wait_mask;         /* signals blocked while waiting */
};

/* Calls the daemon. On success, the last sample becomes the one before. */
static enum ctl_status take_sample(struct top *top, int timeout_ms,
                                   char error[CTL_ERROR_SIZE])
{
    enum ctl_status status;
    json_t *answer;

    status = ctl_call(top->options->socket_path, "ListAgents", NULL,
                      timeout_ms, &answer, error);
    if (status)
        return status;
    json_decref(top->before.agents);
    top->before = top->now;
    top->now.agents = json_incref(json_object_get(answer, "agents"));
    top->now.ms = monotonic_ms();
    json_decref(answer);
    return CTL_OK;
}

/* ---- As text ------------------------------------------------------------ */

static bool print(const struct top *top, bool first)
{
    const struct ctl_options *options = top->options;
    struct rated_agent *rated;
    size_t nr;
    bool ok;

    rated = rates_new(&top->before, &top->now, &nr);
    if (!rated)
        return false;
    if (options->json)
        ok = top_show_json(rated, nr, (double)(top->now.ms - top->before.ms) /
                           1000, top->out);
    else
        ok = (first || !options->headings || putc('\n', top->out) != EOF) &&
             (!options->headings ||
              top_show_summary(rated, nr, "", "", 0, top->out)) &&
             top_show_table(rated, nr, 0, options->headings, top->out);
    free(rated);
    return ok && !fflush(top->out);
}

/* Takes a sample first that is not printed, so that the next one has rates. */
static enum ctl_status print_samples(struct top *top,
                                     char error[CTL_ERROR_SIZE])
{
    unsigned int i, nr = top->options->samples ? top->options->samples : 1;
    enum ctl_status status;

    status = take_sample(top, top->options->timeout_ms, error);
    for (i = 0; !status && i < nr; i++) {
        (void)poll(NULL, 0, top->options->delay_ms);
        status = take_sample(top, top->options->timeout_ms, error);
        errno = 0;
        if (!status && !print(top, i == 0))
            status = ctl_fail(CTL_USAGE, error, "cannot write the output: %s",
                              strerror(errno ? errno : ENOMEM));
    }
    return status;
}

/* ---- On a terminal ------------------------------------------------------ */

static bool terminal_usable(FILE *out)
{
    const char *type = getenv("TERM");

    return isatty(STDIN_FILENO) && isatty(fileno(out)) && type && *type &&
           strcmp(type, "dumb");
}

/* ncurses ignores SIGTSTP while it draws: blocked, the signal waits instead. */
static void refresh_screen(void)
{
    sigset_t stop, before;

    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigprocmask(SIG_BLOCK, &stop, &before);
    refresh();
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* Draws as many lines as fit, each cut at the right margin. */
static void draw_text(const char *text)
{
    size_t len;
    int row;

    erase();
    for (row = 0; row < LINES && *text; row++) {
        len = strcspn(text, "\n");
        /* A longer line has run over into this one. */
        move(row, 0);
        clrtobot();
        addnstr(text, (int)len);
        text += len + (text[len] != '\0');
    }
    if (row < LINES) {
        move(row, 0);
        clrtobot();
    }
    refresh_screen();
}

/* Draws the screen; trouble is the last sample's error, or "". */
static bool draw(const struct top *top, const char *trouble)
{
    struct rated_agent *rated;
    size_t nr, size = 0;
    char *text = NULL;
    bool ok;
    FILE *out;

    rated = rates_new(&top->before, &top->now, &nr);
    out = open_memstream(&text, &size);
    ok = rated && out &&
         top_show_summary(rated, nr, "; q: quit", trouble, (size_t)COLS, out) &&
         top_show_table(rated, nr, (size_t)COLS, top->options->headings, out);
    if (out)
        ok = !fclose(out) && ok;
    if (ok)
        draw_text(text);
    free(text);
    free(rated);
    return ok;
}

enum action { IGNORE, DRAW, SAMPLE, QUIT };

static enum action on_key(int key)
{
    switch (key) {
    case 'q':
    case 'Q':
        return QUIT;
    case ' ':
        return SAMPLE;
    case KEY_RESIZE:
        return DRAW;
    }
    return IGNORE;
}

/* Waits for a key, a new size, the next sample's time or the end. */
static enum action wait_for_action(const struct top *top, int64_t until_ms)
{
    struct pollfd fds[] = {
        { .fd = top->end_fd, .events = POLLIN },
        { .fd = STDIN_FILENO, .events = POLLIN },
    };
    enum action action;
    struct timespec left;
    int64_t left_ms;
    int key;

    for (;;) {
        while ((key = getch()) != ERR) {
            action = on_key(key);
            if (action != IGNORE)
                return action;
        }
        left_ms = until_ms - monotonic_ms();
        if (left_ms <= 0)
            return SAMPLE;
        left.tv_sec = left_ms / 1000;
        left.tv_nsec = left_ms % 1000 * 1000000;
        if (ppoll(fds, 2, &left, &top->wait_mask) <= 0)
            continue;
        if (fds[0].revents || (fds[1].revents & (POLLHUP | POLLERR)))
            return QUIT;
    }
}

static enum ctl_status run_on_terminal(struct top *top,
                                       char error[CTL_ERROR_SIZE])
{
    int timeout_ms = top->options->timeout_ms < REDRAW_TIMEOUT_MS
                     ? top->options->timeout_ms : REDRAW_TIMEOUT_MS;
    int64_t next_ms = monotonic_ms() + top->options->delay_ms;
    char trouble[CTL_ERROR_SIZE] = "";
    enum action action = DRAW;

    while (action != QUIT) {
        if (action == SAMPLE) {
            /* The daemon may come back: a failure is only shown. */
            if (!take_sample(top, timeout_ms, trouble))
                trouble[0] = '\0';
            next_ms = monotonic_ms() + top->options->delay_ms;
        }
        if (!draw(top, trouble))
            return ctl_fail(CTL_USAGE, error, "out of memory");
        action = wait_for_action(top, next_ms);
    }
    return CTL_OK;
}

/*
 * ncurses handles SIGTSTP, and on SIGWINCH sets a flag for getch(). SIGWINCH is
 * blocked except in ppoll(): otherwise it could arrive just before.
 */
static enum ctl_status open_screen(struct top *top, char error[CTL_ERROR_SIZE])
{
    SCREEN *screen;
    enum ctl_status status;
    sigset_t resize;

    setlocale(LC_CTYPE, "");
    sigemptyset(&resize);
    sigaddset(&resize, SIGWINCH);
    sigprocmask(SIG_BLOCK, &resize, &top->wait_mask);
    screen = newterm(NULL, top->out, stdin);
    if (screen) {
        cbreak();
        noecho();
        nodelay(stdscr, TRUE);
        curs_set(0);
        status = run_on_terminal(top, error);
        endwin();
        delscreen(screen);
    } else {
        status = ctl_fail(CTL_USAGE, error, "top: ncurses does not know the "
                          "terminal \"%s\": set TERM, or print with -n 1",
                          getenv("TERM"));
    }
    sigprocmask(SIG_SETMASK, &top->wait_mask, NULL);
    return status;
}

static enum ctl_status show_on_terminal(struct top *top,
                                        char error[CTL_ERROR_SIZE])
{
    static const int also[] = { SIGQUIT, 0 };
    enum ctl_status status;

    status = take_sample(top, top->options->timeout_ms, error);
    if (status)
        return status;
    top->end_fd = signals_open(also);
    if (top->end_fd < 0)
        return ctl_fail(CTL_USAGE, error, "pipe: %s", strerror(errno));
    status = open_screen(top, error);
    signals_close();
    return status;
}

enum ctl_status ctl_top(char *const *args, const struct ctl_options *options,
                        FILE *out, char error[CTL_ERROR_SIZE])
{
    struct top top = { .options = options, .out = out };
    enum ctl_status status;

    *error = '\0';
    if (*args)
        return ctl_fail(CTL_USAGE, error, "top: too many arguments: %s",
                        *args);
    if (!options->samples && !options->json &&
        terminal_usable(out))
        status = show_on_terminal(&top, error);
    else
        status = print_samples(&top, error);
    json_decref(top.before.agents);
    json_decref(top.now.agents);
    return status;
}
