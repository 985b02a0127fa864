/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: Xen as an agent of the firmware. The Base protocol (Arm
 * DEN0056, section 4.2), and what is asked about the others at boot.
 */

#include "private.h"

#define DISCOVER_AGENT          0x7
#define SET_DEVICE_PERMISSIONS  0x9
#define RESET_AGENT             0xb

/* Flags of the last two messages: allow; reset permissions, too. */
#define FLAG_SET                (1U << 0)

#define BUSY_TIMEOUT            MILLISECS(20)

/* Of the words of an answer. */
#define OR_MORE                 0x80U

/*
 * The answer takes the place of the message. Returns 0 if the status is SUCCESS
 * and so many words follow it; with another status, or with none (0), -EIO.
 */
static int send(struct scmi_back *back, struct scmi_message *msg,
                unsigned int nr, int32_t *status)
{
    const struct scmi_message question = *msg;
    s_time_t deadline = NOW() + BUSY_TIMEOUT;
    int rc;

    ASSERT(spin_is_locked(&scmi_med.lock));

    do
    {
        *msg = question;
        spin_lock(&back->lock);
        rc = scmi_med_exchange(back, msg);
        spin_unlock(&back->lock);
        *status = rc ? 0 : msg->words[0];
    } while ( *status == SCMI_BUSY && NOW() < deadline );

    if ( rc || *status || msg->nr < 1 + (nr & ~OR_MORE) ||
         (!(nr & OR_MORE) && msg->nr != 1 + nr) )
        return -EIO;

    return 0;
}

static int send_trusted(struct scmi_message *msg, uint32_t feature,
                        int32_t *status)
{
    int rc;

    *status = 0;
    if ( !(scmi_med.features & feature) )
        return -ENODEV;

    rc = send(&scmi_med.agents->own, msg, 0, status);
    /* What it obeyed once it has, so this is learned while nobody has anything. */
    if ( *status != SCMI_NOT_SUPPORTED || system_state >= SYS_STATE_active )
        return rc;

    /* It said that it has the message, but has it not. */
    scmi_med.features &= ~feature;
    *status = 0;

    return -ENODEV;
}

static struct scmi_message set_device(uint32_t agent_id, uint32_t device_id,
                                      bool allow)
{
    return (struct scmi_message){
        .header = SCMI_HEADER(SCMI_BASE, SET_DEVICE_PERMISSIONS), .nr = 3,
        .words = { agent_id, device_id, allow ? FLAG_SET : 0 },
    };
}

int scmi_med_set_device(uint32_t agent_id, uint32_t device_id, bool allow,
                        int32_t *status)
{
    struct scmi_message msg = set_device(agent_id, device_id, allow);

    return send_trusted(&msg, SCMI_MED_FEATURE_DEVICE_PERM, status);
}

int scmi_med_reset_agent(uint32_t agent_id, bool permissions, int32_t *status)
{
    struct scmi_message msg = {
        .header = SCMI_HEADER(SCMI_BASE, RESET_AGENT), .nr = 2,
        .words = { agent_id, permissions ? FLAG_SET : 0 },
    };

    return send_trusted(&msg, SCMI_MED_FEATURE_RESET, status);
}

/* Asks, with one word or none. Returns -ENOENT if the answer is a refusal. */
static int ask(struct scmi_back *back, uint32_t header, unsigned int nr_in,
               uint32_t in, unsigned int nr_out, struct scmi_message *msg)
{
    int32_t status;
    int rc;

    *msg = (struct scmi_message){ .header = header, .nr = nr_in,
                                  .words = { in } };
    rc = send(back, msg, nr_out, &status);

    return status && status != SCMI_BUSY ? -ENOENT : rc;
}

static int ask_base(struct scmi_back *back, uint32_t id, unsigned int nr_out,
                    struct scmi_message *msg)
{
    return ask(back, SCMI_HEADER(SCMI_BASE, id), 0, 0, nr_out, msg);
}

static int learn_kind(struct scmi_back *back, struct scmi_facts *facts,
                      uint32_t protocol)
{
    unsigned int kind = scmi_med_kind(protocol), id;
    struct scmi_message msg;
    uint32_t optional, version;
    int rc;

    if ( kind == SCMI_KINDS )
        return 0;

    optional = scmi_med_messages(kind, false);
    rc = ask(back, SCMI_HEADER(protocol, SCMI_VERSION), 0, 0, 1, &msg);
    version = msg.words[1];
    rc = rc ?: ask(back, SCMI_HEADER(protocol, SCMI_ATTRIBUTES), 0, 0,
                   1 | OR_MORE, &msg);
    if ( rc )
        return rc;

    facts->version[kind] = version;
    facts->count[kind] = msg.words[1] & 0xffff;
    facts->messages[kind] = scmi_med_messages(kind, true);
    for ( id = 0; id < 16 && rc != -EIO; id++ )
    {
        if ( !(optional & (1U << id)) )
            continue;
        rc = ask(back, SCMI_HEADER(protocol, SCMI_MESSAGE_ATTRIBUTES), 1, id,
                 1, &msg);
        if ( !rc )
            facts->messages[kind] |= 1U << id;
    }

    return rc;
}

