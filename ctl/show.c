/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of the daemon's answers, see show.h. */

#include "ctl/show.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <libsmartcols/libsmartcols.h>

/* Longest text of a cell, and of one item of a list; what is longer is cut. */
#define CELL_SIZE 65536
#define ITEM_SIZE 1100

struct column {
    const char *name;       /* NULL ends a list of columns */
    int flags;
};

/* Flags of columns. */
#define NUMBER  SCOLS_FL_RIGHT
#define TEXT    0
#define CUT     SCOLS_FL_TRUNC      /* gives way on a narrow terminal */
#define LIST    SCOLS_FL_WRAP       /* of several lines on a terminal */
#define EXTRA   (1 << 30)           /* not shown on a narrow terminal */

/* A table that shows everything has about this width. */
#define NARROW 150

/* Lists are broken, between two items, before they are wider than this. */
#define LIST_WIDTH 24

struct view {
    struct libscols_table *table;
    bool on_terminal;
};

static bool add_column(struct view *view, const struct column *column)
{
    struct libscols_column *cl;
    int flags = column->flags & ~EXTRA;

    if ((column->flags & EXTRA) && view->on_terminal &&
        scols_table_get_termwidth(view->table) < NARROW)
        flags |= SCOLS_FL_HIDDEN;
    cl = scols_table_new_column(view->table, column->name, 0, flags);
    if (!cl)
        return false;
    if (!(flags & LIST))
        return true;
    return !scols_column_set_wrapfunc(cl, scols_wrapnl_chunksize,
                                      scols_wrapnl_nextchunk, NULL) &&
           !scols_column_set_safechars(cl, "\n");
}

static bool view_init(struct view *view, const struct column *columns,
                      bool headings, FILE *out)
{
    view->on_terminal = isatty(fileno(out));
    view->table = scols_new_table();
    if (!view->table)
        return false;
    scols_table_enable_noheadings(view->table, !headings);
    scols_table_set_stream(view->table, out);
    for (; columns->name; columns++)
        if (!add_column(view, columns)) {
            scols_unref_table(view->table);
            return false;
        }
    return true;
}

/* Prints the table if all is well so far, and frees it. */
static bool view_done(struct view *view, bool ok)
{
    ok = ok && !scols_print_table(view->table);
    scols_unref_table(view->table);
    return ok;
}

__attribute__((format(printf, 3, 4)))
static void set_cell(struct libscols_line *line, size_t n,
                     const char *format, ...)
{
    char text[CELL_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    scols_line_set_data(line, n, text);
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text && *text ? text : "-";
}

static void set_text(struct libscols_line *line, size_t n,
                     const json_t *object, const char *key)
{
    set_cell(line, n, "%s", text_of(object, key));
}

/* A number; "-" for null. */
static void set_number(struct libscols_line *line, size_t n, const json_t *object,
                       const char *key, bool hex)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_integer(value))
        set_cell(line, n, "-");
    else if (hex)
        set_cell(line, n, "0x%" PRIx64, (uint64_t)json_integer_value(value));
    else
        set_cell(line, n, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
}

/* Appends an item to the text of a list; *column is where its line ends. */
__attribute__((format(printf, 5, 6)))
static void add_item(const struct view *view, char text[CELL_SIZE],
                     size_t *column, const char *separator,
                     const char *format, ...)
{
    char item[ITEM_SIZE];
    size_t len = strlen(text), item_len;
    bool break_line;
    va_list args;

    va_start(args, format);
    vsnprintf(item, sizeof(item), format, args);
    va_end(args);
    item_len = strlen(item);
    break_line = view->on_terminal && *column + item_len + 1 > LIST_WIDTH;
    snprintf(text + len, CELL_SIZE - len, "%s%s%s", len ? separator : "",
             !len ? "" : break_line ? "\n" : " ", item);
    *column = break_line ? item_len : *column + item_len + 1;
}

