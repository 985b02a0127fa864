/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A model of the board's SCMI platform: the Base protocol for agent 2, agents
 * known by their function ID, and faults on demand.
 */

#include "world.h"

#define STATUS 1
#define LENGTH 5
#define HEADER 6
#define PAYLOAD 7

#define NOT_SUPPORTED ((uint32_t)-1)
#define DENIED ((uint32_t)-3)
#define BUSY ((uint32_t)-6)
#define NOT_FOUND ((uint32_t)-4)

struct firmware firmware;

static unsigned int set_device(uint32_t *in, uint32_t *out)
{
    uint32_t bit = 1U << ((in[1] - 10) & 31);

    if (in[0] < 1 || in[0] > NR_PAGES || in[1] < 10 || in[1] > 12) {
        out[0] = NOT_FOUND;
        return 1;
    }
    if (in[2])
        firmware.devices[in[0]] |= bit;
    else
        firmware.devices[in[0]] &= ~bit;
    out[0] = 0;
    return 1;
}

static unsigned int discover(uint32_t *in, uint32_t *out, unsigned int agent)
{
    uint32_t id = in[0] == 0xffffffffU ? agent : in[0];

    memset(out, 0, 24);
    if (id > NR_PAGES) {
        out[0] = NOT_FOUND;
        return 1;
    }
    out[1] = id == 5 && firmware.odd_id ? firmware.odd_id : id;
    snprintf((char *)&out[2], 16, "agent\t%u", id);
    return 6;
}

/* Returns the words of the answer. */
static unsigned int answer(uint32_t *page, unsigned int agent)
{
    uint32_t *out = page + PAYLOAD, in[4], message = page[HEADER] & 0xff;

    memcpy(in, out, sizeof(in));
    if (message < 32 && (firmware.missing & (1U << message))) {
        out[0] = NOT_SUPPORTED;
        return 1;
    }
    out[0] = 0;
    switch (message) {
    case 0x0:
        out[1] = 0x20000;
        return 2;
    case 0x2:
        out[1] = 0;
        if (in[0] < 32 && (firmware.missing & (1U << in[0])))
            out[0] = NOT_FOUND;
        return out[0] ? 1 : 2;
    case 0x7:
        return discover(in, out, agent);
    case 0x9:
        return set_device(in, out);
    case 0xb:
        firmware.resets[in[0]]++;
        firmware.devices[in[0]] = 0;
        return 1;
    default:
        out[0] = NOT_SUPPORTED;
        return 1;
    }
}

static bool is_faulty(const uint32_t *page)
{
    if (firmware.fault == FIRMWARE_OK ||
        (firmware.faulty_message != ~0U && firmware.faulty_message != (page[HEADER] & 0xff)))
        return false;
    if (firmware.skip) {
        firmware.skip--;
        return false;
    }
    if (firmware.times && firmware.failed >= firmware.times)
        return false;
    firmware.failed++;
    return true;
}

void firmware_obey(uint32_t *page, unsigned int agent)
{
    page[LENGTH] = 4 + 4 * answer(page, agent);
    page[STATUS] |= 1;
}

static unsigned long serve(uint32_t *page, unsigned int agent)
{
    bool faulty = is_faulty(page);

    assert_false(page[STATUS] & 1);
    assert_int_equal((page[HEADER] >> 10) & 0xff, 0x10);
    if (firmware.on_message)
        return firmware.on_message(page, agent);
    if (faulty && firmware.fault == FIRMWARE_SMC_ERROR)
        return -1UL;
    if (faulty && firmware.fault == FIRMWARE_SILENT)
        return 0;
    if (firmware.busy || (faulty && firmware.fault >= FIRMWARE_DENIES)) {
        page[PAYLOAD] = firmware.busy || firmware.fault == FIRMWARE_BUSY ? BUSY : DENIED;
        firmware.busy -= !!firmware.busy;
        page[LENGTH] = 8;
        page[STATUS] |= 1;
    } else {
        firmware_obey(page, agent);
    }
    if (faulty && firmware.fault == FIRMWARE_ERROR_BIT)
        page[STATUS] |= 2;
    if (faulty && firmware.fault == FIRMWARE_WRONG_HEADER)
        page[HEADER] ^= 1U << 18;
    if (faulty && firmware.fault == FIRMWARE_SHORT)
        page[LENGTH] = 4;
    if (faulty && firmware.fault == FIRMWARE_LONG)
        page[LENGTH] += 4;
    return 0;
}

static unsigned long dispatch(uint32_t *page, unsigned int agent)
{
    /* A free channel has no message: these are the tests' calls as guests. */
    if (!(page[STATUS] & 1))
        return serve(page, agent);
    firmware.calls++;
    if (firmware.during_call)
        firmware.during_call();
    return firmware.result ? firmware.result : 0x5a5a0000UL + agent;
}

unsigned long firmware_smc(const uint64_t x[8])
{
    unsigned int agent = x[0] - FUNCTION_ID(0);
    uint32_t *page;
    bool message;

    if (world_lenient && (agent < 1 || agent > NR_PAGES))
        return -1UL;
    assert_in_range(agent, 1, NR_PAGES);
    page = world_page(agent);
    if (firmware.on_call) {
        message = !(page[STATUS] & 1);
        firmware.on_call(agent, message, true);
        if (message)
            serve(page, agent);
        firmware.on_call(agent, message, false);
        return 0;
    }
    memcpy(firmware.last, x, sizeof(firmware.last));
    if (agent == TRUSTED)
        firmware.trusted_calls++;
    return dispatch(page, agent);
}
