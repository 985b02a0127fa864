/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl top, see top.h. */

#include "ctl/top/top.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/client/signals.h"
#include "ctl/top/terminal.h"
#include "lib/monotonic.h"

/* While the daemon is waited for, keys are not. */
#define PATIENCE_MS 2000

struct top {
    const struct ctl_options *options;
    FILE *out;
    struct sample before, now;
    struct terminal terminal;
    int signals;
};

/* Asks the daemon. What it said last is then the sample before. */
static enum ctl_status take_sample(struct top *top, int timeout_ms,
                                   char error[CTL_ERROR_SIZE])
{
    enum ctl_status status;
    json_t *answer;

    status = ctl_call(top->options->socket_path, "ListAgents", NULL,
                      timeout_ms, &answer, error);
    if (status)
        return status;
    status = ctl_answer_check(answer, ctl_agents_fields, error);
    if (!status) {
        json_decref(top->before.agents);
        top->before = top->now;
        top->now.agents = json_incref(json_object_get(answer, "agents"));
        top->now.ms = monotonic_ms();
    }
    json_decref(answer);
    return status;
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
              top_show_summary(rated, nr, "", "", top->out)) &&
             top_show_table(rated, nr, 0, options->headings, top->out);
    free(rated);
    return ok && !fflush(top->out);
}

/* The first sample only serves to have rates for the next one. */
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

/* A screenful; false without memory, or without a terminal. */
static bool draw(const struct top *top, const char *trouble)
{
    struct rated_agent *rated;
    size_t rows, columns, nr, size = 0;
    char *text = NULL;
    bool ok;
    FILE *out;

    rated = rates_new(&top->before, &top->now, &nr);
    out = open_memstream(&text, &size);
    ok = rated && out;
    if (ok) {
        terminal_size(&top->terminal, &rows, &columns);
        ok = top_show_summary(rated, nr, "; q: quit", trouble, out) &&
             top_show_table(rated, nr, columns, top->options->headings, out);
    }
    if (out)
        ok = !fclose(out) && ok;
    ok = ok && terminal_show(&top->terminal, text);
    free(text);
    free(rated);
    return ok;
}

enum wish { GO_ON, DRAW, SAMPLE, END };

/* The shell gets its terminal back until it has the program go on. */
static enum wish pause_here(struct top *top)
{
    terminal_leave(&top->terminal);
    signals_stop();
    return terminal_enter(&top->terminal, top->terminal.in, top->terminal.out)
           ? END : DRAW;
}

static enum wish on_signal(struct top *top)
{
    int number = signals_next();

    if (number == SIGTSTP)
        return pause_here(top);
    if (number == SIGWINCH)
        return DRAW;
    return number ? END : GO_ON;
}

static enum wish on_key(const struct top *top)
{
    char key;
    ssize_t n = read(top->terminal.in, &key, 1);

    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? GO_ON : END;
    if (n == 0 || key == 'q' || key == 'Q')
        return END;
    return key == ' ' ? SAMPLE : GO_ON;
}

/* Until the next sample is due, or something else is to be done. */
static enum wish wait_for_wish(struct top *top, int64_t until_ms)
{
    struct pollfd fds[] = {
        { .fd = top->signals, .events = POLLIN },
        { .fd = top->terminal.in, .events = POLLIN },
    };
    enum wish wish = GO_ON;
    int64_t left_ms;

    while (wish == GO_ON) {
        left_ms = until_ms - monotonic_ms();
        if (left_ms <= 0)
            return SAMPLE;
        if (poll(fds, 2, (int)left_ms) <= 0)
            continue;
        if (fds[0].revents)
            wish = on_signal(top);
        else if (fds[1].revents)
            wish = on_key(top);
    }
    return wish;
}

static enum ctl_status run_on_terminal(struct top *top,
                                       char error[CTL_ERROR_SIZE])
{
    int timeout_ms = top->options->timeout_ms < PATIENCE_MS
                     ? top->options->timeout_ms : PATIENCE_MS;
    int64_t next_ms = monotonic_ms() + top->options->delay_ms;
    char trouble[CTL_ERROR_SIZE] = "";
    enum wish wish = DRAW;

    while (wish != END && draw(top, trouble)) {
        wish = wait_for_wish(top, next_ms);
        if (wish != SAMPLE)
            continue;
        /* A daemon that is gone may come back. */
        if (!take_sample(top, timeout_ms, trouble))
            trouble[0] = '\0';
        next_ms = monotonic_ms() + top->options->delay_ms;
    }
    error[0] = '\0';
    return CTL_OK;
}

static enum ctl_status take_terminal(struct top *top,
                                     char error[CTL_ERROR_SIZE])
{
    static const int also[] = { SIGQUIT, SIGTSTP, SIGWINCH, 0 };
    enum ctl_status status;
    int rc;

    status = take_sample(top, top->options->timeout_ms, error);
    if (status)
        return status;
    top->signals = signals_open(also);
    if (top->signals < 0)
        return ctl_fail(CTL_USAGE, error, "pipe: %s", strerror(errno));
    rc = terminal_enter(&top->terminal, STDIN_FILENO, fileno(top->out));
    if (rc) {
        status = ctl_fail(CTL_USAGE, error, "terminal: %s", strerror(-rc));
    } else {
        status = run_on_terminal(top, error);
        terminal_leave(&top->terminal);
    }
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
        terminal_is_one(STDIN_FILENO, fileno(out)))
        status = take_terminal(&top, error);
    else
        status = print_samples(&top, error);
    json_decref(top.before.agents);
    json_decref(top.now.agents);
    return status;
}
