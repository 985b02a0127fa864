/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: Xen as an agent of the firmware. The Base protocol (Arm
 * DEN0056, section 4.2) over shared memory (section 5.1), where every field of
 * an answer is suspect.
 */

#include <xen/delay.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/string.h>
#include <xen/time.h>

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
#define SCMI_TOKEN_MASK         0x3ffU

#define SCMI_PROTOCOL_VERSION           0x0
#define SCMI_MESSAGE_ATTRIBUTES         0x2
#define SCMI_DISCOVER_VENDOR            0x3
#define SCMI_DISCOVER_SUB_VENDOR        0x4
#define SCMI_DISCOVER_IMPL_VERSION      0x5
#define SCMI_DISCOVER_AGENT             0x7
#define SCMI_SET_DEVICE_PERMISSIONS     0x9
#define SCMI_SET_PROTOCOL_PERMISSIONS   0xa
#define SCMI_RESET_AGENT_CONFIGURATION  0xb

#define SCMI_FLAG_ALLOW                 (1U << 0)
#define SCMI_FLAG_RESET_PERMISSIONS     (1U << 0)

/* A name is 16 bytes. */
#define NAME_WORDS              4

/* Calls return when the message is dealt with; a slow platform may need more. */
#define ANSWER_TIMEOUT          MILLISECS(20)

struct message {
    uint8_t id;
    unsigned int nr_in, nr_out;     /* words behind header and status */
    uint32_t in[3];
    uint32_t out[1 + NAME_WORDS];
    int32_t status;                 /* SCMI status, or 0 if there was none */
};

static uint32_t shm_read(const struct scmi_channel *channel,
                         unsigned int offset)
{
    return readl_relaxed(channel->map + offset);
}

static void shm_write(const struct scmi_channel *channel,
                      unsigned int offset, uint32_t value)
{
    writel_relaxed(value, channel->map + offset);
}

void scmi_med_scrub(const struct scmi_channel *channel)
{
    unsigned int offset;

    for ( offset = 0; offset < PAGE_SIZE; offset += sizeof(uint32_t) )
        shm_write(channel, offset, 0);
    shm_write(channel, SHM_STATUS, SHM_STATUS_FREE);
    dsb(sy);
}

static bool is_free(const struct scmi_channel *channel, s_time_t timeout)
{
    s_time_t deadline = NOW() + timeout;

    while ( !(shm_read(channel, SHM_STATUS) & SHM_STATUS_FREE) )
    {
        if ( NOW() > deadline )
            return false;
        cpu_relax();
    }
    return true;
}

/* Reads the answer to a message with this header. */
static int read_answer(const struct scmi_channel *channel,
                       struct message *msg, uint32_t header)
{
    unsigned int i, length;
    int32_t status;

    if ( (shm_read(channel, SHM_STATUS) & SHM_STATUS_ERROR) ||
         shm_read(channel, SHM_HEADER) != header )
        return -EIO;

    length = shm_read(channel, SHM_LENGTH);
    if ( length < 2 * sizeof(uint32_t) )
        return -EIO;

    status = shm_read(channel, SHM_PAYLOAD);
    if ( status )
    {
        msg->status = status;
        return -EIO;
    }

    if ( length != (2 + msg->nr_out) * sizeof(uint32_t) )
        return -EIO;
    for ( i = 0; i < msg->nr_out; i++ )
        msg->out[i] = shm_read(channel, SHM_PAYLOAD + 4 * (1 + i));

    return 0;
}

static int send(const struct scmi_channel *channel, struct message *msg)
{
    /* With the control lock held. */
    static uint32_t token;
    uint32_t header;
    unsigned int i;

    ASSERT(spin_is_locked(&scmi_med.lock));

    msg->status = 0;
    /* A message that was never answered still has the channel. */
    if ( !is_free(channel, 0) )
        return -EIO;

    token = (token + 1) & SCMI_TOKEN_MASK;
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

    if ( !is_free(channel, ANSWER_TIMEOUT) )
        return -EIO;
    dsb(sy);

    return read_answer(channel, msg, header);
}

