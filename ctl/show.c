/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of the daemon's answers, see show.h. */

#include "ctl/show.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols/libsmartcols.h>

/* Longest text of one cell; what is longer is cut. */
#define CELL_SIZE 4096

struct column {
    const char *name;
    bool right;             /* a number */
};

static struct libscols_table *new_table(const struct column *columns,
                                        bool headings, FILE *out)
{
    struct libscols_table *table = scols_new_table();

    if (!table)
        return NULL;
    scols_table_enable_noheadings(table, !headings);
    scols_table_set_stream(table, out);
    for (; columns->name; columns++)
        if (!scols_table_new_column(table, columns->name, 0,
                                    columns->right ? SCOLS_FL_RIGHT : 0)) {
            scols_unref_table(table);
            return NULL;
        }
    return table;
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

/* A list of numbers or strings, separated by blanks or lines. */
static void set_list(struct libscols_line *line, size_t n, const json_t *list,
                     const char *separator)
{
    char text[CELL_SIZE];
    size_t i, len = 0;
    const json_t *item;

    for (i = 0; i < json_array_size(list) && len < sizeof(text); i++) {
        item = json_array_get(list, i);
        if (json_is_string(item))
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
                                    i ? separator : "", json_string_value(item));
        else
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%"
                                    JSON_INTEGER_FORMAT, i ? separator : "",
                                    json_integer_value(item));
    }
    set_cell(line, n, "%s", i ? text : "-");
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

static void agent_line(struct libscols_line *line, const json_t *agent)
{
    set_number(line, 0, agent, "agent", false);
    set_text(line, 1, agent, "name");
    set_text(line, 2, agent, "role");
    set_text(line, 3, agent, "state");
    set_domain(line, 4, agent);
    set_list(line, 5, json_object_get(agent, "devices"), " ");
    set_number(line, 6, agent, "calls", false);
    set_number(line, 7, agent, "refused", false);
    set_number(line, 8, agent, "function_id", true);
    set_number(line, 9, agent, "page", true);
}

static void domain_line(struct libscols_line *line, const json_t *domain)
{
    set_number(line, 0, domain, "domid", false);
    set_text(line, 1, domain, "domain");
    set_number(line, 2, domain, "agent", false);
    set_list(line, 3, json_object_get(domain, "devices"), " ");
}

static void device_line(struct libscols_line *line, const json_t *device)
{
    const json_t *resources = json_object_get(device, "resources"), *resource;
    char text[CELL_SIZE] = "-";
    size_t i, len = 0;

    set_text(line, 0, device, "path");
    set_list(line, 1, json_object_get(device, "ids"), " ");
    json_array_foreach(resources, i, resource) {
        if (len >= sizeof(text))
            break;
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s %"
                                JSON_INTEGER_FORMAT, i ? ", " : "",
                                text_of(resource, "property"),
                                json_integer_value(json_object_get(resource,
                                                                   "id")));
    }
    set_cell(line, 2, "%s", text);
    set_number(line, 3, device, "agent", false);
    set_domain(line, 4, device);
}

static bool show_list(const json_t *list, const struct column *columns,
                      void (*fill)(struct libscols_line *, const json_t *),
                      bool headings, FILE *out)
{
    struct libscols_table *table;
    struct libscols_line *line;
    const json_t *item;
    bool ok = false;
    size_t i;

    if (!json_is_array(list))
        return false;
    table = new_table(columns, headings, out);
    if (!table)
        return false;
    json_array_foreach(list, i, item) {
        line = json_is_object(item) ? scols_table_new_line(table, NULL) : NULL;
        if (!line)
            goto out;
        fill(line, item);
    }
    ok = !scols_print_table(table);
out:
    scols_unref_table(table);
    return ok;
}

