/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables on standard output, see view.h. */

#include "ctl/client/view.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

/* A longer item of a list is cut. */
#define ITEM_SIZE 1100

/* Terminals below this width do not show VIEW_EXTRA columns. */
#define NARROW 150

/* Width at which lists are broken between two items. */
#define LIST_WIDTH 24

static bool add_column(struct view *view, const struct view_column *column)
{
    struct libscols_column *cl;
    int flags = column->flags & ~VIEW_EXTRA;

    if ((column->flags & VIEW_EXTRA) && view->on_terminal &&
        scols_table_get_termwidth(view->table) < NARROW)
        flags |= SCOLS_FL_HIDDEN;
    cl = scols_table_new_column(view->table, column->name, 0, flags);
    if (!cl)
        return false;
    if (!(flags & VIEW_LIST))
        return true;
    return !scols_column_set_wrapfunc(cl, scols_wrapnl_chunksize,
                                      scols_wrapnl_nextchunk, NULL) &&
           !scols_column_set_safechars(cl, "\n");
}

bool view_init(struct view *view, const struct view_column *columns,
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

bool view_done(struct view *view, bool ok)
{
    ok = ok && !scols_print_table(view->table);
    scols_unref_table(view->table);
    return ok;
}

void view_set_cell(struct libscols_line *line, size_t n, const char *format,
                   ...)
{
    char text[VIEW_CELL_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    scols_line_set_data(line, n, text);
}

const char *view_text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text && *text ? text : "-";
}

void view_set_text(struct libscols_line *line, size_t n,
                   const json_t *object, const char *key)
{
    view_set_cell(line, n, "%s", view_text_of(object, key));
}

void view_set_number(struct libscols_line *line, size_t n,
                     const json_t *object, const char *key, bool hex)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_integer(value))
        view_set_cell(line, n, "-");
    else if (hex)
        view_set_cell(line, n, "0x%" PRIx64,
                      (uint64_t)json_integer_value(value));
    else
        view_set_cell(line, n, "%" JSON_INTEGER_FORMAT,
                      json_integer_value(value));
}

void view_add_item(const struct view *view, char text[VIEW_CELL_SIZE],
                   size_t *column, const char *separator, const char *format,
                   ...)
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
    snprintf(text + len, VIEW_CELL_SIZE - len, "%s%s%s", len ? separator : "",
             !len ? "" : break_line ? "\n" : " ", item);
    *column = break_line ? item_len : *column + item_len + 1;
}

void view_set_list(const struct view *view, struct libscols_line *line,
                   size_t n, const json_t *list)
{
    char text[VIEW_CELL_SIZE] = "";
    const json_t *item;
    size_t i, column = 0;

    json_array_foreach(list, i, item) {
        if (json_is_string(item))
            view_add_item(view, text, &column, "", "%s",
                          json_string_value(item));
        else
            view_add_item(view, text, &column, "", "%" JSON_INTEGER_FORMAT,
                          json_integer_value(item));
    }
    view_set_cell(line, n, "%s", *text ? text : "-");
}

bool view_show_list(const json_t *list, const struct view_column *columns,
                    void (*fill)(const struct view *, struct libscols_line *,
                                 const json_t *),
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
