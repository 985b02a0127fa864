/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses through nested buses, see address.h. */

#include "lib/dt/address.h"

#include <errno.h>

/* "#address-cells" and "#size-cells" of a bus. */
struct cells {
    uint32_t address, size;
};

/* Returns false unless addresses have one or two cells; PCI's have three. */
static bool read_cells(const struct dt_index *index, int node,
                       struct cells *ret_cells)
{
    struct cells cells = { 2, 1 };

    dt_index_u32(index, node, "#address-cells", &cells.address);
    dt_index_u32(index, node, "#size-cells", &cells.size);
    *ret_cells = cells;
    return cells.address >= 1 && cells.address <= 2 && cells.size <= 2;
}

static uint64_t read_value(const unsigned char *bytes, uint32_t cells)
{
    uint64_t value = 0;

    for (; cells; cells--, bytes += 4)
        value = value << 32 | dt_cell(bytes);
    return value;
}

/* Translates an address to the parent bus, by "ranges". */
static int translate(const struct dt_index *index, int bus,
                     const struct cells *cells, const struct cells *above,
                     uint64_t *address)
{
    const struct dt_prop *ranges = dt_index_prop(index, bus, "ranges");
    uint32_t entry = 4 * (cells->address + above->address + cells->size), at;

    if (!ranges)
        return -ENXIO;
    if (!ranges->len)
        return 0;
    if (ranges->len % entry)
        return -EBADMSG;
    for (at = 0; at < ranges->len; at += entry) {
        const unsigned char *bytes = ranges->value + at;
        uint64_t from = read_value(bytes, cells->address);
        uint64_t to = read_value(bytes + 4 * cells->address, above->address);
        uint64_t size = read_value(bytes + 4 * (cells->address +
                                                above->address), cells->size);

        if (*address >= from && *address - from < size) {
            *address = to + (*address - from);
            return 0;
        }
    }
    return -ENXIO;
}

int dt_address(const struct dt_index *index, int node, uint32_t n,
               uint64_t *ret_address, uint64_t *ret_size)
{
    const struct dt_prop *reg = dt_index_prop(index, node, "reg");
    int bus = index->nodes[node].parent, rc = 0;
    struct cells cells, above;
    uint64_t address, size;
    uint32_t entry;

    if (!reg || bus < 0)
        return -ENOENT;
    if (!read_cells(index, bus, &cells))
        return -ENXIO;
    entry = 4 * (cells.address + cells.size);
    if (!reg->len || reg->len % entry)
        return -EBADMSG;
    if (n >= reg->len / entry)
        return -ENOENT;
    address = read_value(reg->value + n * entry, cells.address);
    size = read_value(reg->value + n * entry + 4 * cells.address, cells.size);

    for (; !rc && bus > 0; bus = index->nodes[bus].parent) {
        if (!read_cells(index, index->nodes[bus].parent, &above))
            return -ENXIO;
        rc = translate(index, bus, &cells, &above, &address);
        cells = above;
    }
    if (!rc) {
        *ret_address = address;
        *ret_size = size;
    }
    return rc;
}