/* A list of numbers or strings. */
static void set_list(const struct view *view, struct libscols_line *line,
                     size_t n, const json_t *list)
{
    char text[CELL_SIZE] = "";
    const json_t *item;
    size_t i, column = 0;

    json_array_foreach(list, i, item) {
        if (json_is_string(item))
            add_item(view, text, &column, "", "%s", json_string_value(item));
        else
            add_item(view, text, &column, "", "%" JSON_INTEGER_FORMAT,
                     json_integer_value(item));
    }
    set_cell(line, n, "%s", *text ? text : "-");
}

/* "one (3)" */
static void set_domain(struct libscols_line *line, size_t n,
                       const json_t *object)
{
    const json_t *domid = json_object_get(object, "domid");

    if (json_is_integer(domid))
        set_cell(line, n, "%s (%" JSON_INTEGER_FORMAT ")",
                 text_of(object, "domain"), json_integer_value(domid));
    else
        set_cell(line, n, "-");
}

/* Calls per second; what cannot be reached is no limit. */
static void set_limit(struct libscols_line *line, size_t n, const json_t *agent)
{
    if (json_integer_value(json_object_get(agent, "limit")) > 1000000000)
        set_cell(line, n, "none");
    else
        set_number(line, n, agent, "limit", false);
}

/* How long ago the last call was. */
static void set_age(struct libscols_line *line, size_t n, const json_t *agent)
{
    const json_t *age = json_object_get(agent, "last_call_ms");
    json_int_t ms = json_integer_value(age);

    if (!json_is_integer(age))
        set_cell(line, n, "-");
    else if (ms < 60000)
        set_cell(line, n, "%.1f s", (double)ms / 1000);
    else if (ms < 3600000)
        set_cell(line, n, "%" JSON_INTEGER_FORMAT " min", ms / 60000);
    else
        set_cell(line, n, "%" JSON_INTEGER_FORMAT " h", ms / 3600000);
}

static void agent_line(const struct view *view, struct libscols_line *line,
                       const json_t *agent)
{
    set_number(line, 0, agent, "agent", false);
    set_text(line, 1, agent, "role");
    set_text(line, 2, agent, "state");
    set_domain(line, 3, agent);
    set_list(view, line, 4, json_object_get(agent, "devices"));
    set_number(line, 5, agent, "calls", false);
    set_number(line, 6, agent, "refused", false);
    set_number(line, 7, agent, "throttled", false);
    set_limit(line, 8, agent);
    set_age(line, 9, agent);
    set_number(line, 10, agent, "last_error", false);
    set_number(line, 11, agent, "function_id", true);
    set_number(line, 12, agent, "page", true);
}

static void domain_line(const struct view *view, struct libscols_line *line,
                        const json_t *domain)
{
    set_number(line, 0, domain, "domid", false);
    set_text(line, 1, domain, "domain");
    set_number(line, 2, domain, "agent", false);
    set_list(view, line, 3, json_object_get(domain, "devices"));
}

static void device_line(const struct view *view, struct libscols_line *line,
                        const json_t *device)
{
    const json_t *resource;
    char text[CELL_SIZE] = "";
    size_t i, column = 0;

    set_text(line, 0, device, "path");
    set_list(view, line, 1, json_object_get(device, "ids"));
    json_array_foreach(json_object_get(device, "resources"), i, resource)
        add_item(view, text, &column, ",", "%s %" JSON_INTEGER_FORMAT,
                 text_of(resource, "property"),
                 json_integer_value(json_object_get(resource, "id")));
    set_cell(line, 2, "%s", *text ? text : "-");
    set_number(line, 3, device, "agent", false);
    set_domain(line, 4, device);
}

static bool show_list(const json_t *list, const struct column *columns,
                      void (*fill)(const struct view *,
                                   struct libscols_line *, const json_t *),
                      bool headings, FILE *out)
{
    struct libscols_line *line;
    const json_t *item;
    struct view view;
    size_t i;

    if (!view_init(&view, columns, headings, out))
        return false;
    json_array_foreach(list, i, item) {
        line = scols_table_new_line(view.table, NULL);
        if (!line)
            return view_done(&view, false);
        fill(&view, line, item);
    }
    return view_done(&view, true);
}

