/* SPDX-License-Identifier: LGPL-2.1-only */
/* The daemon's answer, see answer.h. */

#include "libxl-plugin/answer.h"

#include <stdlib.h>
#include <string.h>

const struct scmi_plugin_kind_properties
    scmi_plugin_kinds[SCMI_PLUGIN_NR_KINDS] = {
    [SCMI_PLUGIN_CLOCKS] = {
        "clocks", "clock-names", "#clock-cells", 0x14
    },
    [SCMI_PLUGIN_POWER_DOMAINS] = {
        "power-domains", "power-domain-names", "#power-domain-cells", 0x11
    },
    [SCMI_PLUGIN_RESETS] = {
        "resets", "reset-names", "#reset-cells", 0x16
    },
};

/* Frames of a guest: Arm's physical addresses have 48 bits at most. */
#define FRAME_LIMIT (UINT64_C(1) << 36)

/* SMCCC: a fast call, of the SiP or OEM service range. */
#define FUNCTION_ID_FAST    UINT32_C(0x80000000)
#define FUNCTION_ID_OWNER(id) (((id) >> 24) & 0x3f)
#define OWNER_SIP   2
#define OWNER_OEM   3

static int malformed(const struct scmi_plugin_error *error, const char *what)
{
    return scmi_plugin_fail(error, "SCMI: the answer of scmi-medd is "
                            "malformed: %s; are scmi-medd and the libxl "
                            "plugin of the same release?", what);
}

/*
 * Reads digits (after "0x" if the base is 16) up to a character that is none,
 * which there must be one of ends. Moves *text behind the digits.
 */
static bool read_number(const char **text, int base, uint64_t max,
                        const char *ends, uint64_t *ret_number)
{
    const char *p = *text, *start;
    uint64_t number = 0;

    if (base == 16) {
        if (p[0] != '0' || p[1] != 'x')
            return false;
        p += 2;
    }
    for (start = p;; p++) {
        unsigned int digit;

        if (*p >= '0' && *p <= '9')
            digit = (unsigned int)(*p - '0');
        else if (base == 16 && *p >= 'a' && *p <= 'f')
            digit = (unsigned int)(*p - 'a') + 10;
        else if (base == 16 && *p >= 'A' && *p <= 'F')
            digit = (unsigned int)(*p - 'A') + 10;
        else
            break;
        if (number > (max - digit) / (unsigned int)base)
            return false;
        number = number * (unsigned int)base + digit;
    }
    if (p == start || (*p && !strchr(ends, *p)))
        return false;
    *text = p;
    *ret_number = number;
    return true;
}

/* The whole text is one number. */
static bool parse_number(const char *text, int base, uint64_t max,
                         uint64_t *ret_number)
{
    return text && read_number(&text, base, max, "", ret_number);
}

static bool read_protocol(const char **text, const char *ends,
                          uint8_t *ret_protocol_id)
{
    uint64_t number;

    if (!read_number(text, 16, SCMI_PLUGIN_PROTOCOL_MAX, ends, &number) ||
        number < SCMI_PLUGIN_PROTOCOL_MIN)
        return false;
    *ret_protocol_id = (uint8_t)number;
    return true;
}

int scmi_plugin_answer_init(struct scmi_plugin_answer *answer,
                            size_t nr_devices,
                            const struct scmi_plugin_error *error)
{
    *answer = (struct scmi_plugin_answer){ .nr_devices = nr_devices };
    answer->devices = calloc(nr_devices + 1, sizeof(*answer->devices));
    return answer->devices ? 0
           : scmi_plugin_fail(error, "SCMI: out of memory");
}

void scmi_plugin_answer_done(struct scmi_plugin_answer *answer)
{
    size_t n;
    int kind;

    for (n = 0; answer->devices && n < answer->nr_devices; n++) {
        for (kind = 0; kind < SCMI_PLUGIN_NR_KINDS; kind++) {
            free(answer->devices[n].refs[kind].refs);
            free(answer->devices[n].refs[kind].names);
        }
    }
    free(answer->devices);
    *answer = (struct scmi_plugin_answer){ 0 };
}

