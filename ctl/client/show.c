/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of replies, see show.h. */

#include "ctl/client/show.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "ctl/client/view.h"

void ctl_set_domain(struct libscols_line *line, size_t n,
                    const json_t *object)
{
    const json_t *domid = json_object_get(object, "domid");

    if (json_is_integer(domid))
        view_set_cell(line, n, "%s (%" JSON_INTEGER_FORMAT ")",
                      view_text_of(object, "domain"),
                      json_integer_value(domid));
    else
        view_set_cell(line, n, "-");
}

void ctl_set_limit(struct libscols_line *line, size_t n, const json_t *agent)
{
    if (json_integer_value(json_object_get(agent, "limit")) > 1000000000)
        view_set_cell(line, n, "none");
    else
        view_set_number(line, n, agent, "limit", false);
}

void ctl_set_age(struct libscols_line *line, size_t n, const json_t *agent)
{
    const json_t *age = json_object_get(agent, "last_call_ms");
    json_int_t ms = json_integer_value(age);

    if (!json_is_integer(age))
        view_set_cell(line, n, "-");
    else if (ms < 60000)
        view_set_cell(line, n, "%.1f s", (double)ms / 1000);
    else if (ms < 3600000)
        view_set_cell(line, n, "%" JSON_INTEGER_FORMAT " min", ms / 60000);
    else
        view_set_cell(line, n, "%" JSON_INTEGER_FORMAT " h", ms / 3600000);
}

static void agent_line(const struct view *view, struct libscols_line *line,
                       const json_t *agent)
{
    view_set_number(line, 0, agent, "agent", false);
    view_set_text(line, 1, agent, "role");
    view_set_text(line, 2, agent, "state");
    ctl_set_domain(line, 3, agent);
    view_set_list(view, line, 4, json_object_get(agent, "devices"));
    view_set_number(line, 5, agent, "calls", false);
    view_set_number(line, 6, agent, "refused", false);
    view_set_number(line, 7, agent, "throttled", false);
    ctl_set_limit(line, 8, agent);
    ctl_set_age(line, 9, agent);
    view_set_number(line, 10, agent, "last_error", false);
    view_set_number(line, 11, agent, "function_id", true);
    view_set_number(line, 12, agent, "page", true);
}

static void domain_line(const struct view *view, struct libscols_line *line,
                        const json_t *domain)
{
    view_set_number(line, 0, domain, "domid", false);
    view_set_text(line, 1, domain, "domain");
    view_set_number(line, 2, domain, "agent", false);
    view_set_list(view, line, 3, json_object_get(domain, "devices"));
}

static void set_resources(const struct view *view, struct libscols_line *line,
                          size_t n, const json_t *device)
{
    char text[VIEW_CELL_SIZE] = "";
    const json_t *resource, *id;
    size_t i, column = 0;

    json_array_foreach(json_object_get(device, "resources"), i, resource) {
        id = json_object_get(resource, "id");
        if (json_is_integer(id))
            view_add_item(view, text, &column, ",", "%s %" JSON_INTEGER_FORMAT,
                          view_text_of(resource, "property"),
                          json_integer_value(id));
        else
            view_add_item(view, text, &column, ",", "%s",
                          view_text_of(resource, "property"));
    }
    view_set_cell(line, n, "%s", *text ? text : "-");
}

static void device_line(const struct view *view, struct libscols_line *line,
                        const json_t *device)
{
    view_set_text(line, 0, device, "path");
    view_set_list(view, line, 1, json_object_get(device, "ids"));
    set_resources(view, line, 2, device);
    view_set_number(line, 3, device, "agent", false);
    ctl_set_domain(line, 4, device);
}

bool ctl_show_agents(const json_t *reply, bool headings, FILE *out)
{
    static const struct view_column columns[] = {
        { "AGENT", VIEW_NUMBER }, { "ROLE", VIEW_TEXT },
        { "STATE", VIEW_TEXT }, { "DOMAIN", VIEW_CUT },
        { "DEVICES", VIEW_LIST }, { "CALLS", VIEW_NUMBER },
        { "REFUSED", VIEW_NUMBER }, { "THROTTLED", VIEW_NUMBER },
        { "LIMIT", VIEW_NUMBER | VIEW_EXTRA },
        { "LAST-CALL", VIEW_NUMBER | VIEW_EXTRA },
        { "LAST-ERROR", VIEW_NUMBER | VIEW_EXTRA },
        { "FUNCTION-ID", VIEW_NUMBER | VIEW_EXTRA },
        { "PAGE", VIEW_NUMBER | VIEW_EXTRA },
        { NULL, 0 },
    };

    return view_show_list(json_object_get(reply, "agents"), columns,
                          agent_line, headings, out);
}

bool ctl_show_domains(const json_t *reply, bool headings, FILE *out)
{
    static const struct view_column columns[] = {
        { "DOMID", VIEW_NUMBER }, { "DOMAIN", VIEW_CUT },
        { "AGENT", VIEW_NUMBER }, { "DEVICES", VIEW_LIST }, { NULL, 0 },
    };

    return view_show_list(json_object_get(reply, "domains"), columns,
                          domain_line, headings, out);
}

