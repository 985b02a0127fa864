/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A model of the board's SCMI platform: the Base protocol, with permissions that
 * agent 2 sets, resources, agents known by their function ID, and faults on demand.
 */

#include "world.h"

#define STATUS 1
#define FLAGS 4
#define LENGTH 5
#define HEADER 6
#define PAYLOAD 7

#define IDS 3                   /* of each kind of resource */
#define OTHER_PROTOCOL 0x13     /* answers what it was sent */

struct firmware firmware;

static void note(char what)
{
    size_t len = strlen(firmware.order);

    if (len < sizeof(firmware.order) - 1)
        firmware.order[len] = what;
}

static unsigned int status(uint32_t *out, int32_t value)
{
    out[0] = (uint32_t)value;
    return 1;
}

static unsigned int word(uint32_t *out, uint32_t value)
{
    out[0] = 0;
    out[1] = value;
    return 2;
}

static bool may(unsigned int agent, uint32_t id)
{
    return firmware.devices[agent] & 1U << (id ? id - 1 : 2);
}

static unsigned int set_device(const uint32_t *in, uint32_t *out, unsigned int agent)
{
    uint32_t bit = 1U << ((in[1] - 10) & 31);

    if (agent != TRUSTED && !firmware.everybody)
        return status(out, SCMI_DENIED);
    if (in[0] > NR_PAGES || in[1] < 10 || in[1] > 12)
        return status(out, SCMI_NOT_FOUND);
    if (agent == TRUSTED && !in[2])
        note('d');
    if (!in[2] && firmware.asserts_denied)
        assert_true(firmware.devices[in[0]] & bit);
    if (in[2])
        firmware.devices[in[0]] |= bit;
    else
        firmware.devices[in[0]] &= ~bit;
    return status(out, 0);
}

/* What the agent may change becomes as it was. */
static unsigned int reset_agent(const uint32_t *in, uint32_t *out, unsigned int agent)
{
    uint32_t id;

    if (agent != TRUSTED && !firmware.everybody)
        return status(out, SCMI_DENIED);
    for (id = 0; id < IDS; id++)
        if (may(in[0], id)) {
            firmware.clocks[in[0]] &= ~(1U << id);
            firmware.power &= ~(1U << id);
            firmware.asserted &= ~(1U << id);
        }
    note(in[1] ? 'R' : 'r');
    if (in[1]) {
        firmware.resets[in[0]]++;
        firmware.devices[in[0]] = firmware.reset_permits ? 7 : 0;
    }
    return status(out, 0);
}

static unsigned int discover(const uint32_t *in, uint32_t *out, unsigned int agent)
{
    uint32_t id = in[0] == 0xffffffffU ? agent : in[0];

    if (id > NR_PAGES)
        return status(out, SCMI_NOT_FOUND);
    note('i');
    memset(out, 0, 24);
    out[1] = id == 5 && firmware.odd_id ? firmware.odd_id : id;
    snprintf((char *)&out[2], 16, "agent\t%u", id);
    return 6;
}

static unsigned int list(const uint32_t *in, uint32_t *out)
{
    static const uint8_t protocols[] = { SCMI_POWER, OTHER_PROTOCOL, SCMI_CLOCK, SCMI_RESET };
    uint32_t n;

    /* Never more than three at a time. */
    out[0] = out[1] = out[2] = 0;
    for (n = in[0]; n < sizeof(protocols) && out[1] < 3; n++)
        out[2] |= (uint32_t)protocols[n] << 8 * out[1]++;
    return out[1] ? 3 : 2;
}

static unsigned int base(uint32_t message, const uint32_t *in, uint32_t *out, unsigned int agent)
{
    if (message < 32 && (firmware.missing & 1U << message))
        return status(out, SCMI_NOT_SUPPORTED);
    switch (message) {
    case 0x0:
        return word(out, 0x20000);
    case 0x1:
        return word(out, NR_PAGES << 8 | 4);
    case 0x2:
        if (in[0] < 32 && (firmware.missing & 1U << in[0]) && !firmware.says_it_has)
            return status(out, SCMI_NOT_FOUND);
        return word(out, 0);
    case 0x3:
    case 0x4:
        out[0] = 0;
        memcpy(out + 1, message == 3 ? "vendor\0\0\0\0\0\0\0\0\0" : "sub\0\0\0\0\0\0\0\0\0\0\0\0", 16);
        return 5;
    case 0x5:
        return word(out, 0x1234);
    case 0x6:
        return list(in, out);
    case 0x7:
        return discover(in, out, agent);
    case 0x9:
        return set_device(in, out, agent);
    case 0xb:
        return reset_agent(in, out, agent);
    default:
        return status(out, SCMI_NOT_SUPPORTED);
    }
}

static void set_bits(uint32_t *bits, uint32_t id, bool on)
{
    *bits = on ? *bits | 1U << id : *bits & ~(1U << id);
}

static unsigned int attributes(uint32_t protocol, uint32_t *out, uint32_t id, unsigned int agent)
{
    memset(out, 0, 28);
    out[1] = protocol == SCMI_CLOCK ? 0xf8000002U | (firmware.clocks[agent] >> id & 1) : 0xe0000000U;
    memcpy(out + (protocol == SCMI_RESET ? 3 : 2), "name", 5);
    return protocol == SCMI_POWER ? 6 : 7;
}

