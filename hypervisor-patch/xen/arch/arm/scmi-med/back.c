/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCMI mediation: messages over shared memory (Arm DEN0056, section 5.1),
 * where every field of an answer is suspect, and read once.
 */

#include <asm/smccc.h>
#include <asm/system.h>

#include "private.h"

/* Calls return when the message is dealt with; a slow platform may need more. */
#define ANSWER_TIMEOUT          MILLISECS(20)

/* The one place that calls the firmware: no register is a domain's. */
static int32_t call(const struct scmi_back *back)
{
    struct arm_smccc_res res;

    arm_smccc_smc(back->function_id, back->page_param, 0, 0, 0, 0, 0,
                  back->client_id, &res);

    return res.a0;
}

void scmi_med_scrub(void __iomem *map)
{
    unsigned int offset;

    for ( offset = 0; offset < PAGE_SIZE; offset += sizeof(uint32_t) )
        writel_relaxed(0, map + offset);
    writel_relaxed(SHM_STATUS_FREE, map + SHM_STATUS);
    dsb(sy);
}

static uint32_t wait_until_free(const struct scmi_back *back)
{
    uint32_t status = readl_relaxed(back->map + SHM_STATUS);
    s_time_t deadline;

    if ( likely(status & SHM_STATUS_FREE) )
        return status;

    deadline = NOW() + ANSWER_TIMEOUT;
    do
    {
        cpu_relax();
        status = readl_relaxed(back->map + SHM_STATUS);
    } while ( !(status & SHM_STATUS_FREE) && NOW() < deadline );

    return status;
}

int scmi_med_exchange(struct scmi_back *back, struct scmi_message *msg)
{
    void __iomem *map = back->map;
    uint32_t header, status, length;
    unsigned int i;
    int32_t result;

    /* A message that was never answered still has the channel. */
    if ( unlikely(!(readl_relaxed(map + SHM_STATUS) & SHM_STATUS_FREE)) )
        return -EIO;

    /* A token of Xen's own: no answer is taken for that of another message. */
    back->token = (back->token + 1) & 0x3ff;
    header = (msg->header & SCMI_HEADER_MESSAGE) | (back->token << 18);

    writel_relaxed(0, map + SHM_FLAGS);
    writel_relaxed((1 + msg->nr) * sizeof(uint32_t), map + SHM_LENGTH);
    writel_relaxed(header, map + SHM_HEADER);
    for ( i = 0; i < msg->nr; i++ )
        writel_relaxed(msg->words[i], map + SHM_PAYLOAD + 4 * i);
    writel_relaxed(0, map + SHM_STATUS);
    dsb(sy);

    result = call(back);
    if ( unlikely(result) )
    {
        /* The firmware did not look at the message: take it back. */
        back->last_error = result;
        writel_relaxed(SHM_STATUS_FREE, map + SHM_STATUS);
        return -EIO;
    }

    status = wait_until_free(back);
    dsb(sy);
    length = readl_relaxed(map + SHM_LENGTH);
    if ( unlikely((status & (SHM_STATUS_FREE | SHM_STATUS_ERROR)) !=
                  SHM_STATUS_FREE) ||
         unlikely(readl_relaxed(map + SHM_HEADER) != header) ||
         unlikely(length < 8 || length > (1 + SCMI_WORDS_OUT) * 4) )
        return -EIO;

    msg->nr = length / sizeof(uint32_t) - 1;
    for ( i = 0; i < msg->nr; i++ )
        msg->words[i] = readl_relaxed(map + SHM_PAYLOAD + 4 * i);

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