bool ctl_show_devices(const json_t *reply, bool headings, FILE *out)
{
    static const struct view_column columns[] = {
        { "DEVICE", VIEW_TEXT }, { "IDS", VIEW_LIST },
        { "RESOURCES", VIEW_LIST }, { "AGENT", VIEW_NUMBER },
        { "DOMAIN", VIEW_CUT }, { NULL, 0 },
    };

    return view_show_list(json_object_get(reply, "devices"), columns,
                          device_line, headings, out);
}

bool ctl_show_nothing(const json_t *reply, bool headings, FILE *out)
{
    (void)reply;
    (void)headings;
    (void)out;
    return true;
}

__attribute__((format(printf, 3, 4)))
static void status_line(struct view *view, const char *name,
                        const char *format, ...)
{
    struct libscols_line *line = scols_table_new_line(view->table, NULL);
    char text[VIEW_CELL_SIZE];
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

bool ctl_show_status(const json_t *reply, bool headings, FILE *out)
{
    static const struct view_column columns[] = {
        { "WHAT", VIEW_TEXT }, { "VALUE", VIEW_LIST }, { NULL, 0 },
    };
    const json_t *firmware = json_object_get(reply, "firmware");
    struct libscols_line *line;
    struct view view;

    if (!view_init(&view, columns, headings, out))
        return false;
    status_line(&view, "daemon", "scmi-medd %s, pid %" JSON_INTEGER_FORMAT,
                view_text_of(reply, "version"), number_of(reply, "pid"));
    status_line(&view, "hypercall", "version %" JSON_INTEGER_FORMAT,
                number_of(reply, "abi"));
    status_line(&view, "function id", "0x%" PRIx64,
                (uint64_t)number_of(reply, "function_id"));
    status_line(&view, "agents", "%" JSON_INTEGER_FORMAT " of %"
                JSON_INTEGER_FORMAT " free, %" JSON_INTEGER_FORMAT
                " quarantined", number_of(reply, "agents_free"),
                number_of(reply, "agents_total"),
                number_of(reply, "agents_quarantined"));
    status_line(&view, "domains", "%" JSON_INTEGER_FORMAT,
                number_of(reply, "domains"));
    status_line(&view, "devices", "%" JSON_INTEGER_FORMAT,
                number_of(reply, "devices"));
    status_line(&view, "base protocol", "version 0x%" PRIx64,
                (uint64_t)number_of(firmware, "base_version"));
    line = scols_table_new_line(view.table, NULL);
    if (line) {
        scols_line_set_data(line, 0, "features");
        view_set_list(&view, line, 1, json_object_get(firmware, "features"));
    }
    return view_done(&view, line != NULL);
}

static void permission_line(const struct view *view,
                            struct libscols_line *line,
                            const json_t *permission)
{
    view_set_number(line, 0, permission, "id", false);
    if (json_is_string(json_object_get(permission, "path")))
        view_set_text(line, 1, permission, "path");
    else
        view_set_cell(line, 1, "not in the host tree");
    view_set_text(line, 2, permission, "property");
    set_resources(view, line, 3, permission);
}

/* The domain's agent, one line for each property. */
static bool show_domain_agent(const json_t *agent, bool headings, FILE *out)
{
    static const struct view_column columns[] = {
        { "WHAT", VIEW_TEXT }, { "VALUE", VIEW_TEXT }, { NULL, 0 },
    };
    struct libscols_line *line;
    struct view view;

    if (!view_init(&view, columns, headings, out))
        return false;
    line = scols_table_new_line(view.table, NULL);
    if (line) {
        scols_line_set_data(line, 0, "domain");
        ctl_set_domain(line, 1, agent);
    }
    status_line(&view, "agent", "%" JSON_INTEGER_FORMAT ", %s",
                number_of(agent, "agent"), view_text_of(agent, "role"));
    status_line(&view, "function id", "0x%" PRIx64,
                (uint64_t)number_of(agent, "function_id"));
    status_line(&view, "page", "0x%" PRIx64,
                (uint64_t)number_of(agent, "page"));
    status_line(&view, "calls", "%" JSON_INTEGER_FORMAT " forwarded, %"
                JSON_INTEGER_FORMAT " refused, %" JSON_INTEGER_FORMAT
                " throttled", number_of(agent, "calls"),
                number_of(agent, "refused"), number_of(agent, "throttled"));
    if (line)
        line = scols_table_new_line(view.table, NULL);
    if (line) {
        scols_line_set_data(line, 0, "limit");
        ctl_set_limit(line, 1, agent);
        line = scols_table_new_line(view.table, NULL);
    }
    if (line) {
        scols_line_set_data(line, 0, "last call");
        ctl_set_age(line, 1, agent);
    }
    status_line(&view, "last error", "%" JSON_INTEGER_FORMAT,
                number_of(agent, "last_error"));
    return view_done(&view, line != NULL);
}

bool ctl_show_domain(const json_t *reply, bool headings, FILE *out)
{
    static const struct view_column columns[] = {
        { "ID", VIEW_NUMBER }, { "DEVICE", VIEW_TEXT },
        { "BY-PROPERTY", VIEW_TEXT }, { "RESOURCES", VIEW_LIST }, { NULL, 0 },
    };
    const json_t *permissions = json_object_get(reply, "permissions");

    if (!show_domain_agent(json_object_get(reply, "agent"), headings, out))
        return false;
    if (!json_array_size(permissions))
        return true;
    return putc('\n', out) != EOF &&
           view_show_list(permissions, columns, permission_line, headings, out);
}
