/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks of a guest's device, see private.h. */

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/guest-dtb/private.h"
#include "lib/dt/refs.h"

#define MAX_ENTRIES 128

/* An entry of "clocks". */
struct entry {
    bool is_scmi;
    uint8_t protocol_id;        /* of an SCMI clock */
    uint32_t id;                /* of an SCMI clock */
    int provider;               /* node, or -1 for an empty entry */
};

/* The protocol id if node is a protocol of the host's SCMI nodes, else 0. */
static uint8_t protocol_of(const struct host_tree *host, int node)
{
    const struct dt_index *index = &host->index;
    uint32_t protocol_id;
    size_t i;

    for (i = 0; i < host->nr_instances; i++)
        if (index->nodes[node].parent == host->instances[i].node &&
            !host->instances[i].in_container &&
            dt_index_u32(index, node, "reg", &protocol_id) &&
            protocol_id <= 0xff)
            return (uint8_t)protocol_id;
    return 0;
}

/* Returns the number of entries, or -1 if they cannot be read. */
static int read_entries(const struct guest_tree *guest, int node,
                        struct entry *entries)
{
    const struct dt_index *index = &guest->host->index;
    struct dt_refs refs;
    struct dt_ref ref;
    int r, nr = 0;

    dt_refs_start(dt_index_prop(index, node, "clocks"), &refs);
    while ((r = dt_refs_next(index, &refs, DT_CELLS_CLOCK, &ref)) > 0) {
        struct entry *entry = &entries[nr];

        if (nr++ == MAX_ENTRIES)
            return -1;
        *entry = (struct entry){ .provider = ref.node };
        if (ref.node < 0)
            continue;
        entry->protocol_id = protocol_of(guest->host, ref.node);
        entry->is_scmi = entry->protocol_id && ref.nr_args;
        if (entry->is_scmi)
            entry->id = dt_cell(ref.args);
    }
    return r < 0 ? -1 : nr;
}

/* Returns the phandle of a new fixed clock in place of the host's clock. */
static uint32_t fixed_clock(struct guest_tree *guest, int node, int position,
                            int provider)
{
    const struct dt_index *index = &guest->host->index;
    struct guest_clock *clock = &guest->clocks[guest->nr_clocks];

    if (guest->nr_clocks == GUEST_MAX_CLOCKS) {
        guest_check(guest, -FDT_ERR_NOSPACE);
        return 0;
    }
    guest->nr_clocks++;
    *clock = (struct guest_clock){ .phandle = ++guest->last_phandle };
    if (!dt_index_has_string(index, provider, "compatible", "fixed-clock") ||
        !dt_index_u32(index, provider, "clock-frequency", &clock->frequency))
        guest_warn(guest, node, "clock %d is of %s, with unknown rate: set "
                   "clock-frequency in the node clock-%u, and make sure that "
                   "Dom0 leaves the clock on",
                   position, index->nodes[provider].name, clock->phandle);
    return clock->phandle;
}

static uint32_t scmi_protocol(struct guest_tree *guest, uint8_t protocol_id)
{
    guest->has_scmi = true;
    if (!guest->protocols[protocol_id])
        guest->protocols[protocol_id] = ++guest->last_phandle;
    return guest->protocols[protocol_id];
}

void guest_put_clocks(struct guest_tree *guest, int node, bool by_plugin)
{
    const struct dt_index *index = &guest->host->index;
    const struct dt_prop *names = dt_index_prop(index, node, "clock-names");
    struct entry entries[MAX_ENTRIES];
    uint32_t cells[2 * MAX_ENTRIES];
    int i, nr = read_entries(guest, node, entries), nr_scmi = 0;
    size_t nr_cells = 0;

    if (nr < 0) {
        guest_warn(guest, node, "its clocks are malformed, and left out");
        return;
    }
    for (i = 0; i < nr; i++)
        nr_scmi += entries[i].is_scmi;
    if (!nr || (by_plugin && nr_scmi == nr))
        return;
    for (i = 0; i < nr; i++) {
        if (entries[i].is_scmi) {
            cells[nr_cells++] = scmi_protocol(guest, entries[i].protocol_id);
            cells[nr_cells++] = entries[i].id;
        } else {
            cells[nr_cells++] = entries[i].provider < 0 ? 0 :
                                fixed_clock(guest, node, i,
                                            entries[i].provider);
        }
    }
    guest_put_cells(guest, "clocks", cells, nr_cells);
    if (names)
        guest_check(guest, fdt_property(guest->fdt, names->name,
                                        names->value, (int)names->len));
}

static void put_scmi(struct guest_tree *guest)
{
    char name[32];
    uint32_t id;

    guest_check(guest, fdt_begin_node(guest->fdt, "scmi"));
    guest_check(guest, fdt_property_string(guest->fdt, "compatible",
                                           "arm,scmi-smc"));
    guest_put_cells(guest, "#address-cells", (uint32_t []){ 1 }, 1);
    guest_put_cells(guest, "#size-cells", (uint32_t []){ 0 }, 1);
    for (id = 0; id < 256; id++) {
        if (!guest->protocols[id])
            continue;
        snprintf(name, sizeof(name), "protocol@%x", id);
        guest_check(guest, fdt_begin_node(guest->fdt, name));
        guest_put_cells(guest, "reg", &id, 1);
        guest_put_cells(guest, "#clock-cells", (uint32_t []){ 1 }, 1);
        guest_put_cells(guest, "phandle", &guest->protocols[id], 1);
        guest_check(guest, fdt_end_node(guest->fdt));
    }
    guest_check(guest, fdt_end_node(guest->fdt));
}

void guest_put_clock_nodes(struct guest_tree *guest)
{
    char name[32];
    size_t i;

    for (i = 0; i < guest->nr_clocks; i++) {
        const struct guest_clock *clock = &guest->clocks[i];

        snprintf(name, sizeof(name), "clock-%u", clock->phandle);
        guest_check(guest, fdt_begin_node(guest->fdt, name));
        guest_check(guest, fdt_property_string(guest->fdt, "compatible",
                                               "fixed-clock"));
        guest_put_cells(guest, "#clock-cells", (uint32_t []){ 0 }, 1);
        guest_put_cells(guest, "clock-frequency", &clock->frequency, 1);
        guest_put_cells(guest, "phandle", &clock->phandle, 1);
        guest_check(guest, fdt_end_node(guest->fdt));
    }
    if (guest->has_scmi)
        put_scmi(guest);
}
