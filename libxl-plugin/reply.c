/* SPDX-License-Identifier: LGPL-2.1-only */
/* The daemon's reply, see reply.h. */

#include "libxl-plugin/reply.h"

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

/* Guest frames: Arm's physical addresses have at most 48 bits. */
#define FRAME_LIMIT (UINT64_C(1) << 36)

/* SMCCC: a fast call of the SiP or OEM service range. */
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
 * Reads digits, after "0x" if the base is 16. The next character must be the
 * NUL or one of ends; *text is moved there.
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

/* The whole text must be one number. */
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

int scmi_plugin_reply_init(struct scmi_plugin_reply *reply,
                           size_t nr_devices,
                           const struct scmi_plugin_error *error)
{
    *reply = (struct scmi_plugin_reply){ .nr_devices = nr_devices };
    reply->devices = calloc(nr_devices + 1, sizeof(*reply->devices));
    return reply->devices ? 0
           : scmi_plugin_fail(error, "SCMI: out of memory");
}

void scmi_plugin_reply_done(struct scmi_plugin_reply *reply)
{
    size_t n;
    int kind;

    for (n = 0; reply->devices && n < reply->nr_devices; n++) {
        for (kind = 0; kind < SCMI_PLUGIN_NR_KINDS; kind++) {
            free(reply->devices[n].refs[kind].refs);
            free(reply->devices[n].refs[kind].names);
        }
    }
    free(reply->devices);
    *reply = (struct scmi_plugin_reply){ 0 };
}

int scmi_plugin_reply_set_agent(struct scmi_plugin_reply *reply,
                                const char *agent, const char *function_id,
                                const char *frame,
                                const struct scmi_plugin_error *error)
{
    uint64_t number, fid;

    /* No agent was granted: no device needs one. */
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

    reply->has_agent = true;
    reply->function_id = (uint32_t)fid;
    reply->frame = number;
    return 0;
}

int scmi_plugin_reply_set_protocols(struct scmi_plugin_reply *reply,
                                    const char *protocols,
                                    const struct scmi_plugin_error *error)
{
    uint8_t protocol_id;

    if (!protocols)
        return malformed(error, "it has no \"protocols\"");
    while (*protocols) {
        if (!read_protocol(&protocols, " ", &protocol_id))
            return malformed(error, "\"protocols\" is no list of protocols");
        reply->protocols[protocol_id] = true;
        if (*protocols)
            protocols++;
    }
    return 0;
}

/* Reads one reference, such as "0x14:7". */
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

/* Takes names, with a NUL in place of the blank after each. */
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

int scmi_plugin_reply_set_refs(struct scmi_plugin_reply *reply, size_t n,
                               enum scmi_plugin_kind kind, const char *text,
                               const char *names,
                               const struct scmi_plugin_error *error)
{
    struct scmi_plugin_refs *refs = &reply->devices[n].refs[kind];

    if (!text && !names)
        return 0;
    if (!text || !*text)
        return malformed(error, "a device has names without references");
    if (!reply->has_agent)
        return malformed(error, "a device has references, but there is no "
                         "agent");

    /* A reference has at least 6 characters: "0x14:1". */
    refs->refs = calloc(strlen(text) / 6 + 1, sizeof(*refs->refs));
    if (!refs->refs)
        return scmi_plugin_fail(error, "SCMI: out of memory");
    while (*text) {
        struct scmi_plugin_ref *ref = &refs->refs[refs->nr_refs];

        if (!read_ref(&text, ref))
            return malformed(error, "a reference is not \"protocol:id\"");
        reply->protocols[ref->protocol_id] = true;
        refs->nr_refs++;
        if (*text)
            text++;
    }
    return names ? set_names(refs, names, error) : 0;
}
