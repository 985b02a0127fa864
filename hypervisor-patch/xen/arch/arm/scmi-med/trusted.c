/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: Xen as an agent of the firmware. The Base protocol (Arm
 * DEN0056, section 4.2) over shared memory (section 5.1), where every field of
 * an answer is suspect.
 */

#include <asm/io.h>
#include <asm/system.h>

#include "private.h"

/* Words of the shared page, by their offset. */
#define SHM_STATUS              0x04
#define SHM_STATUS_FREE         (1U << 0)
#define SHM_STATUS_ERROR        (1U << 1)
#define SHM_FLAGS               0x10
#define SHM_LENGTH              0x14    /* of header and payload, in bytes */
#define SHM_HEADER              0x18
#define SHM_PAYLOAD             0x1c

/* Message header: id [7:0], type [9:8], protocol [17:10], token [27:18]. */
#define SCMI_PROTOCOL_BASE      0x10

#define SCMI_PROTOCOL_VERSION           0x0
#define SCMI_MESSAGE_ATTRIBUTES         0x2
#define SCMI_DISCOVER_AGENT             0x7
#define SCMI_SET_DEVICE_PERMISSIONS     0x9
#define SCMI_RESET_AGENT_CONFIGURATION  0xb

#define SCMI_STATUS_BUSY                (-6)

/* Flags of the last two messages: allow; reset permissions, too. */
#define SCMI_FLAG_SET                   (1U << 0)

/* Calls return when the message is dealt with; a slow platform may need more. */
#define ANSWER_TIMEOUT          MILLISECS(20)

struct message {
    uint8_t id;
    unsigned int nr_in, nr_out;     /* words behind header and status */
    uint32_t in[3];
    uint32_t out;                   /* the first word */
    int32_t status;                 /* SCMI status, or 0 if there was none */
};

static uint32_t shm_read(const struct scmi_channel *ch, unsigned int offset)
{
    return readl_relaxed(ch->map + offset);
}

static void shm_write(const struct scmi_channel *ch, unsigned int offset,
                      uint32_t value)
{
    writel_relaxed(value, ch->map + offset);
}

void scmi_med_scrub(const struct scmi_channel *channel)
{
    unsigned int offset;

    for ( offset = 0; offset < PAGE_SIZE; offset += sizeof(uint32_t) )
        shm_write(channel, offset, 0);
    shm_write(channel, SHM_STATUS, SHM_STATUS_FREE);
    dsb(sy);
}

static bool is_free(const struct scmi_channel *channel, s_time_t deadline)
{
    while ( !(shm_read(channel, SHM_STATUS) & SHM_STATUS_FREE) )
    {
        if ( NOW() >= deadline )
            return false;
        cpu_relax();
    }
    return true;
}

/* Reads the answer to a message with this header. */
static int read_answer(const struct scmi_channel *channel,
                       struct message *msg, uint32_t header)
{
    unsigned int length = shm_read(channel, SHM_LENGTH);

    if ( (shm_read(channel, SHM_STATUS) & SHM_STATUS_ERROR) ||
         shm_read(channel, SHM_HEADER) != header ||
         length < 2 * sizeof(uint32_t) )
        return -EIO;

    msg->status = shm_read(channel, SHM_PAYLOAD);
    msg->out = shm_read(channel, SHM_PAYLOAD + sizeof(uint32_t));
    if ( msg->status || length != (2 + msg->nr_out) * sizeof(uint32_t) )
        return -EIO;

    return 0;
}