static unsigned int clock(uint32_t message, const uint32_t *in, uint32_t *out, unsigned int agent)
{
    switch (message) {
    case 0x4:
        memset(out, 0, 16);
        out[1] = 1;
        out[2] = 24000000;
        return 4;
    case 0x6:
        out[0] = out[2] = 0;
        out[1] = 24000000;
        return 3;
    case 0x7:
        set_bits(&firmware.clocks[agent], in[0], in[1] & 1);
        return status(out, 0);
    default:
        return status(out, message == 0x5 ? 0 : SCMI_NOT_SUPPORTED);
    }
}

/* Exactly as long as it has to be: firmware may well do away with the channel otherwise. */
static void check_length(uint32_t protocol, uint32_t message, unsigned int nr)
{
    if (protocol == SCMI_CLOCK)
        assert_int_equal(nr, message == 0x5 ? 4 : message == 0x4 ? 2
                         : message == 0x7 ? 2 + (firmware.clock_version >= 0x30000) : 1);
    else
        assert_int_equal(nr, message == 0x4 ? 3 : 1);
}

static unsigned int resource(uint32_t protocol, uint32_t message, const uint32_t *in, uint32_t *out,
                             unsigned int agent, unsigned int nr)
{
    bool second = message == (protocol == SCMI_CLOCK ? 0x5 : 0x4) && protocol != SCMI_RESET;
    uint32_t id = in[second];

    if (message == 0x0)
        return word(out, protocol == SCMI_CLOCK && firmware.clock_version ? firmware.clock_version : 0x20000);
    if (message == 0x1) {
        memset(out, 0, 20);
        out[1] = 0x5500 << 16 | IDS;
        return protocol == SCMI_POWER ? 5 : 2;
    }
    if (message == 0x2)
        return in[0] > 7 ? status(out, SCMI_NOT_FOUND) : word(out, 0);
    check_length(protocol, message, nr);
    assert_true(id < IDS);
    if (message == 0x3)
        return attributes(protocol, out, id, agent);
    if ((message == 0x4 && protocol != SCMI_CLOCK) || (protocol == SCMI_CLOCK && (message == 0x5 || message == 0x7)))
        if (!may(agent, id))
            return status(out, SCMI_DENIED);
    if (protocol == SCMI_CLOCK)
        return clock(message, in, out, agent);
    if (protocol == SCMI_POWER && message == 0x5)
        return word(out, firmware.power >> id & 1 ? 0 : 0x40000000);
    set_bits(protocol == SCMI_POWER ? &firmware.power : &firmware.asserted, id,
             protocol == SCMI_POWER ? !in[2] : in[1] & 2);
    return status(out, 0);
}

/* Returns the words of the answer. */
static unsigned int answer(uint32_t *page, unsigned int agent)
{
    uint32_t protocol = page[HEADER] >> 10 & 0xff, message = page[HEADER] & 0xff, in[24];
    unsigned int nr = page[LENGTH] / 4 - 1;

    memcpy(in, page + PAYLOAD, sizeof(in));
    if (protocol == SCMI_BASE)
        return base(message, in, page + PAYLOAD, agent);
    if (protocol != OTHER_PROTOCOL)
        return resource(protocol, message, in, page + PAYLOAD, agent, nr);
    page[PAYLOAD] = 0;
    memcpy(page + PAYLOAD + 1, in, nr * 4);
    return 1 + nr;
}

static bool is_faulty(const uint32_t *page)
{
    if (firmware.fault == FIRMWARE_OK ||
        (firmware.faulty_message != ~0U && firmware.faulty_message != (page[HEADER] & 0x3ffff)))
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

    /* With a tree that is wrong, the message is in another page. */
    if (page[STATUS])
        return 0;
    /* What comes is what Xen made, whatever it was made of. */
    assert_int_equal(page[FLAGS], 0);
    assert_int_equal(page[HEADER] & SCMI_HEADER_ZERO, 0);
    assert_true(page[LENGTH] >= 4 && page[LENGTH] <= 96 && page[LENGTH] % 4 == 0);
    if (firmware.on_message)
        return firmware.on_message(page, agent);
    if (faulty && firmware.fault == FIRMWARE_SMC_ERROR)
        return -1UL;
    if (faulty && firmware.fault == FIRMWARE_SILENT)
        return 0;
    if (firmware.busy || (faulty && firmware.fault >= FIRMWARE_DENIES)) {
        page[PAYLOAD] = (uint32_t)(firmware.busy || firmware.fault == FIRMWARE_BUSY ? SCMI_BUSY
                                   : firmware.fault == FIRMWARE_NOT_FOUND ? SCMI_NOT_FOUND : SCMI_DENIED);
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
    if (faulty && firmware.fault == FIRMWARE_HUGE)
        page[LENGTH] = 0x1000;
    return 0;
}

unsigned long firmware_smc(const uint64_t x[8])
{
    unsigned int agent = x[0] - FUNCTION_ID(0);
    unsigned long result;
    uint32_t *page;
    bool domains;

    if (world_lenient && (agent < 1 || agent > NR_PAGES))
        return -1UL;
    assert_in_range(agent, 1, NR_PAGES);
    page = world_page(agent);
    domains = (page[HEADER] >> 10 & 0xff) != SCMI_BASE;
    if (firmware.on_call) {
        firmware.on_call(agent, domains, true);
        result = serve(page, agent);
        firmware.on_call(agent, domains, false);
        return result;
    }
    memcpy(firmware.last, x, sizeof(firmware.last));
    memcpy(firmware.words, page + HEADER, sizeof(firmware.words));
    firmware.trusted_calls += agent == TRUSTED;
    firmware.calls += domains;
    if (domains && firmware.during_call)
        firmware.during_call();
    return serve(page, agent);
}
