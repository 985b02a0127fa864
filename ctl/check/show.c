/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result as tables. */

#include "ctl/check/private.h"

#include <inttypes.h>
#include <string.h>

#include "ctl/client/view.h"

static void instance_line(const struct view *view, struct libscols_line *line,
                          const json_t *scmi)
{
    char text[VIEW_CELL_SIZE] = "";
    const json_t *protocol;
    size_t i, column = 0;

    view_set_text(line, 0, scmi, "path");
    view_set_text(line, 1, scmi, "transport");
    view_set_cell(line, 2, "%s",
                  json_is_true(json_object_get(scmi, "disabled")) ? "disabled" :
                  json_is_true(json_object_get(scmi, "container")) ? "Xen's" :
                  "host's");
    json_array_foreach(json_object_get(scmi, "protocols"), i, protocol)
        view_add_item(view, text, &column, "", "0x%" PRIx64,
                      (uint64_t)json_integer_value(protocol));
    view_set_cell(line, 3, "%s", *text ? text : "-");
}

static void page_cells(struct libscols_line *line, size_t n,
                       const json_t *page)
{
    view_set_number(line, n, page, "address", true);
    view_set_number(line, n + 1, page, "size", true);
    view_set_text(line, n + 2, page, "node");
}

static void channel_line(const struct view *view, struct libscols_line *line,
                         const json_t *channel)
{
    (void)view;
    view_set_text(line, 0, channel, "scmi");
    view_set_number(line, 1, channel, "protocol", true);
    view_set_number(line, 2, channel, "function_id", true);
    view_set_number(line, 3, channel, "mailboxes", false);
    page_cells(line, 4, json_array_get(json_object_get(channel, "pages"), 0));
}

static void agent_line(const struct view *view, struct libscols_line *line,
                       const json_t *agent)
{
    (void)view;
    view_set_number(line, 0, agent, "agent", false);
    view_set_text(line, 1, agent, "role");
    view_set_number(line, 2, agent, "function_id", true);
    page_cells(line, 3, json_object_get(agent, "page"));
}

/* "clocks 0x14:3", "pinctrl-0 uart1grp" */
static void set_resources(const struct view *view, struct libscols_line *line,
                          size_t n, const json_t *resources)
{
    char text[VIEW_CELL_SIZE] = "";
    const json_t *resource, *id;
    size_t i, column = 0;

    json_array_foreach(resources, i, resource) {
        id = json_object_get(resource, "id");
        if (json_is_integer(id))
            view_add_item(view, text, &column, ",", "%s 0x%" PRIx64 ":%"
                          JSON_INTEGER_FORMAT,
                          view_text_of(resource, "property"),
                          (uint64_t)json_integer_value(
                              json_object_get(resource, "protocol")),
                          json_integer_value(id));
        else
            view_add_item(view, text, &column, ",", "%s %s",
                          view_text_of(resource, "property"),
                          view_text_of(resource, "target"));
    }
    view_set_cell(line, n, "%s", *text ? text : "-");
}

static void device_line(const struct view *view, struct libscols_line *line,
                        const json_t *device)
{
    view_set_text(line, 0, device, "path");
    view_set_list(view, line, 1, json_object_get(device, "ids"));
    set_resources(view, line, 2, json_object_get(device, "resources"));
    view_set_cell(line, 3, "%s",
                  json_is_true(json_object_get(device, "disabled")) ?
                  "disabled" : "enabled");
}

static bool show_findings(const json_t *check, FILE *out)
{
    json_int_t more = json_integer_value(json_object_get(check,
                                                         "more_findings"));
    const json_t *finding, *node;
    size_t i;

    json_array_foreach(json_object_get(check, "findings"), i, finding) {
        node = json_object_get(finding, "node");
        fprintf(out, "%s: %s%s%s [%s]\n    %s\n",
                view_text_of(finding, "severity"),
                json_is_string(node) ? json_string_value(node) : "",
                json_is_string(node) ? ": " : "",
                view_text_of(finding, "text"), view_text_of(finding, "code"),
                view_text_of(finding, "remedy"));
    }
    if (more)
        fprintf(out, "and %" JSON_INTEGER_FORMAT " more\n", more);
    return !ferror(out);
}

/* Prints a table and an empty line, or nothing if the list is empty. */
static bool show_table(const json_t *check, const char *key,
                       const struct view_column *columns,
                       void (*fill)(const struct view *,
                                    struct libscols_line *, const json_t *),
                       bool headings, FILE *out)
{
    const json_t *list = json_object_get(check, key);

    if (!json_array_size(list))
        return true;
    return view_show_list(list, columns, fill, headings, out) &&
           putc('\n', out) != EOF;
}

bool check_show(const json_t *check, bool headings, FILE *out)
{
    static const struct view_column instances[] = {
        { "SCMI", VIEW_TEXT }, { "TRANSPORT", VIEW_TEXT },
        { "STATE", VIEW_TEXT }, { "PROTOCOLS", VIEW_LIST }, { NULL, 0 },
    };
    static const struct view_column channels[] = {
        { "CHANNEL OF", VIEW_TEXT }, { "PROTOCOL", VIEW_NUMBER },
        { "FUNCTION-ID", VIEW_NUMBER }, { "MAILBOXES", VIEW_NUMBER },
        { "PAGE", VIEW_NUMBER }, { "SIZE", VIEW_NUMBER },
        { "MEMORY", VIEW_TEXT | VIEW_EXTRA }, { NULL, 0 },
    };
    static const struct view_column agents[] = {
        { "AGENT", VIEW_NUMBER }, { "ROLE", VIEW_TEXT },
        { "FUNCTION-ID", VIEW_NUMBER }, { "PAGE", VIEW_NUMBER },
        { "SIZE", VIEW_NUMBER }, { "MEMORY", VIEW_TEXT | VIEW_EXTRA },
        { NULL, 0 },
    };
    static const struct view_column devices[] = {
        { "DEVICE", VIEW_TEXT }, { "IDS", VIEW_LIST },
        { "RESOURCES", VIEW_LIST }, { "STATE", VIEW_TEXT }, { NULL, 0 },
    };

    return show_table(check, "instances", instances, instance_line, headings,
                      out) &&
           show_table(check, "channels", channels, channel_line, headings,
                      out) &&
           show_table(check, "agents", agents, agent_line, headings, out) &&
           show_table(check, "devices", devices, device_line, headings, out) &&
           show_findings(check, out);
}
