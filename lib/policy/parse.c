/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parses the text of a policy, see policy.h: lines of words. The first error
 * rejects the whole policy.
 */

#include "lib/policy/policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host/sharing.h"
#include "lib/text.h"

/* Words of a line: one more than the longest directive has. */
#define MAX_WORDS 6

struct parser {
    struct policy *policy;
    struct reason *why;
    unsigned int line;
    char *words[MAX_WORDS];
    size_t nr_words;
};

/* Fails with "FILE:LINE: " before the text. */
#define fail(parser, ...) \
    (snprintf(sentence, sizeof(sentence), __VA_ARGS__), \
     reason_set((parser)->why, -EINVAL, "%s:%u: %s", \
                (parser)->policy->file, (parser)->line, sentence))

/* Enlarges an array of nr elements by one, filled with zeroes. */
static void *grow(void *array, size_t nr, size_t size)
{
    char *grown = reallocarray(array, nr + 1, size);

    if (grown)
        memset(grown + nr * size, 0, size);
    return grown;
}

static int no_memory(const struct parser *parser)
{
    return reason_set(parser->why, -ENOMEM, "%s: %s", parser->policy->file,
                      strerror(ENOMEM));
}

/* The protocol of "power-domain" and the like; 0: no such word. */
static uint32_t find_protocol(const char *word)
{
    uint32_t protocol_id;

    for (protocol_id = 0x10; protocol_id < 0x20; protocol_id++) {
        const char *name = host_protocol_name(protocol_id);
        size_t i;

        for (i = 0; name && name[i]; i++)
            if ((name[i] == ' ' ? '-' : name[i]) != word[i])
                break;
        if (name && !name[i] && !word[i])
            return protocol_id;
    }
    return 0;
}

/* Parses the resource, from the second word on. */
static int parse_resource(struct parser *parser, struct policy_allow *allow,
                          size_t *ret_used)
{
    char **words = parser->words, sentence[512];
    const char *id = words[2];

    *ret_used = 3;
    if (!strcmp(words[1], "pins")) {
        allow->protocol_id = 0x19;
        allow->target = strdup(words[2]);
        return allow->target ? 0 : no_memory(parser);
    }
    allow->has_id = true;
    allow->protocol_id = find_protocol(words[1]);
    if (!strcmp(words[1], "protocol")) {
        if (parser->nr_words < 4)
            return fail(parser, "it does not say which resource of the "
                        "protocol: write \"allow protocol 0x90 4\"");
        if (text_parse_u32(words[2], &allow->protocol_id) ||
            allow->protocol_id < 0x10 || allow->protocol_id > 0xff)
            return fail(parser, "\"%.64s\" is no protocol with resources: "
                        "write its number, 0x10 to 0xff", words[2]);
        id = words[3];
        *ret_used = 4;
    }
    if (!allow->protocol_id)
        return fail(parser, "\"%.64s\" is no kind of resource: write clock, "
                    "power-domain, performance-domain, voltage-domain, reset, "
                    "sensor, pin, pins or protocol", words[1]);
    if (text_parse_u32(id, &allow->resource_id))
        return fail(parser, "\"%.64s\" is no id of a resource: write a "
                    "number below 2^32, as \"scmi-medctl check\" lists it",
                    id);
    return 0;
}

static int parse_allow(struct parser *parser)
{
    struct policy *policy = parser->policy;
    struct policy_allow *allow;
    char sentence[512];
    size_t used;
    int rc;

    if (parser->nr_words < 3)
        return fail(parser, "it does not say what to allow: write \"allow "
                    "KIND ID\", for example \"allow clock 3\"");
    allow = grow(policy->allows, policy->nr_allows, sizeof(*allow));
    if (!allow)
        return no_memory(parser);
    policy->allows = allow;
    allow += policy->nr_allows++;
    allow->line = parser->line;
    rc = parse_resource(parser, allow, &used);
    if (rc || parser->nr_words == used)
        return rc;
    if (parser->nr_words > used + 1 || parser->words[used][0] != '/')
        return fail(parser, "\"%.64s\" is not understood: after the resource "
                    "there may only be the path of its SCMI node",
                    parser->words[used]);
    allow->instance = strdup(parser->words[used]);
    return allow->instance ? 0 : no_memory(parser);
}

