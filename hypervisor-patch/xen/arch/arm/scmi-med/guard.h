/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: which message of a domain may pass, and as what. A pure
 * function of the message's words, of what the agent was granted, and of what
 * the firmware said at boot: no lock, no page, no agent.
 */

#ifndef ARM_SCMI_MED_GUARD_H
#define ARM_SCMI_MED_GUARD_H

#include <xen/types.h>

#include <public/arch-arm/scmi-med.h>

/* Message header: id [7:0], type [9:8], protocol [17:10], token [27:18]. */
#define SCMI_HEADER(protocol, id)       ((id) | ((uint32_t)(protocol) << 10))
#define SCMI_HEADER_MESSAGE             0x0003ffffU
#define SCMI_HEADER_TOKEN               0x0ffc0000U
#define SCMI_HEADER_ZERO                0xf0000300U

#define SCMI_BASE                       0x10
#define SCMI_POWER                      0x11
#define SCMI_CLOCK                      0x14
#define SCMI_RESET                      0x16

/* Of every protocol. */
#define SCMI_VERSION                    0x0
#define SCMI_ATTRIBUTES                 0x1
#define SCMI_MESSAGE_ATTRIBUTES         0x2

/* Of the Base protocol: vendor, sub-vendor, implementation, and this. */
#define SCMI_BASE_PROTOCOLS             0x6

#define SCMI_SUCCESS                    0
#define SCMI_NOT_SUPPORTED              (-1)
#define SCMI_INVALID_PARAMETERS         (-2)
#define SCMI_DENIED                     (-3)
#define SCMI_NOT_FOUND                  (-4)
#define SCMI_BUSY                       (-6)
#define SCMI_COMMS_ERROR                (-7)
#define SCMI_PROTOCOL_ERROR             (-10)

/* What the smallest channel in use has room for, 128 bytes, without its frame. */
#define SCMI_WORDS_IN                   23
#define SCMI_WORDS_OUT                  25

/* A message in Xen's memory. Its answer takes its place, the status first. */
struct scmi_message {
    uint32_t header;                /* without the token */
    unsigned int nr;                /* words behind the header */
    uint32_t words[SCMI_WORDS_OUT];
};

/* Kinds of resources, each with ids of its own. */
enum scmi_kind {
    SCMI_KIND_POWER,
    SCMI_KIND_CLOCK,
    SCMI_KIND_RESET,
    SCMI_KINDS,
};

/* One bit for each id, and for each protocol. */
struct scmi_grants {
    bool host;                      /* has all that no bit can say, too */
    uint32_t ids[SCMI_KINDS][SCMI_MED_IDS / 32];
    uint32_t protocols[256 / 32];   /* granted as a whole */
};

/* What the firmware says on a channel: the answers to what is asked at boot. */
struct scmi_facts {
    bool known;
    uint32_t base[6][4];            /* by message: scmi_base_words() of them */
    unsigned int nr_protocols;
    uint8_t protocols[64];          /* Base is not one of them */
    uint32_t version[SCMI_KINDS];   /* 0: there is no such protocol */
    uint32_t count[SCMI_KINDS];     /* ids are below */
    uint32_t messages[SCMI_KINDS];  /* bit n: message n is there */
};

/* What the firmware may answer to a message that passes. */
struct scmi_expected {
    uint8_t min, max;               /* words, if the status is SUCCESS */
    uint8_t state_at;               /* in which word bit 0 is the state, or 0 */
    uint32_t clear;                 /* bits of the word behind the status */
};

static inline void scmi_set_status(struct scmi_message *msg, int32_t status)
{
    msg->words[0] = status;
    msg->nr = 1;
}

/* Words of the answer to a message of the Base protocol: a name is of 16 bytes. */
static inline unsigned int scmi_base_words(uint32_t id)
{
    return id == 0x3 || id == 0x4 ? 4 : 1;
}

static inline bool scmi_bit(const uint32_t *bits, unsigned int n)
{
    return bits[n / 32] & (1U << (n % 32));
}

/* The kind of a protocol's resources, or SCMI_KINDS. */
unsigned int scmi_med_kind(uint32_t protocol);

/*
 * Optional messages of a kind that the mediation passes on, if the firmware
 * has them: bit n is message n. With mandatory, the ones that it must have.
 */
uint32_t scmi_med_messages(unsigned int kind, bool mandatory);

/*
 * Whether the message is to be sent, as it was made anew in msg; if not, what
 * is in msg is the answer.
 */
bool scmi_med_guard(const struct scmi_grants *grants,
                    const struct scmi_facts *facts, struct scmi_message *msg,
                    struct scmi_expected *expected);

/* Makes what the firmware answered one of the answers that are expected. */
void scmi_med_guard_answer(const struct scmi_expected *expected,
                           struct scmi_message *msg);

#endif /* ARM_SCMI_MED_GUARD_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * tab-width: 4
 * indent-tabs-mode: nil
 * End:
 */
