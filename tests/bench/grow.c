/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: grow IN.dtb COPIES OUT.dtb
 * A device tree with all that this one has, COPIES times, and with every device
 * that has an interrupt put on SCMI: a device id and a clock, four devices to a
 * clock, set aside for guests. No board has a tree like that; it is for
 * measuring.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#define SHARERS 4
/* Of this many devices every third group stays with Dom0. */
#define KEPT    96

static void die(const char *what, int rc)
{
    fprintf(stderr, "grow: %s: %s\n", what, fdt_strerror(rc));
    exit(1);
}

static int must(int rc)
{
    if (rc < 0)
        die("cannot make the tree", rc);
    return rc;
}

static void put(char *bytes, uint32_t value)
{
    value = cpu_to_fdt32(value);
    memcpy(bytes, &value, sizeof(value));
}

/*
 * The copies are nodes of their own below the root. What they refer to is the
 * original, whose phandles come first.
 */
static char *copy(const char *fdt, unsigned int copies)
{
    uint32_t nr = fdt_size_dt_struct(fdt), nr_strings = fdt_size_dt_strings(fdt);
    const char *nodes = fdt + fdt_off_dt_struct(fdt);
    /* Without the root's start (two cells) and its and the tree's end. */
    uint32_t inside = nr - 16, n, at = 56;
    char *large = calloc(1, 128 + (size_t)copies * (nr + 32) + nr_strings);

    if (!large)
        die("too large", -FDT_ERR_NOSPACE);
    memcpy(large, fdt, 40);
    put(large + 8, at);
    put(large + 16, 40);
    memcpy(large + at, nodes, inside + 8);
    at += inside + 8;
    for (n = 1; n < copies; n++) {
        put(large + at, FDT_BEGIN_NODE);
        snprintf(large + at + 4, 8, "copy-%u", n % 100);
        memcpy(large + at + 12, nodes + 8, inside);
        put(large + at + 12 + inside, FDT_END_NODE);
        at += inside + 16;
    }
    put(large + at, FDT_END_NODE);
    put(large + at + 4, FDT_END);
    at += 8;
    put(large + 36, at - 56);
    put(large + 12, at);
    memcpy(large + at, fdt + fdt_off_dt_strings(fdt), nr_strings);
    put(large + 4, at + nr_strings);
    return large;
}

/* A node with this compatible that can be referred to. */
static int add(void *fdt, int parent, const char *name, const char *compatible,
               const char *cells, uint32_t phandle)
{
    int node = must(fdt_add_subnode(fdt, parent, name));

    if (compatible)
        must(fdt_setprop_string(fdt, node, "compatible", compatible));
    if (cells) {
        must(fdt_setprop_u32(fdt, node, cells, 1));
        must(fdt_setprop_u32(fdt, node, "phandle", phandle));
    }
    return node;
}

static void add_scmi(void *fdt, uint32_t clocks, uint32_t trusted)
{
    int node;

    /* Later nodes first: adding one moves what is behind it. */
    node = add(fdt, 0, "bench-sci", "xen,sci", NULL, 0);
    add(fdt, node, "scmi", "arm,scmi-smc", "#access-controller-cells", trusted);
    node = add(fdt, 0, "bench-scmi", "arm,scmi-smc", NULL, 0);
    node = add(fdt, node, "protocol@14", NULL, "#clock-cells", clocks);
    must(fdt_setprop_u32(fdt, node, "reg", 0x14));
}

static unsigned int add_devices(void *fdt, uint32_t clocks, uint32_t trusted)
{
    unsigned int nr = 0;
    fdt32_t cells[2];
    int node;

    for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
        if ((!fdt_getprop(fdt, node, "interrupts", NULL) &&
             !fdt_getprop(fdt, node, "interrupts-extended", NULL)) ||
            !fdt_getprop(fdt, node, "compatible", NULL))
            continue;
        cells[0] = cpu_to_fdt32(clocks);
        cells[1] = cpu_to_fdt32(nr / SHARERS);
        must(fdt_setprop(fdt, node, "clocks", cells, sizeof(cells)));
        cells[0] = cpu_to_fdt32(trusted);
        cells[1] = cpu_to_fdt32(nr);
        must(fdt_setprop(fdt, node, "access-controllers", cells, sizeof(cells)));
        if (nr >= KEPT || nr / SHARERS % 3 != 2)
            must(fdt_setprop_empty(fdt, node, "xen,passthrough"));
        nr++;
    }
    return nr;
}

int main(int argc, char **argv)
{
    static char in[2 * 1024 * 1024];
    uint32_t phandle;
    size_t size, room;
    char *large, *fdt;
    FILE *f;

    f = argc == 4 ? fopen(argv[1], "rb") : NULL;
    size = f ? fread(in, 1, sizeof(in), f) : 0;
    if (!f || fdt_check_full(in, size))
        die(argc > 1 ? argv[1] : "usage", -FDT_ERR_BADSTRUCTURE);
    fclose(f);
    large = copy(in, (unsigned int)atoi(argv[2]));
    room = fdt_totalsize(large) * 2 + 65536;
    fdt = malloc(room);
    if (!fdt)
        die("too large", -FDT_ERR_NOSPACE);
    must(fdt_open_into(large, fdt, (int)room));
    must(fdt_find_max_phandle(fdt, &phandle));
    add_scmi(fdt, phandle + 1, phandle + 2);
    printf("%u devices\n", add_devices(fdt, phandle + 1, phandle + 2));
    must(fdt_pack(fdt));
    f = fopen(argv[3], "wb");
    if (!f || fwrite(fdt, 1, fdt_totalsize(fdt), f) != fdt_totalsize(fdt) ||
        fclose(f)) {
        perror(argv[3]);
        return 1;
    }
    free(large);
    free(fdt);
    return 0;
}
