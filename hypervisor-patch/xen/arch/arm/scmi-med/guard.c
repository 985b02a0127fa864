/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: which message may pass (Arm DEN0056, version 3.2).
 *
 * What is not in the table is NOT_SUPPORTED. So are, on purpose, whatever is
 * answered later than the call (notifications, delayed answers), whatever
 * bypasses the messages (fast channels), and the Base protocol's messages that
 * set permissions: nobody but Xen sends those.
 */

#include <xen/lib.h>
#include <xen/nospec.h>

#include "guard.h"

enum action {
    NONE,                           /* must be 0: what the table lacks */
    READ,                           /* of every id */
    POWER_STATE,                    /* read, but only one's own */
    POWER_SET,                      /* from here on: of one's own ids */
    RATE_SET,
    CONFIG_SET,
    RESET_SET,
    PARENT_SET,
};

#define OPTIONAL                (1U << 0)   /* firmware may lack it */
/* Since version 3 of the clock protocol, of which guests are shown 2. */
#define HOST                    (1U << 1)

struct rule {
    uint8_t action, flags;
    uint8_t in, id_at;              /* words; which one is the id */
    struct scmi_expected out;
};

#define CLOCK_VERSION_SHOWN     0x20000U
#define CLOCK_VERSION_3         0x30000U

#define POWER_ON                0U
#define POWER_OFF               (1U << 30)
#define POWER_ATTRIBUTES_CLEAR  ((1U << 31) | (1U << 30) | (1U << 28))
#define CLOCK_ATTRIBUTES_CLEAR  ((1U << 31) | (1U << 30))
#define CLOCK_ATTRIBUTES_HOST   ((1U << 28) | (1U << 27) | (1U << 1))
#define RESET_ATTRIBUTES_CLEAR  ((1U << 31) | (1U << 30))

#define CONFIG_ENABLE           (1U << 0)
#define RATE_ROUND              (3U << 2)
#define RESET_FLAGS             (3U << 0)

#define FIRST                   0x3
#define ROWS                    13

/* Rows are messages, from the first one that not every protocol has. */
static const struct rule rules[SCMI_KINDS][ROWS] = {
    [SCMI_KIND_POWER] = {
        /* POWER_DOMAIN_ATTRIBUTES */
        [0x3 - FIRST] = { READ, 0, 1, 0, { 6, 6, 0, POWER_ATTRIBUTES_CLEAR } },
        /* POWER_STATE_SET, _GET */
        [0x4 - FIRST] = { POWER_SET, 0, 3, 1, { 1, 1 } },
        [0x5 - FIRST] = { POWER_STATE, 0, 1, 0, { 2, 2 } },
        /* POWER_DOMAIN_NAME_GET */
        [0x8 - FIRST] = { READ, OPTIONAL, 1, 0, { 3, 18 } },
    },
    [SCMI_KIND_CLOCK] = {
        /* CLOCK_ATTRIBUTES, CLOCK_DESCRIBE_RATES */
        [0x3 - FIRST] = { READ, 0, 1, 0, { 6, 7, 1, CLOCK_ATTRIBUTES_CLEAR } },
        [0x4 - FIRST] = { READ, 0, 2, 0, { 2, SCMI_WORDS_OUT } },
        /* CLOCK_RATE_SET, _GET */
        [0x5 - FIRST] = { RATE_SET, 0, 4, 1, { 1, 1 } },
        [0x6 - FIRST] = { READ, 0, 1, 0, { 3, 3 } },
        /* CLOCK_CONFIG_SET */
        [0x7 - FIRST] = { CONFIG_SET, 0, 2, 0, { 1, 1 } },
        /* CLOCK_NAME_GET, CLOCK_CONFIG_GET */
        [0x8 - FIRST] = { READ, OPTIONAL, 1, 0, { 3, 18 } },
        [0xb - FIRST] = { READ, OPTIONAL | HOST, 2, 0, { 4, 4, 2 } },
        /* CLOCK_POSSIBLE_PARENTS_GET */
        [0xc - FIRST] = { READ, OPTIONAL | HOST, 2, 0, { 2, SCMI_WORDS_OUT } },
        /* CLOCK_PARENT_SET, _GET, CLOCK_GET_PERMISSIONS */
        [0xd - FIRST] = { PARENT_SET, OPTIONAL | HOST, 2, 0, { 1, 1 } },
        [0xe - FIRST] = { READ, OPTIONAL | HOST, 1, 0, { 2, 2 } },
        [0xf - FIRST] = { READ, OPTIONAL | HOST, 1, 0, { 2, 2 } },
    },
    [SCMI_KIND_RESET] = {
        /* RESET_DOMAIN_ATTRIBUTES, RESET, RESET_DOMAIN_NAME_GET */
        [0x3 - FIRST] = { READ, 0, 1, 0, { 7, 7, 0, RESET_ATTRIBUTES_CLEAR } },
        [0x4 - FIRST] = { RESET_SET, 0, 3, 0, { 1, 1 } },
        [0x6 - FIRST] = { READ, OPTIONAL, 1, 0, { 3, 18 } },
    },
};

