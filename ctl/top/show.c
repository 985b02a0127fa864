/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The views of "top", see top.h. */

#include "ctl/top/top.h"

#include <string.h>
#include <time.h>

#include "ctl/client/show.h"
#include "ctl/client/view.h"

/* All columns fit on a terminal of this width. */
#define WIDE 120

static void set_rate(struct libscols_line *line, size_t n, bool known,
                     double rate)
{
    if (!known)
        view_set_cell(line, n, "-");
    else
        view_set_cell(line, n, rate < 100 ? "%.1f" : "%.0f", rate);
}

static bool text_is(const json_t *agent, const char *key, const char *value)
{
    return !strcmp(view_text_of(agent, key), value);
}

/* Breaks lines at blanks, and words that are longer than a line. */
static bool print_wrapped(const char *text, size_t columns, FILE *out)
{
    size_t len;

    while (columns && strlen(text) > columns) {
        for (len = columns; len && text[len] != ' '; len--)
            ;
        if (!len)
            len = columns;
        fprintf(out, "%.*s\n", (int)len, text);
        text += len + (text[len] == ' ');
    }
    return fprintf(out, "%s\n", text) > 0;
}

bool top_show_summary(const struct rated_agent *rated, size_t nr,
                      const char *hint, const char *trouble, size_t columns,
                      FILE *out)
{
    unsigned int bound = 0, free_ = 0, quarantined = 0, total = 0;
    struct rates rates = rates_total(rated, nr);
    time_t now = time(NULL);
    char when[16] = "";
    struct tm local;
    size_t i;

    for (i = 0; i < nr; i++) {
        if (!text_is(rated[i].agent, "role", "guest"))
            continue;
        total++;
        bound += text_is(rated[i].agent, "state", "bound");
        free_ += text_is(rated[i].agent, "state", "free");
        quarantined += text_is(rated[i].agent, "state", "quarantined");
    }
    if (localtime_r(&now, &local))
        strftime(when, sizeof(when), "%H:%M:%S", &local);
    fprintf(out, "%s  %u domain%s, %u of %u agents free", when, bound,
            bound == 1 ? "" : "s", free_, total);
    if (quarantined)
        fprintf(out, ", %u quarantined", quarantined);
    fprintf(out, "%s\n", hint);
    if (*trouble)
        return print_wrapped(trouble, columns, out);
    if (!rates.known)
        return fputs("per second: not known yet\n", out) != EOF;
    return fprintf(out, "per second: %.1f calls, %.1f refused, %.1f throttled\n",
                   rates.calls, rates.refused, rates.throttled) > 0;
}

static bool add_line(const struct view *view, const struct rated_agent *rated,
                     bool wide)
{
    struct libscols_line *line = scols_table_new_line(view->table, NULL);
    const json_t *agent = rated->agent;

    if (!line)
        return false;
    view_set_number(line, 0, agent, "agent", false);
    ctl_set_domain(line, 1, agent);
    view_set_text(line, 2, agent, "state");
    set_rate(line, 3, rated->rates.known, rated->rates.calls);
    set_rate(line, 4, rated->rates.known, rated->rates.refused);
    set_rate(line, 5, rated->rates.known, rated->rates.throttled);
    view_set_number(line, 6, agent, "calls", false);
    if (!wide)
        return true;
    ctl_set_limit(line, 7, agent);
    ctl_set_age(line, 8, agent);
    view_set_number(line, 9, agent, "last_error", false);
    view_set_list(view, line, 10, json_object_get(agent, "devices"));
    return true;
}

bool top_show_table(const struct rated_agent *rated, size_t nr, size_t columns,
                    bool headings, FILE *out)
{
    static const struct view_column all[] = {
        { "AGENT", VIEW_NUMBER }, { "DOMAIN", VIEW_CUT },
        { "STATE", VIEW_TEXT }, { "CALLS/S", VIEW_NUMBER },
        { "REFUSED/S", VIEW_NUMBER }, { "THROTTLED/S", VIEW_NUMBER },
        { "CALLS", VIEW_NUMBER }, { "LIMIT", VIEW_NUMBER },
        { "LAST-CALL", VIEW_NUMBER }, { "LAST-ERROR", VIEW_NUMBER },
        { "DEVICES", VIEW_CUT }, { NULL, 0 },
    };
    bool wide = !columns || columns >= WIDE, ok = true;
    struct view_column shown[sizeof(all) / sizeof(all[0])];
    struct view view;
    size_t i;

    memcpy(shown, all, sizeof(all));
    if (!wide)
        shown[7].name = NULL;
    if (!view_init(&view, shown, headings, out))
        return false;
    if (columns) {
        scols_table_set_termforce(view.table, SCOLS_TERMFORCE_ALWAYS);
        scols_table_set_termwidth(view.table, columns);
    }
    for (i = 0; ok && i < nr; i++)
        ok = add_line(&view, &rated[i], wide);
    return view_done(&view, ok);
}

static json_t *rate_json(bool known, double rate)
{
    return known ? json_real(rate) : json_null();
}

bool top_show_json(const struct rated_agent *rated, size_t nr, double seconds,
                   FILE *out)
{
    json_t *list = json_array(), *object, *agent;
    bool ok = list;
    size_t i;

    for (i = 0; ok && i < nr; i++) {
        const struct rates *rates = &rated[i].rates;

        agent = json_copy((json_t *)rated[i].agent);
        ok = !json_object_set_new(agent, "calls_per_second",
                                  rate_json(rates->known, rates->calls)) &&
             !json_object_set_new(agent, "refused_per_second",
                                  rate_json(rates->known, rates->refused)) &&
             !json_object_set_new(agent, "throttled_per_second",
                                  rate_json(rates->known, rates->throttled));
        ok = !json_array_append_new(list, agent) && ok;
    }
    object = json_pack("{s:f, s:o}", "seconds", seconds, "agents", list);
    ok = ok && object && !json_dumpf(object, out, JSON_COMPACT) &&
         putc('\n', out) != EOF;
    json_decref(object);
    return ok;
}