static int parse_pin(struct parser *parser)
{
    struct policy *policy = parser->policy;
    struct policy_pin *pin;
    char sentence[512];
    const struct policy_pin *other;
    uint32_t agent_id;

    if (parser->nr_words != 3)
        return fail(parser, "it must be a domain and an agent: write \"pin "
                    "DOMAIN AGENT\", for example \"pin web 5\"");
    /* In shown names, '?' stands for any character that is not printable. */
    if (strlen(parser->words[1]) >= sizeof(pin->name) ||
        strchr(parser->words[1], '?'))
        return fail(parser, "\"%.64s\" cannot be pinned: a domain's name must "
                    "be shorter than %zu characters, and have no \"?\"",
                    parser->words[1], sizeof(pin->name));
    if (text_parse_u32(parser->words[2], &agent_id))
        return fail(parser, "\"%.64s\" is no agent: write its number, as "
                    "\"scmi-medctl agents\" lists it", parser->words[2]);
    other = policy_pin_of_name(policy, parser->words[1]);
    if (other)
        return fail(parser, "domain \"%.80s\" is pinned in line %u already: "
                    "remove one of them", parser->words[1], other->line);
    other = policy_pin_of_agent(policy, agent_id);
    if (other)
        return fail(parser, "agent %u is for domain \"%.80s\" already, by "
                    "line %u: choose another", agent_id, other->name,
                    other->line);
    pin = grow(policy->pins, policy->nr_pins, sizeof(*pin));
    if (!pin)
        return no_memory(parser);
    policy->pins = pin;
    pin += policy->nr_pins++;
    pin->line = parser->line;
    pin->agent_id = agent_id;
    strcpy(pin->name, parser->words[1]);
    return 0;
}

static int parse_forbid(struct parser *parser)
{
    struct policy *policy = parser->policy;
    struct policy_forbid *forbid;
    char sentence[512];

    if (parser->nr_words != 2)
        return fail(parser, "it must be one device: write \"forbid PATH\", "
                    "for example \"forbid /soc/gpio@9030000\"");
    if (parser->words[1][0] != '/')
        return fail(parser, "\"%.64s\" is no path in the host device tree: it "
                    "must start with \"/\"", parser->words[1]);
    forbid = grow(policy->forbids, policy->nr_forbids, sizeof(*forbid));
    if (!forbid)
        return no_memory(parser);
    policy->forbids = forbid;
    forbid += policy->nr_forbids++;
    forbid->line = parser->line;
    forbid->path = strdup(parser->words[1]);
    return forbid->path ? 0 : no_memory(parser);
}

/* Splits the line into words, up to one that starts with '#'. */
static int split(struct parser *parser, char *line)
{
    char sentence[512], *word, *at = line;

    parser->nr_words = 0;
    while ((word = strsep(&at, " \t"))) {
        if (*word == '#')
            break;
        if (!*word)
            continue;
        if (parser->nr_words == MAX_WORDS)
            return fail(parser, "\"%.64s\" and what follows is too much: "
                        "write one directive in a line", word);
        parser->words[parser->nr_words++] = word;
    }
    return 0;
}

static int check_characters(const struct parser *parser, const char *line,
                            size_t len)
{
    char sentence[512];
    size_t i;

    for (i = 0; i < len; i++)
        /* NOLINTNEXTLINE(clang-analyzer-core.*): the line is initialised */
        if ((line[i] < ' ' && line[i] != '\t') || line[i] > '~')
            return fail(parser, "column %zu has the byte 0x%02x, which is no "
                        "plain character: retype the line as ASCII text%s",
                        i + 1, (unsigned char)line[i], line[i] == '\r' ?
                        ", with Unix line ends" : "");
    return 0;
}

static int parse_line(struct parser *parser, char *line, size_t len)
{
    char sentence[512];
    int rc = check_characters(parser, line, len);

    if (!rc)
        rc = split(parser, line);
    if (rc || !parser->nr_words)
        return rc;
    if (!strcmp(parser->words[0], "allow"))
        return parse_allow(parser);
    if (!strcmp(parser->words[0], "pin"))
        return parse_pin(parser);
    if (!strcmp(parser->words[0], "forbid"))
        return parse_forbid(parser);
    return fail(parser, "\"%.64s\" is no directive: write allow, pin or "
                "forbid, or \"#\" before a comment", parser->words[0]);
}

int policy_parse(const char *file, const char *text, size_t size,
                 struct policy *ret_policy, struct reason *why)
{
    struct policy policy = { .file = strdup(file) };
    struct parser parser = { .policy = &policy, .why = why };
    char *copy = malloc(size + 1), *line = copy, *end;
    int rc = 0;

    if (!copy || !policy.file) {
        rc = reason_set(why, -ENOMEM, "%s: %s", file, strerror(ENOMEM));
    } else {
        memcpy(copy, text, size);
        copy[size] = '\n';
    }
    while (!rc && line < copy + size) {
        end = memchr(line, '\n', (size_t)(copy + size + 1 - line));
        *end = '\0';
        parser.line++;
        rc = parse_line(&parser, line, (size_t)(end - line));
        line = end + 1;
    }
    free(copy);
    if (rc)
        policy_done(&policy);
    else
        *ret_policy = policy;
    return rc;
}