unsigned int scmi_med_kind(uint32_t protocol)
{
    return protocol == SCMI_POWER ? SCMI_KIND_POWER
           : protocol == SCMI_CLOCK ? SCMI_KIND_CLOCK
           : protocol == SCMI_RESET ? SCMI_KIND_RESET : SCMI_KINDS;
}

uint32_t scmi_med_messages(unsigned int kind, bool mandatory)
{
    uint32_t messages = 0;
    unsigned int n;

    for ( n = 0; n < ROWS; n++ )
        if ( rules[kind][n].action != NONE &&
             mandatory == !(rules[kind][n].flags & OPTIONAL) )
            messages |= 1U << (n + FIRST);

    return messages;
}

static bool answer(struct scmi_message *msg, int32_t status)
{
    scmi_set_status(msg, status);

    return false;
}

static bool answer_word(struct scmi_message *msg, uint32_t word)
{
    scmi_set_status(msg, SCMI_SUCCESS);
    msg->words[msg->nr++] = word;

    return false;
}

/* The table's rule of a message that the domain may know of, or NULL. */
static const struct rule *find_rule(const struct scmi_grants *grants,
                                    const struct scmi_facts *facts,
                                    unsigned int kind, uint32_t id)
{
    const struct rule *rule;

    if ( id < FIRST || id >= FIRST + ROWS )
        return NULL;
    rule = &rules[kind][array_index_nospec(id - FIRST, ROWS)];
    if ( rule->action == NONE || !(facts->messages[kind] & (1U << id)) ||
         ((rule->flags & HOST) && !grants->host) )
        return NULL;

    return rule;
}

/* Whether a protocol is in the list that the domain is shown. */
static bool is_shown(const struct scmi_grants *grants,
                     const struct scmi_facts *facts, uint8_t protocol)
{
    unsigned int kind = scmi_med_kind(protocol);

    if ( kind < SCMI_KINDS )
        return facts->version[kind];

    return grants->host || scmi_bit(grants->protocols, protocol);
}

/* The protocols that the domain is shown, but for the first ones. */
static bool guard_list(const struct scmi_grants *grants,
                       const struct scmi_facts *facts,
                       struct scmi_message *msg, uint32_t skip)
{
    unsigned int n, nr = 0;

    memset(msg->words, 0, sizeof(msg->words));
    for ( n = 0; n < facts->nr_protocols; n++ )
    {
        if ( !is_shown(grants, facts, facts->protocols[n]) )
            continue;
        if ( skip )
        {
            skip--;
            continue;
        }
        msg->words[2 + nr / 4] |= (uint32_t)facts->protocols[n] << (nr % 4 * 8);
        nr++;
    }
    msg->words[1] = nr;
    msg->nr = 2 + (nr + 3) / 4;

    return false;
}

static bool guard_base(const struct scmi_grants *grants,
                       const struct scmi_facts *facts,
                       struct scmi_message *msg, uint32_t id)
{
    unsigned int n;

    if ( id > SCMI_BASE_PROTOCOLS )
        return answer(msg, SCMI_NOT_SUPPORTED);
    if ( msg->nr != (id == SCMI_MESSAGE_ATTRIBUTES ||
                     id == SCMI_BASE_PROTOCOLS) )
        return answer(msg, SCMI_PROTOCOL_ERROR);

    switch ( id )
    {
    case SCMI_ATTRIBUTES:
        /* No agents: nobody is to ask who they are. */
        guard_list(grants, facts, msg, 0);
        return answer_word(msg, msg->words[1]);

    case SCMI_MESSAGE_ATTRIBUTES:
        return msg->words[0] <= SCMI_BASE_PROTOCOLS
               ? answer_word(msg, 0) : answer(msg, SCMI_NOT_FOUND);

    case SCMI_BASE_PROTOCOLS:
        return guard_list(grants, facts, msg, msg->words[0]);

    default: /* As the firmware said it. */
        scmi_set_status(msg, SCMI_SUCCESS);
        for ( n = 0; n < scmi_base_words(id); n++ )
            msg->words[msg->nr++] = facts->base[id][n];
        return false;
    }
}

/* The messages of every protocol, of one that the table covers. */
static bool guard_common(const struct scmi_grants *grants,
                         const struct scmi_facts *facts, unsigned int kind,
                         struct scmi_message *msg, uint32_t id)
{
    uint32_t version = facts->version[kind];

    if ( msg->nr != (id == SCMI_MESSAGE_ATTRIBUTES) )
        return answer(msg, SCMI_PROTOCOL_ERROR);

    switch ( id )
    {
    case SCMI_VERSION:
        /* One that is the same on all firmware, and that all kernels know. */
        if ( kind == SCMI_KIND_CLOCK && !grants->host )
            version = min(version, CLOCK_VERSION_SHOWN);
        return answer_word(msg, version);

    case SCMI_ATTRIBUTES:
        /* Neither delayed answers nor statistics in a memory of its own. */
        memset(msg->words, 0, sizeof(msg->words));
        msg->words[1] = facts->count[kind];
        msg->nr = kind == SCMI_KIND_POWER ? 5 : 2;
        return false;

    default:
        if ( msg->words[0] > SCMI_MESSAGE_ATTRIBUTES &&
             !find_rule(grants, facts, kind, msg->words[0]) )
            return answer(msg, SCMI_NOT_FOUND);
        return answer_word(msg, 0);
    }
}

