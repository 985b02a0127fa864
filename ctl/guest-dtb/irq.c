/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupts of a guest's device, see private.h. */

#include <libfdt.h>
#include <string.h>

#include "ctl/guest-dtb/private.h"
#include "lib/dt/index.h"

/* Limit for a node. */
#define MAX_IRQS 64

/* Binding of the GIC: shared peripheral interrupts are numbered from 32. */
#define GIC_SPI         0
#define GIC_FIRST_SPI   32

static const char *const gics[] = {
    "arm,gic-v3", "arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a9-gic",
    "arm,cortex-a7-gic",
};

static bool is_gic(const struct dt_index *index, int node)
{
    size_t i;

    for (i = 0; node >= 0 && i < sizeof(gics) / sizeof(gics[0]); i++)
        if (dt_index_has_string(index, node, "compatible", gics[i]))
            return true;
    return false;
}

/* The interrupt parent of a node, or a negative number. */
static int parent_of(const struct dt_index *index, int node)
{
    uint32_t phandle;

    for (; node >= 0; node = index->nodes[node].parent)
        if (dt_index_u32(index, node, "interrupt-parent", &phandle))
            return dt_index_find(index, phandle);
    return -1;
}

static void add_irq(struct guest_tree *guest, uint32_t irq)
{
    size_t i;

    for (i = 0; i < guest->nr_irqs; i++)
        if (guest->irqs[i] == irq)
            return;
    if (guest->nr_irqs == GUEST_MAX_IRQS)
        guest_check(guest, -FDT_ERR_NOSPACE);
    else
        guest->irqs[guest->nr_irqs++] = irq;
}

/* Appends an interrupt of three cells. Returns false unless it is an SPI. */
static bool append(struct guest_tree *guest, const struct dt_prop *prop,
                   uint32_t at, uint32_t *cells, size_t *nr)
{
    uint32_t kind = dt_cell(prop->value + at);

    if (kind != GIC_SPI || *nr == MAX_IRQS)
        return false;
    cells[3 * *nr] = kind;
    cells[3 * *nr + 1] = dt_cell(prop->value + at + 4);
    cells[3 * *nr + 2] = dt_cell(prop->value + at + 8);
    add_irq(guest, cells[3 * *nr + 1] + GIC_FIRST_SPI);
    ++*nr;
    return true;
}

/* "interrupts": all of the interrupt parent. */
static bool read_plain(struct guest_tree *guest, int node,
                       const struct dt_prop *prop, uint32_t *cells,
                       size_t *nr)
{
    const struct dt_index *index = &guest->host->index;
    int controller = parent_of(index, node);
    uint32_t nr_cells, at;

    if (!is_gic(index, controller) ||
        !dt_index_u32(index, controller, "#interrupt-cells", &nr_cells) ||
        nr_cells < 3 || nr_cells > 4 || prop->len % (4 * nr_cells))
        return false;
    for (at = 0; at < prop->len; at += 4 * nr_cells)
        if (!append(guest, prop, at, cells, nr))
            return false;
    return true;
}

/* "interrupts-extended": each entry has its own controller. */
static bool read_extended(struct guest_tree *guest,
                          const struct dt_prop *prop, uint32_t *cells,
                          size_t *nr)
{
    const struct dt_index *index = &guest->host->index;
    uint32_t nr_cells, at;

    for (at = 0; at < prop->len; at += 4 + 4 * nr_cells) {
        int controller = prop->len - at < 4 ? -1 :
                         dt_index_find(index, dt_cell(prop->value + at));

        if (!is_gic(index, controller) ||
            !dt_index_u32(index, controller, "#interrupt-cells", &nr_cells) ||
            nr_cells < 3 || nr_cells > 4 ||
            prop->len - at < 4 + 4 * nr_cells ||
            !append(guest, prop, at + 4, cells, nr))
            return false;
    }
    return true;
}

/* Whether Xen keeps the node from Dom0. */
static bool is_reserved(const struct dt_index *index, int node)
{
    if (index->nodes[node].disabled)
        return true;
    for (; node >= 0; node = index->nodes[node].parent)
        if (dt_index_prop(index, node, "xen,passthrough"))
            return true;
    return false;
}

void guest_put_irqs(struct guest_tree *guest, int node)
{
    const struct dt_index *index = &guest->host->index;
    const struct dt_prop *names, *prop, *extended;
    uint32_t cells[3 * MAX_IRQS];
    size_t nr = 0;
    bool ok;

    prop = dt_index_prop(index, node, "interrupts");
    extended = dt_index_prop(index, node, "interrupts-extended");
    names = dt_index_prop(index, node, "interrupt-names");
    if (!prop && !extended)
        return;
    ok = extended ? read_extended(guest, extended, cells, &nr)
                  : read_plain(guest, node, prop, cells, &nr);
    if (!ok)
        guest_warn(guest, node, "not all of its interrupts are shared "
                   "ones of the GIC: the guest gets only the first %zu",
                   nr);
    if (!nr)
        return;
    if (!is_reserved(index, node))
        guest_warn(guest, node, "Dom0 has it, and its interrupts, when the "
                   "host boots: \"irqs\" will be refused unless it has "
                   "xen,passthrough in the host tree");
    guest_put_cells(guest, "interrupts", cells, 3 * nr);
    if (names)
        guest_check(guest, fdt_property(guest->fdt, names->name,
                                        names->value, (int)names->len));
}