/* The protocols behind the first ones. Returns -ENOENT if there are none. */
static int learn_protocols(struct scmi_back *back, struct scmi_facts *facts)
{
    struct scmi_message msg;
    unsigned int n, nr;
    int rc = ask(back, SCMI_HEADER(SCMI_BASE, SCMI_BASE_PROTOCOLS), 1,
                 facts->nr_protocols, 1 | OR_MORE, &msg);

    if ( rc )
        return rc;

    nr = min(msg.words[1], (msg.nr - 2) * 4);
    for ( n = 0; n < nr && facts->nr_protocols < ARRAY_SIZE(facts->protocols);
          n++ )
        facts->protocols[facts->nr_protocols++] =
            msg.words[2 + n / 4] >> (n % 4 * 8);

    return nr ? 0 : -ENOENT;
}

/* What domains are told about the firmware, as it is for this agent. */
static int learn(struct scmi_back *back)
{
    struct scmi_facts facts = { .known = true };
    struct scmi_message msg;
    unsigned int n, nr;
    int rc;

    for ( n = 0; n < ARRAY_SIZE(facts.base); n++ )
    {
        if ( n == SCMI_MESSAGE_ATTRIBUTES )
            continue;
        rc = ask_base(back, n, scmi_base_words(n), &msg);
        if ( !rc )
            memcpy(facts.base[n], &msg.words[1], scmi_base_words(n) * 4);
        /* Without a name it works, too. */
        else if ( rc == -EIO || n <= SCMI_ATTRIBUTES )
            return -EIO;
    }
    nr = min(facts.base[SCMI_ATTRIBUTES][0] & 0xff,
             (uint32_t)ARRAY_SIZE(facts.protocols));

    rc = 0;
    while ( !rc && facts.nr_protocols < nr )
        rc = learn_protocols(back, &facts);
    for ( n = 0; rc != -EIO && n < facts.nr_protocols; n++ )
        rc = learn_kind(back, &facts, facts.protocols[n]);
    if ( rc == -EIO )
        return rc;

    spin_lock(&back->lock);
    back->facts = facts;
    spin_unlock(&back->lock);

    return 0;
}

/* Fills in an id that is not known. */
static int discover(struct scmi_agent *agent)
{
    struct scmi_message msg;
    /* The id, and a name of 16 bytes. */
    int rc = ask(agent->back, SCMI_HEADER(SCMI_BASE, DISCOVER_AGENT), 1,
                 SCMI_AGENT_SELF, 5, &msg);

    if ( !rc && agent->id == SCMI_AGENT_SELF )
        agent->id = msg.words[1];

    return rc ?: msg.words[1] == agent->id ? 0 : -EIO;
}

int scmi_med_identify(struct scmi_agent *agent)
{
    if ( scmi_med.knows_caller && discover(agent) )
        return -EIO;

    return agent->back->facts.known ? 0 : learn(agent->back);
}

bool scmi_med_is_kept_apart(struct scmi_agent *agent)
{
    struct scmi_message msg = set_device(agent->id, 0, false);
    int32_t status;

    if ( !send(agent->back, &msg, 0, &status) )
        return false;

    /* No answer says nothing about that. */
    return !status || status == SCMI_BUSY || status == SCMI_DENIED ||
           status == SCMI_NOT_SUPPORTED;
}

/* Whether there is an answer, and a message is one that the firmware has. */
static uint32_t __init probe_message(uint8_t id, uint32_t feature)
{
    struct scmi_message msg;

    return ask(&scmi_med.agents->own,
               SCMI_HEADER(SCMI_BASE, SCMI_MESSAGE_ATTRIBUTES), 1, id, 1, &msg)
           ? 0 : feature;
}

void __init scmi_med_probe(void)
{
    struct scmi_agent *trusted = scmi_med.agents;
    struct scmi_message msg;
    int rc;

    if ( ask_base(&trusted->own, SCMI_VERSION, 1, &msg) )
        return;

    scmi_med.base_version = msg.words[1];
    scmi_med.features =
        SCMI_MED_FEATURE_TRUSTED |
        probe_message(SET_DEVICE_PERMISSIONS, SCMI_MED_FEATURE_DEVICE_PERM) |
        probe_message(RESET_AGENT, SCMI_MED_FEATURE_RESET);

    /*
     * Whether the firmware tells who calls is the same for all agents. If it
     * does, then whoever it does not know is not who they should be.
     */
    rc = probe_message(DISCOVER_AGENT, 1) ? discover(trusted) : -ENOENT;
    scmi_med.knows_caller = rc != -ENOENT;
    if ( rc == -EIO )
        printk(XENLOG_WARNING "SCMI: the firmware does not say who has the trusted channel\n");
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