static bool show_agents(const json_t *parameters, bool headings, FILE *out)
{
    static const struct column columns[] = {
        { "AGENT", true }, { "NAME", false }, { "ROLE", false },
        { "STATE", false }, { "DOMAIN", false }, { "DEVICES", false },
        { "CALLS", true }, { "REFUSED", true }, { "FUNCTION-ID", true },
        { "PAGE", true }, { NULL, false },
    };

    return show_list(json_object_get(parameters, "agents"), columns, agent_line,
                     headings, out);
}

static bool show_domains(const json_t *parameters, bool headings, FILE *out)
{
    static const struct column columns[] = {
        { "DOMID", true }, { "DOMAIN", false }, { "AGENT", true },
        { "DEVICES", false }, { NULL, false },
    };

    return show_list(json_object_get(parameters, "domains"), columns,
                     domain_line, headings, out);
}

static bool show_devices(const json_t *parameters, bool headings, FILE *out)
{
    static const struct column columns[] = {
        { "DEVICE", false }, { "IDS", false }, { "RESOURCES", false },
        { "AGENT", true }, { "DOMAIN", false }, { NULL, false },
    };

    return show_list(json_object_get(parameters, "devices"), columns,
                     device_line, headings, out);
}

static void status_line(struct libscols_table *table, const char *name,
                        const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void status_line(struct libscols_table *table, const char *name,
                        const char *format, ...)
{
    struct libscols_line *line = scols_table_new_line(table, NULL);
    char text[CELL_SIZE];
    va_list args;

    if (!line)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    set_cell(line, 0, "%s", name);
    set_cell(line, 1, "%s", text);
}

static json_int_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static bool show_status(const json_t *parameters, bool headings, FILE *out)
{
    static const struct column columns[] = {
        { "WHAT", false }, { "VALUE", false }, { NULL, false },
    };
    const json_t *firmware = json_object_get(parameters, "firmware");
    struct libscols_table *table;
    struct libscols_line *line;
    bool ok;

    if (!json_is_object(firmware) ||
        !json_is_integer(json_object_get(parameters, "agents_total")))
        return false;
    table = new_table(columns, headings, out);
    if (!table)
        return false;
    status_line(table, "daemon", "scmi-medd %s, pid %" JSON_INTEGER_FORMAT,
                text_of(parameters, "version"), number_of(parameters, "pid"));
    status_line(table, "hypercall", "version %" JSON_INTEGER_FORMAT,
                number_of(parameters, "abi"));
    status_line(table, "function id", "0x%" PRIx64,
                (uint64_t)number_of(parameters, "function_id"));
    status_line(table, "agents", "%" JSON_INTEGER_FORMAT " of %"
                JSON_INTEGER_FORMAT " free, %" JSON_INTEGER_FORMAT
                " quarantined", number_of(parameters, "agents_free"),
                number_of(parameters, "agents_total"),
                number_of(parameters, "agents_quarantined"));
    status_line(table, "domains", "%" JSON_INTEGER_FORMAT,
                number_of(parameters, "domains"));
    status_line(table, "devices", "%" JSON_INTEGER_FORMAT,
                number_of(parameters, "devices"));
    status_line(table, "firmware", "%s %s, version 0x%" PRIx64
                ", Base protocol 0x%" PRIx64, text_of(firmware, "vendor"),
                text_of(firmware, "sub_vendor"),
                (uint64_t)number_of(firmware, "implementation_version"),
                (uint64_t)number_of(firmware, "base_version"));
    line = scols_table_new_line(table, NULL);
    if (line) {
        set_cell(line, 0, "features");
        set_list(line, 1, json_object_get(firmware, "features"), " ");
    }
    ok = line && !scols_print_table(table);
    scols_unref_table(table);
    return ok;
}

const struct ctl_verb ctl_verbs[] = {
    { "agents", "ListAgents", "the agents of the firmware, and who is bound to them", show_agents },
    { "domains", "ListDomains", "the domains with an agent, and their devices", show_domains },
    { "devices", "ListDevices", "the devices of the host that hang on SCMI", show_devices },
    { "status", "GetStatus", "the daemon, Xen and the firmware", show_status },
    { NULL, NULL, NULL, NULL },
};
