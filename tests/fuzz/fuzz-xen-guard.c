/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Input: what an agent was granted, what the firmware said at boot, then
 * messages of a domain and answers to them. What may pass is said here once
 * more, message by message, from the protocol's text and not from the table.
 */

#include "tests/xen/world.h"

#include "guard.h"
#include "target.h"

/* In place of cmocka's, which ends a test: an assertion of the world's failed. */
void _fail(const char *const file, const int line)
{
    fprintf(stderr, "%s:%d: the world's assertion\n", file, line);
    abort();
}

static struct scmi_grants grants;
static struct scmi_facts facts;

static bool mine(unsigned int kind, uint32_t id)
{
    return id < SCMI_MED_IDS ? grants.ids[kind][id / 32] >> id % 32 & 1 : grants.host;
}

/* What a message does, as the specification has it. */
struct meaning {
    bool exists, for_hosts, changes, in_one_way;    /* the last: it has no reserved bits set */
    unsigned int kind, words, more_words;
    uint32_t id, other_id;
};

static struct meaning power(uint8_t message, const uint32_t *w)
{
    struct meaning m = { .kind = SCMI_KIND_POWER, .words = 1, .id = w[0], .in_one_way = true };

    m.exists = message == 3 || message == 5 || message == 8 || message == 4;
    if (message == 4) {
        m.changes = true;
        m.words = 3;
        m.id = w[1];
        m.in_one_way = !w[0] && (w[2] == 0 || w[2] == 0x40000000);
    }
    return m;
}

static struct meaning clock(uint8_t message, const uint32_t *w)
{
    struct meaning m = { .kind = SCMI_KIND_CLOCK, .words = 1, .id = w[0], .in_one_way = true };

    m.exists = message >= 3 && message <= 15 && message != 9 && message != 10;
    m.for_hosts = message > 10;
    if (message == 4 || message == 7 || message == 11 || message == 12 || message == 13)
        m.words = 2;
    if (message == 5) {
        m.words = 4;
        m.id = w[1];
        m.changes = true;
        m.in_one_way = !(w[0] & 0xfffffff3);
    }
    if (message == 7) {
        m.more_words = 1;
        m.changes = true;
        m.in_one_way = w[1] < 2;
    }
    if (message == 13) {
        m.changes = true;
        m.other_id = w[1];
    }
    return m;
}

static struct meaning reset(uint8_t message, const uint32_t *w)
{
    struct meaning m = { .kind = SCMI_KIND_RESET, .words = 1, .id = w[0], .in_one_way = true };

    m.exists = message == 3 || message == 4 || message == 6;
    if (message == 4) {
        m.words = 3;
        m.changes = true;
        m.in_one_way = w[1] < 4;
    }
    return m;
}

static void check_passed(const struct scmi_message *in, const struct scmi_message *sent,
                         const struct scmi_expected *expected)
{
    uint8_t protocol = in->header >> 10, message = in->header & 0xff;
    const uint32_t *w = in->words;
    bool parent = protocol == 0x14 && message == 13;
    struct meaning m;

    must(protocol != 0x10);
    must(sent->header == in->header);
    must(expected->min >= 1 && expected->max <= SCMI_WORDS_OUT && expected->min <= expected->max);
    if (protocol != 0x11 && protocol != 0x14 && protocol != 0x16) {
        must(grants.host || (grants.protocols[protocol / 32] >> protocol % 32 & 1));
        must(sent->nr == in->nr && !memcmp(sent->words, w, in->nr * 4));
        return;
    }
    m = protocol == 0x11 ? power(message, w) : protocol == 0x14 ? clock(message, w) : reset(message, w);
    must(m.exists && facts.version[m.kind]);
    must(facts.messages[m.kind] >> message & 1);
    must(!m.for_hosts || grants.host);
    must(in->nr >= m.words && in->nr <= m.words + m.more_words);
    must(m.id < facts.count[m.kind]);
    must(!m.changes || mine(m.kind, m.id));
    must(!parent || mine(m.kind, m.other_id));
    if (m.more_words) {
        bool long_one = facts.version[1] >= 0x30000;

        must(sent->nr == 2U + long_one && sent->words[0] == w[0] && sent->words[1] == w[1]);
        must(m.in_one_way ? sent->nr == 2 || !sent->words[2] : grants.host && long_one && in->nr == 3);
        return;
    }
    must(m.in_one_way);
    must(sent->nr == in->nr && !memcmp(sent->words, w, in->nr * 4));
    /* The state of what is another's, and only that, is hidden. */
    must(!(protocol == 0x11 && message == 5) || mine(m.kind, m.id));
    must(!expected->state_at == !(protocol == 0x14 && (message == 3 || message == 11) && !mine(m.kind, m.id)));
}