static int exchange(const struct scmi_channel *channel, struct message *msg,
                    s_time_t deadline)
{
    /* With the control lock held. */
    static uint32_t token;
    uint32_t header;
    unsigned int i;

    msg->status = 0;
    /* A message that was never answered still has the channel. */
    if ( !is_free(channel, 0) )
        return -EIO;

    token = (token + 1) & 0x3ff;
    header = msg->id | (SCMI_PROTOCOL_BASE << 10) | (token << 18);

    shm_write(channel, SHM_FLAGS, 0);
    shm_write(channel, SHM_LENGTH, (1 + msg->nr_in) * sizeof(uint32_t));
    shm_write(channel, SHM_HEADER, header);
    for ( i = 0; i < msg->nr_in; i++ )
        shm_write(channel, SHM_PAYLOAD + 4 * i, msg->in[i]);
    shm_write(channel, SHM_STATUS, 0);
    dsb(sy);

    if ( (int32_t)scmi_med_smc(channel) )
    {
        /* The firmware did not look at the message: take it back. */
        shm_write(channel, SHM_STATUS, SHM_STATUS_FREE);
        return -EIO;
    }

    if ( !is_free(channel, deadline) )
        return -EIO;
    dsb(sy);

    return read_answer(channel, msg, header);
}

static int send(const struct scmi_channel *channel, struct message *msg)
{
    s_time_t deadline = NOW() + ANSWER_TIMEOUT;
    int rc;

    ASSERT(spin_is_locked(&scmi_med.lock));

    do
        rc = exchange(channel, msg, deadline);
    while ( msg->status == SCMI_STATUS_BUSY && NOW() < deadline );

    return rc;
}

static int send_trusted(struct message *msg, uint32_t feature,
                        int32_t *status)
{
    int rc = scmi_med.features & feature
             ? send(&scmi_med.agents->channel, msg) : -ENODEV;

    *status = msg->status;

    return rc;
}

int scmi_med_set_device(uint32_t agent_id, uint32_t device_id, bool allow,
                        int32_t *status)
{
    struct message msg = {
        .id = SCMI_SET_DEVICE_PERMISSIONS,
        .nr_in = 3, .in = { agent_id, device_id, allow ? SCMI_FLAG_SET : 0 },
    };

    return send_trusted(&msg, SCMI_MED_FEATURE_DEVICE_PERM, status);
}

int scmi_med_reset_agent(uint32_t agent_id, int32_t *status)
{
    struct message msg = {
        .id = SCMI_RESET_AGENT_CONFIGURATION,
        .nr_in = 2, .in = { agent_id, SCMI_FLAG_SET },
    };

    return send_trusted(&msg, SCMI_MED_FEATURE_RESET, status);
}

int scmi_med_identify(struct scmi_agent *agent)
{
    struct message msg = {
        .id = SCMI_DISCOVER_AGENT,
        .nr_in = 1, .in = { SCMI_AGENT_SELF },
        .nr_out = 5,                /* the id, and a name of 16 bytes */
    };
    int rc = send(&agent->channel, &msg);

    /* That it does not know who calls is an answer, too; to be busy is none. */
    if ( rc )
        return msg.status && msg.status != SCMI_STATUS_BUSY ? 0 : rc;

    if ( agent->id == SCMI_AGENT_SELF )
        agent->id = msg.out;

    return msg.out == agent->id ? 0 : -EIO;
}

/* Whether there is an answer, and a message is one that the firmware has. */
static uint32_t __init probe_message(uint8_t id, uint32_t feature)
{
    struct message msg = {
        .id = SCMI_MESSAGE_ATTRIBUTES,
        .nr_in = 1, .in = { id },
        .nr_out = 1,
    };

    return send(&scmi_med.agents->channel, &msg) ? 0 : feature;
}

void __init scmi_med_probe(void)
{
    struct message msg = { .id = SCMI_PROTOCOL_VERSION, .nr_out = 1 };

    if ( send(&scmi_med.agents->channel, &msg) )
        return;
    scmi_med.base_version = msg.out;
    scmi_med.features =
        SCMI_MED_FEATURE_TRUSTED |
        probe_message(SCMI_SET_DEVICE_PERMISSIONS,
                      SCMI_MED_FEATURE_DEVICE_PERM) |
        probe_message(SCMI_RESET_AGENT_CONFIGURATION, SCMI_MED_FEATURE_RESET);
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
