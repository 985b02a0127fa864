/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of JSON values, for terminals and for scripts. */

#ifndef SCMI_MED_CTL_CLIENT_VIEW_H
#define SCMI_MED_CTL_CLIENT_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>
#include <libsmartcols/libsmartcols.h>

/* Longest text of a cell; what is longer is cut. */
#define VIEW_CELL_SIZE 65536

struct view_column {
    const char *name;       /* NULL ends a list of columns */
    int flags;
};

/* Flags of columns. */
#define VIEW_NUMBER SCOLS_FL_RIGHT
#define VIEW_TEXT   0
#define VIEW_CUT    SCOLS_FL_TRUNC      /* gives way on a narrow terminal */
#define VIEW_LIST   SCOLS_FL_WRAP       /* of several lines on a terminal */
#define VIEW_EXTRA  (1 << 30)           /* not shown on a narrow terminal */

struct view {
    struct libscols_table *table;
    bool on_terminal;
};

/* The functions that return bool return false if memory is short. */
bool view_init(struct view *view, const struct view_column *columns,
               bool headings, FILE *out);

/* Prints the table if all is well so far, and frees it. */
bool view_done(struct view *view, bool ok);

/* A whole table, of a line for each object of a list. */
bool view_show_list(const json_t *list, const struct view_column *columns,
                    void (*fill)(const struct view *, struct libscols_line *,
                                 const json_t *),
                    bool headings, FILE *out);

void view_set_cell(struct libscols_line *line, size_t n, const char *format,
                   ...) __attribute__((format(printf, 3, 4)));

/* The text of a field; "-" for null. */
const char *view_text_of(const json_t *object, const char *key);
void view_set_text(struct libscols_line *line, size_t n,
                   const json_t *object, const char *key);

/* A number; "-" for null. */
void view_set_number(struct libscols_line *line, size_t n,
                     const json_t *object, const char *key, bool hex);

/* A list of numbers or strings. */
void view_set_list(const struct view *view, struct libscols_line *line,
                   size_t n, const json_t *list);

/* Appends an item to the text of a list; *column is where its line ends. */
void view_add_item(const struct view *view, char text[VIEW_CELL_SIZE],
                   size_t *column, const char *separator, const char *format,
                   ...) __attribute__((format(printf, 5, 6)));

#endif