/* Nothing is refused that is one's own, and well-formed. */
static void check_refused(const struct scmi_message *in, const struct scmi_message *said)
{
    uint8_t protocol = in->header >> 10, message = in->header & 0xff;
    struct meaning m;

    must(said->nr >= 1 && said->nr <= SCMI_WORDS_OUT);
    must((int32_t)said->words[0] <= 0 && (int32_t)said->words[0] >= -10);
    must(!said->words[0] || said->nr == 1);
    if (message < 3 || protocol == 0x10)
        return;
    if (protocol != 0x11 && protocol != 0x14 && protocol != 0x16) {
        must(!grants.host && !(grants.protocols[protocol / 32] >> protocol % 32 & 1));
        return;
    }
    m = protocol == 0x11 ? power(message, in->words) : protocol == 0x14 ? clock(message, in->words)
        : reset(message, in->words);
    must(!(m.exists && facts.version[m.kind] && facts.messages[m.kind] >> message & 1 &&
           (!m.for_hosts || grants.host) && in->nr == m.words && m.in_one_way &&
           m.id < facts.count[m.kind] && mine(m.kind, m.id) && mine(m.kind, m.other_id)));
    must(said->words[0] || (protocol == 0x11 && message == 5));
}

static void check_answer(const struct scmi_expected *expected, struct bytes *in)
{
    struct scmi_message msg, before;
    unsigned int n;

    memset(&msg, 0, sizeof(msg));
    msg.nr = 1 + take_byte(in) % SCMI_WORDS_OUT;
    msg.words[0] = take_byte(in) % 4 ? 0 : take_word(in);
    for (n = 1; n < msg.nr; n++)
        msg.words[n] = in->left ? take_word(in) : 0xffffffff;
    before = msg;
    scmi_med_guard_answer(expected, &msg);
    if (before.words[0]) {
        must(msg.nr == 1 && msg.words[0] == before.words[0]);
    } else if (before.nr < expected->min || before.nr > expected->max) {
        must(msg.nr == 1 && (int32_t)msg.words[0] == SCMI_COMMS_ERROR);
    } else {
        must(msg.nr == before.nr && !msg.words[0] && !(msg.words[1] & expected->clear));
        must(!expected->state_at || !(msg.words[expected->state_at] & 1));
        for (n = 1; n < msg.nr; n++)
            must(!(msg.words[n] & ~before.words[n]));
    }
}

static void take_state(struct bytes *in)
{
    unsigned int n;

    memset(&grants, 0, sizeof(grants));
    memset(&facts, 0, sizeof(facts));
    grants.host = take_byte(in) & 1;
    for (n = 0; n < SCMI_KINDS; n++) {
        grants.ids[n][0] = take_word(in);
        grants.ids[n][SCMI_MED_IDS / 32 - 1] = take_word(in);
        facts.version[n] = (uint32_t)(take_byte(in) % 4) << 16;
        facts.count[n] = take_byte(in) & 1 ? 0xffff : take_byte(in);
        facts.messages[n] = scmi_med_messages(n, true) | (scmi_med_messages(n, false) & take_word(in));
    }
    for (n = 0; n < 8; n++)
        grants.protocols[n] = take_word(in);
    facts.nr_protocols = take_byte(in) % (sizeof(facts.protocols) + 1);
    for (n = 0; n < facts.nr_protocols; n++)
        facts.protocols[n] = take_byte(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct bytes in = { bytes, size };
    unsigned int n;

    take_state(&in);
    while (in.left) {
        static const uint8_t protocols[] = { 0x10, 0x11, 0x14, 0x16 };
        struct scmi_message msg, before;
        struct scmi_expected expected;
        uint8_t what = take_byte(&in);

        memset(&msg, 0, sizeof(msg));
        msg.header = SCMI_HEADER(what & 0x80 ? take_byte(&in) : protocols[what % 4], take_byte(&in) % 24);
        msg.nr = take_byte(&in) % (SCMI_WORDS_IN + 1);
        for (n = 0; n < msg.nr; n++)
            msg.words[n] = what & 0x40 ? take_word(&in) : take_byte(&in);
        before = msg;
        if (scmi_med_guard(&grants, &facts, &msg, &expected)) {
            check_passed(&before, &msg, &expected);
            check_answer(&expected, &in);
        } else {
            check_refused(&before, &msg);
        }
    }
    return 0;
}