/* Copies a name out of an answer, NUL terminated and fit to be printed. */
static void copy_name(char to[16], const uint32_t from[NAME_WORDS])
{
    unsigned int i;

    memcpy(to, from, 16);
    to[15] = '\0';
    for ( i = 0; to[i]; i++ )
        if ( to[i] < ' ' || to[i] > '~' )
            to[i] = '?';
    memset(to + i, 0, 16 - i);
}

int scmi_med_discover_agent(const struct scmi_channel *channel,
                            uint32_t agent_id, uint32_t *id, char name[16])
{
    struct message msg = {
        .id = SCMI_DISCOVER_AGENT,
        .nr_in = 1, .in = { agent_id },
        .nr_out = 1 + NAME_WORDS,
    };
    int rc = send(channel, &msg);

    if ( rc )
        return rc;

    *id = msg.out[0];
    copy_name(name, &msg.out[1]);

    return 0;
}

static int send_trusted(struct message *msg, uint32_t feature,
                        int32_t *status)
{
    int rc = -ENODEV;

    msg->status = 0;
    if ( (scmi_med.info.features & (SCMI_MED_FEATURE_TRUSTED | feature)) ==
         (SCMI_MED_FEATURE_TRUSTED | feature) )
        rc = send(&scmi_med.trusted->channel, msg);
    *status = msg->status;

    return rc;
}

int scmi_med_set_device(uint32_t agent_id, uint32_t device_id, bool allow,
                        int32_t *status)
{
    struct message msg = {
        .id = SCMI_SET_DEVICE_PERMISSIONS,
        .nr_in = 3, .in = { agent_id, device_id, allow ? SCMI_FLAG_ALLOW : 0 },
    };

    return send_trusted(&msg, SCMI_MED_FEATURE_DEVICE_PERM, status);
}

int scmi_med_reset_agent(uint32_t agent_id, int32_t *status)
{
    struct message msg = {
        .id = SCMI_RESET_AGENT_CONFIGURATION,
        .nr_in = 2, .in = { agent_id, SCMI_FLAG_RESET_PERMISSIONS },
    };

    return send_trusted(&msg, SCMI_MED_FEATURE_RESET, status);
}

static int probe_word(uint8_t id, uint32_t *word)
{
    struct message msg = { .id = id, .nr_out = 1 };
    int rc = send(&scmi_med.trusted->channel, &msg);

    if ( !rc )
        *word = msg.out[0];

    return rc;
}

static void probe_name(uint8_t id, char name[16])
{
    struct message msg = { .id = id, .nr_out = NAME_WORDS };

    if ( !send(&scmi_med.trusted->channel, &msg) )
        copy_name(name, msg.out);
}

int scmi_med_probe(void)
{
    static const struct {
        uint8_t id;
        uint32_t feature;
    } optional[] = {
        { SCMI_DISCOVER_AGENT, SCMI_MED_FEATURE_DISCOVER },
        { SCMI_SET_DEVICE_PERMISSIONS, SCMI_MED_FEATURE_DEVICE_PERM },
        { SCMI_SET_PROTOCOL_PERMISSIONS, SCMI_MED_FEATURE_PROTOCOL_PERM },
        { SCMI_RESET_AGENT_CONFIGURATION, SCMI_MED_FEATURE_RESET },
    };
    struct scmi_med_info *info = &scmi_med.info;
    unsigned int i;
    int rc;

    rc = probe_word(SCMI_PROTOCOL_VERSION, &info->base_version);
    if ( rc )
        return rc;

    info->features = SCMI_MED_FEATURE_TRUSTED;
    for ( i = 0; i < ARRAY_SIZE(optional); i++ )
    {
        struct message msg = {
            .id = SCMI_MESSAGE_ATTRIBUTES,
            .nr_in = 1, .in = { optional[i].id },
            .nr_out = 1,
        };

        if ( !send(&scmi_med.trusted->channel, &msg) )
            info->features |= optional[i].feature;
    }

    probe_word(SCMI_DISCOVER_IMPL_VERSION, &info->impl_version);
    probe_name(SCMI_DISCOVER_VENDOR, info->vendor);
    probe_name(SCMI_DISCOVER_SUB_VENDOR, info->sub_vendor);

    return 0;
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
