// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls by HVC or SMC, and SCMI messages in the agent's page. */
#include "guest.h"

volatile uint32_t *page_of_agent(void)
{
    static volatile uint32_t *page;

    if (!page)
        page = (volatile uint32_t *)args_value("page=0x", 0);
    return page;
}

void call_by(unsigned int conduit, uint64_t regs[8])
{
    if (conduit & 1)
        guest_smc(regs);
    else
        guest_hvc(regs);
}

/* Calls the function ID of SCMI; returns w0. */
uint32_t call_agent(unsigned int conduit)
{
    static uint64_t fid;
    uint64_t regs[8] = { 0 };

    if (!fid)
        fid = args_value("fid=0x", 0);
    regs[0] = fid;
    call_by(conduit, regs);
    return (uint32_t)regs[0];
}

static uint32_t header_of(const struct message *message, uint32_t token)
{
    return message->id | message->protocol << 10 | (token & 0x3ff) << 18;
}

void message_write(const struct message *message, uint32_t token)
{
    volatile uint32_t *page = page_of_agent();

    for (uint32_t n = 0; n < message->nr_args; n++)
        page[PAGE_PAYLOAD + n] = message->args[n];
    page[PAGE_HEADER] = header_of(message, token);
    page[PAGE_LENGTH] = 4 * (1 + message->nr_args);
    page[PAGE_FLAGS] = 0;
    page[PAGE_STATUS] = 0;
    memory_barrier();
}

/* One whole message; returns its SCMI status, or NO_ANSWER. */
int32_t message_send(const struct message *message)
{
    volatile uint32_t *page = page_of_agent();
    static uint32_t token;
    uint32_t header;

    token++;
    header = header_of(message, token);
    message_write(message, token);
    if (call_agent(token))
        return NO_ANSWER;
    memory_barrier();
    if ((page[PAGE_STATUS] & (STATUS_FREE | STATUS_ERROR)) != STATUS_FREE)
        return NO_ANSWER;
    if (page[PAGE_HEADER] != header || page[PAGE_LENGTH] < 8)
        return NO_ANSWER;
    return (int32_t)page[PAGE_PAYLOAD];
}