static bool is_own(const struct scmi_grants *grants, unsigned int kind,
                   uint32_t id)
{
    if ( id >= SCMI_MED_IDS )
        return grants->host;

    return scmi_bit(grants->ids[kind], array_index_nospec(id, SCMI_MED_IDS));
}

/* A change of what is one's own: the message for the firmware. */
static bool guard_change(const struct scmi_grants *grants,
                         const struct scmi_facts *facts,
                         enum action action, struct scmi_message *msg)
{
    uint32_t *words = msg->words;
    bool version_3 = facts->version[SCMI_KIND_CLOCK] >= CLOCK_VERSION_3;

    switch ( action )
    {
    case POWER_SET:
        if ( words[0] )
            return answer(msg, SCMI_NOT_SUPPORTED);
        if ( words[2] != POWER_ON && words[2] != POWER_OFF )
            return answer(msg, SCMI_INVALID_PARAMETERS);
        return true;

    case RATE_SET:
        return !(words[0] & ~RATE_ROUND) || answer(msg, SCMI_NOT_SUPPORTED);

    case CONFIG_SET:
        if ( words[1] & ~CONFIG_ENABLE )
            return (grants->host && version_3 && msg->nr == 3) ||
                   answer(msg, SCMI_NOT_SUPPORTED);
        /* Exactly as long as the firmware's version has it. */
        words[2] = 0;
        msg->nr = version_3 ? 3 : 2;
        return true;

    case RESET_SET:
        return !(words[1] & ~RESET_FLAGS) || answer(msg, SCMI_NOT_SUPPORTED);

    default: /* PARENT_SET */
        return is_own(grants, SCMI_KIND_CLOCK, words[1]) ||
               answer(msg, SCMI_DENIED);
    }
}

static bool guard_resource(const struct scmi_grants *grants,
                           const struct scmi_facts *facts, unsigned int kind,
                           struct scmi_message *msg, uint32_t id,
                           struct scmi_expected *expected)
{
    const struct rule *rule = find_rule(grants, facts, kind, id);
    uint32_t resource;
    bool own;

    if ( !rule )
        return answer(msg, SCMI_NOT_SUPPORTED);
    /* Drivers of version 3 send a longer one, whatever is shown to them. */
    if ( msg->nr != rule->in &&
         (rule->action != CONFIG_SET || msg->nr != rule->in + 1U) )
        return answer(msg, SCMI_PROTOCOL_ERROR);

    resource = msg->words[rule->id_at];
    if ( resource >= facts->count[kind] )
        return answer(msg, SCMI_NOT_FOUND);

    own = is_own(grants, kind, resource);
    *expected = rule->out;
    if ( kind == SCMI_KIND_CLOCK && id == FIRST && !grants->host )
        expected->clear |= CLOCK_ATTRIBUTES_HOST;
    if ( own )
        expected->state_at = 0;

    switch ( rule->action )
    {
    case READ:
        return true;

    case POWER_STATE:
        /* What is another's reads as off. */
        return own || answer_word(msg, POWER_OFF);

    default:
        if ( !own )
            return answer(msg, SCMI_DENIED);
        return guard_change(grants, facts, rule->action, msg);
    }
}

bool scmi_med_guard(const struct scmi_grants *grants,
                    const struct scmi_facts *facts, struct scmi_message *msg,
                    struct scmi_expected *expected)
{
    uint8_t protocol = msg->header >> 10, id = msg->header;
    unsigned int kind = scmi_med_kind(protocol);

    if ( protocol == SCMI_BASE )
        return guard_base(grants, facts, msg, id);

    if ( kind == SCMI_KINDS )
    {
        if ( !is_shown(grants, facts, protocol) )
            return answer(msg, SCMI_NOT_SUPPORTED);
        *expected = (struct scmi_expected){ .min = 1, .max = SCMI_WORDS_OUT };
        return true;
    }

    if ( !facts->version[kind] )
        return answer(msg, SCMI_NOT_SUPPORTED);
    if ( id < FIRST )
        return guard_common(grants, facts, kind, msg, id);

    return guard_resource(grants, facts, kind, msg, id, expected);
}

void scmi_med_guard_answer(const struct scmi_expected *expected,
                           struct scmi_message *msg)
{
    if ( msg->words[0] != SCMI_SUCCESS )
    {
        msg->nr = 1;
        return;
    }
    if ( msg->nr < expected->min || msg->nr > expected->max )
    {
        answer(msg, SCMI_COMMS_ERROR);
        return;
    }
    msg->words[1] &= ~expected->clear;
    if ( expected->state_at )
        msg->words[expected->state_at] &= ~1U;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * tab-width: 4
 * indent-tabs-mode: nil
 * End:
 */
