/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of JSON values. On a terminal they are fitted to its width. */

#ifndef SCMI_MED_CTL_CLIENT_VIEW_H
#define SCMI_MED_CTL_CLIENT_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>
#include <libsmartcols/libsmartcols.h>

/* Longer text of a cell is cut. */
#define VIEW_CELL_SIZE 65536

struct view_column {
    const char *name;       /* NULL ends a list of columns */
    int flags;
};

/* Flags of columns. */
#define VIEW_NUMBER SCOLS_FL_RIGHT
#define VIEW_TEXT   0
#define VIEW_CUT    SCOLS_FL_TRUNC      /* cut on a narrow terminal */
#define VIEW_LIST   SCOLS_FL_WRAP       /* wrapped on a terminal */
#define VIEW_EXTRA  (1 << 30)           /* hidden on a narrow terminal */

struct view {
    struct libscols_table *table;
    bool on_terminal;
};

/* The functions that return bool return false if memory is short. */
bool view_init(struct view *view, const struct view_column *columns,
               bool headings, FILE *out);

/* Prints the table if ok, and frees it; returns false if either failed. */
bool view_done(struct view *view, bool ok);

/* Prints a table with one line for each object of a list. */
bool view_show_list(const json_t *list, const struct view_column *columns,
                    void (*fill)(const struct view *, struct libscols_line *,
                                 const json_t *),
                    bool headings, FILE *out);

void view_set_cell(struct libscols_line *line, size_t n, const char *format,
                   ...) __attribute__((format(printf, 3, 4)));

/* A string of the object; "-" if it is null or empty. */
const char *view_text_of(const json_t *object, const char *key);
void view_set_text(struct libscols_line *line, size_t n,
                   const json_t *object, const char *key);

/* A number; "-" for null. */
void view_set_number(struct libscols_line *line, size_t n,
                     const json_t *object, const char *key, bool hex);

/* A list of numbers or strings. */
void view_set_list(const struct view *view, struct libscols_line *line,
                   size_t n, const json_t *list);

/* Appends an item to a list's text; *column is the width of its last line. */
void view_add_item(const struct view *view, char text[VIEW_CELL_SIZE],
                   size_t *column, const char *separator, const char *format,
                   ...) __attribute__((format(printf, 5, 6)));

#endif