int scmi_plugin_answer_set_agent(struct scmi_plugin_answer *answer,
                                 const char *agent, const char *function_id,
                                 const char *frame,
                                 const struct scmi_plugin_error *error)
{
    uint64_t number, fid;

    /* A grant without an agent: the devices need none. */
    if (!agent && !function_id && !frame)
        return 0;

    if (!parse_number(agent, 10, UINT32_MAX, &number))
        return malformed(error, "\"agent\" is no number");
    if (!parse_number(function_id, 16, UINT32_MAX, &fid))
        return malformed(error, "\"function-id\" is no number of 32 bits");
    if (!(fid & FUNCTION_ID_FAST) ||
        (FUNCTION_ID_OWNER(fid) != OWNER_SIP &&
         FUNCTION_ID_OWNER(fid) != OWNER_OEM))
        return malformed(error, "\"function-id\" is no fast call of the SiP "
                         "or OEM range");
    if (!parse_number(frame, 16, FRAME_LIMIT - 1, &number) || !number)
        return malformed(error, "\"frame\" is no guest frame");

    answer->has_agent = true;
    answer->function_id = (uint32_t)fid;
    answer->frame = number;
    return 0;
}

int scmi_plugin_answer_set_protocols(struct scmi_plugin_answer *answer,
                                     const char *protocols,
                                     const struct scmi_plugin_error *error)
{
    uint8_t protocol_id;

    if (!protocols)
        return malformed(error, "it has no \"protocols\"");
    while (*protocols) {
        if (!read_protocol(&protocols, " ", &protocol_id))
            return malformed(error, "\"protocols\" is no list of protocols");
        answer->protocols[protocol_id] = true;
        if (*protocols)
            protocols++;
    }
    return 0;
}

/* One reference, "0x14:7". */
static bool read_ref(const char **text, struct scmi_plugin_ref *ret_ref)
{
    uint64_t number;

    if (!read_protocol(text, ":", &ret_ref->protocol_id) || **text != ':')
        return false;
    ++*text;
    if (!read_number(text, 10, UINT32_MAX, " ", &number))
        return false;
    ret_ref->resource_id = (uint32_t)number;
    return true;
}

/* From names that are each followed by a blank to names followed by a NUL. */
static int set_names(struct scmi_plugin_refs *refs, const char *names,
                     const struct scmi_plugin_error *error)
{
    size_t count = 0, i, len = strlen(names);

    for (i = 0; i < len; i++) {
        if (names[i] < ' ' || names[i] > '~')
            return malformed(error, "a name is not plain text");
        count += names[i] == ' ';
    }
    if (!len || count != refs->nr_refs || names[len - 1] != ' ')
        return malformed(error, "there are not as many names as references");

    refs->names = malloc(len);
    if (!refs->names)
        return scmi_plugin_fail(error, "SCMI: out of memory");
    for (i = 0; i < len; i++)
        refs->names[i] = (char)(names[i] == ' ' ? '\0' : names[i]);
    refs->names_len = len;
    return 0;
}

int scmi_plugin_answer_set_refs(struct scmi_plugin_answer *answer, size_t n,
                                enum scmi_plugin_kind kind, const char *text,
                                const char *names,
                                const struct scmi_plugin_error *error)
{
    struct scmi_plugin_refs *refs = &answer->devices[n].refs[kind];

    if (!text && !names)
        return 0;
    if (!text || !*text)
        return malformed(error, "a device has names without references");
    if (!answer->has_agent)
        return malformed(error, "a device has references, but there is no "
                         "agent");

    /* A reference has 6 characters at least, "0x14:1". */
    refs->refs = calloc(strlen(text) / 6 + 1, sizeof(*refs->refs));
    if (!refs->refs)
        return scmi_plugin_fail(error, "SCMI: out of memory");
    while (*text) {
        struct scmi_plugin_ref *ref = &refs->refs[refs->nr_refs];

        if (!read_ref(&text, ref))
            return malformed(error, "a reference is not \"protocol:id\"");
        answer->protocols[ref->protocol_id] = true;
        refs->nr_refs++;
        if (*text)
            text++;
    }
    return names ? set_names(refs, names, error) : 0;
}
