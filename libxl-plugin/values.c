/* SPDX-License-Identifier: LGPL-2.1-only */
/* The values of an answer from the daemon, which are checked one by one. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libxl-plugin/request.h"

/* More of them than any device has. */
#define MAX_REFS 256

bool scmi_plugin_value_number(const char *text, uint64_t max, uint64_t *value)
{
    unsigned long long number;
    char *end;

    /* strtoull() takes blanks and signs, too. */
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    number = strtoull(text, &end, 0);
    if (errno || *end || number > max)
        return false;
    *value = number;
    return true;
}

bool scmi_plugin_value_protocols(const char *text, bool protocols[256])
{
    char *copy = strdup(text), *word, *rest = NULL;
    uint64_t id;
    bool ok = copy;

    for (word = copy ? strtok_r(copy, " ", &rest) : NULL; word && ok;
         word = strtok_r(NULL, " ", &rest)) {
        ok = scmi_plugin_value_number(word, 0xff, &id);
        if (ok)
            protocols[id] = true;
    }
    free(copy);
    return ok;
}

static bool parse_ref(char *word, struct scmi_plugin_ref *ref)
{
    char *colon = strchr(word, ':');
    uint64_t protocol_id, resource_id;

    if (!colon)
        return false;
    *colon = '\0';
    if (!scmi_plugin_value_number(word, 0xff, &protocol_id) ||
        !scmi_plugin_value_number(colon + 1, UINT32_MAX, &resource_id))
        return false;
    ref->protocol_id = protocol_id;
    ref->resource_id = resource_id;
    return true;
}

bool scmi_plugin_value_refs(const char *text,
                            struct scmi_plugin_property *property)
{
    char *copy = strdup(text), *word, *rest = NULL;
    bool ok;

    property->refs = calloc(MAX_REFS, sizeof(*property->refs));
    ok = copy && property->refs;
    for (word = ok ? strtok_r(copy, " ", &rest) : NULL; word && ok;
         word = strtok_r(NULL, " ", &rest))
        ok = property->nr_refs < MAX_REFS &&
             parse_ref(word, &property->refs[property->nr_refs++]);
    free(copy);
    return ok && property->nr_refs;
}

bool scmi_plugin_value_names(const char *text,
                             struct scmi_plugin_property *property)
{
    size_t i, nr = 0, len = strlen(text);

    /* Each name is followed by one blank, which becomes its NUL. */
    if (!len || text[len - 1] != ' ')
        return false;
    property->names = strdup(text);
    if (!property->names)
        return false;
    property->names_len = len;
    for (i = 0; i < len; i++)
        if (text[i] == ' ') {
            property->names[i] = '\0';
            nr++;
        } else if (text[i] < ' ' || text[i] > '~') {
            return false;
        }
    return nr == property->nr_refs;
}