bool ctl_show_agents(const json_t *answer, bool headings, FILE *out)
{
    static const struct column columns[] = {
        { "AGENT", NUMBER }, { "ROLE", TEXT }, { "STATE", TEXT },
        { "DOMAIN", CUT }, { "DEVICES", LIST }, { "CALLS", NUMBER },
        { "REFUSED", NUMBER }, { "THROTTLED", NUMBER },
        { "LIMIT", NUMBER | EXTRA }, { "LAST-CALL", NUMBER | EXTRA },
        { "LAST-ERROR", NUMBER | EXTRA }, { "FUNCTION-ID", NUMBER | EXTRA },
        { "PAGE", NUMBER | EXTRA }, { NULL, 0 },
    };

    return show_list(json_object_get(answer, "agents"), columns, agent_line,
                     headings, out);
}

bool ctl_show_domains(const json_t *answer, bool headings, FILE *out)
{
    static const struct column columns[] = {
        { "DOMID", NUMBER }, { "DOMAIN", CUT }, { "AGENT", NUMBER },
        { "DEVICES", LIST }, { NULL, 0 },
    };

    return show_list(json_object_get(answer, "domains"), columns,
                     domain_line, headings, out);
}

bool ctl_show_devices(const json_t *answer, bool headings, FILE *out)
{
    static const struct column columns[] = {
        { "DEVICE", TEXT }, { "IDS", LIST }, { "RESOURCES", LIST },
        { "AGENT", NUMBER }, { "DOMAIN", CUT }, { NULL, 0 },
    };

    return show_list(json_object_get(answer, "devices"), columns,
                     device_line, headings, out);
}

/* Done, and nothing to say. */
bool ctl_show_nothing(const json_t *answer, bool headings, FILE *out)
{
    (void)answer;
    (void)headings;
    (void)out;
    return true;
}

/* A line of GetStatus. */
__attribute__((format(printf, 3, 4)))
static void status_line(struct view *view, const char *name,
                        const char *format, ...)
{
    struct libscols_line *line = scols_table_new_line(view->table, NULL);
    char text[CELL_SIZE];
    va_list args;

    if (!line)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    scols_line_set_data(line, 0, name);
    scols_line_set_data(line, 1, text);
}

static json_int_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

bool ctl_show_status(const json_t *answer, bool headings, FILE *out)
{
    static const struct column columns[] = {
        { "WHAT", TEXT }, { "VALUE", LIST }, { NULL, 0 },
    };
    const json_t *firmware = json_object_get(answer, "firmware");
    struct libscols_line *line;
    struct view view;

    if (!view_init(&view, columns, headings, out))
        return false;
    status_line(&view, "daemon", "scmi-medd %s, pid %" JSON_INTEGER_FORMAT,
                text_of(answer, "version"), number_of(answer, "pid"));
    status_line(&view, "hypercall", "version %" JSON_INTEGER_FORMAT,
                number_of(answer, "abi"));
    status_line(&view, "function id", "0x%" PRIx64,
                (uint64_t)number_of(answer, "function_id"));
    status_line(&view, "agents", "%" JSON_INTEGER_FORMAT " of %"
                JSON_INTEGER_FORMAT " free, %" JSON_INTEGER_FORMAT
                " quarantined", number_of(answer, "agents_free"),
                number_of(answer, "agents_total"),
                number_of(answer, "agents_quarantined"));
    status_line(&view, "domains", "%" JSON_INTEGER_FORMAT,
                number_of(answer, "domains"));
    status_line(&view, "devices", "%" JSON_INTEGER_FORMAT,
                number_of(answer, "devices"));
    status_line(&view, "base protocol", "version 0x%" PRIx64,
                (uint64_t)number_of(firmware, "base_version"));
    line = scols_table_new_line(view.table, NULL);
    if (line) {
        scols_line_set_data(line, 0, "features");
        set_list(&view, line, 1, json_object_get(firmware, "features"));
    }
    return view_done(&view, line != NULL);
}
