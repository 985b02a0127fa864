/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A partial device tree for xl's "device_tree", made of nodes of the host's.
 * What hangs on SCMI is left to the plugin, which adds it when a guest is
 * created; where that cannot be, there is an "arm,scmi-smc" node for it to
 * complete.
 */

#ifndef SCMI_MED_CTL_GUEST_DTB_PRIVATE_H
#define SCMI_MED_CTL_GUEST_DTB_PRIVATE_H

#include <stdio.h>

#include "lib/host/tree.h"

#define GUEST_MAX_DEVICES   64      /* as in a request */
#define GUEST_MAX_RANGES    256
#define GUEST_MAX_IRQS      256
#define GUEST_MAX_CLOCKS    256

/* A clock that is not SCMI's: it runs, and the guest is told how fast. */
struct guest_clock {
    uint32_t phandle;
    uint32_t frequency;         /* 0: not known */
};

struct guest_tree {
    const struct host_tree *host;
    FILE *warnings;             /* one a line */
    unsigned int nr_warnings;
    void *fdt;
    int error;                  /* libfdt's first */
    uint32_t last_phandle;
    struct guest_clock clocks[GUEST_MAX_CLOCKS];
    size_t nr_clocks;
    uint32_t protocols[256];    /* phandles of those in the node of our own */
    bool has_scmi;
    /* For xl.cfg. */
    struct { uint64_t frame, count; } ranges[GUEST_MAX_RANGES];
    size_t nr_ranges;
    uint32_t irqs[GUEST_MAX_IRQS];
    size_t nr_irqs;
    const char *dtdevs[GUEST_MAX_DEVICES];
    size_t nr_dtdevs;
};

/*
 * Makes the tree of devices, named by their full paths, which must stay. On
 * failure: negative errno, and why says which device is in the way.
 */
int guest_tree_make(const struct host_tree *host, char *const paths[],
                    size_t nr_paths, FILE *warnings, struct guest_tree *guest,
                    struct reason *why);
void guest_tree_done(struct guest_tree *guest);

/* The lines of xl.cfg that go with the tree in that file. */
void guest_tree_print_config(const struct guest_tree *guest, const char *file,
                             FILE *out);

/* ---- node.c ------------------------------------------------------------- */

/* Writes the content of a node that has been begun; of a device, all but "reg". */
void guest_put_node(struct guest_tree *guest, int node, bool is_device);

/* ---- irq.c -------------------------------------------------------------- */

/* "interrupts" of a node, for the guest's interrupt controller. */
void guest_put_irqs(struct guest_tree *guest, int node);

/* ---- clock.c ------------------------------------------------------------ */

/*
 * "clocks" of a node. by_plugin: the plugin adds those of SCMI if there are no
 * others.
 */
void guest_put_clocks(struct guest_tree *guest, int node, bool by_plugin);

/* The nodes that those refer to. */
void guest_put_clock_nodes(struct guest_tree *guest);

/* ---- writer.c ----------------------------------------------------------- */

/* Keeps the first error that libfdt returned. */
void guest_check(struct guest_tree *guest, int r);
void guest_put_cells(struct guest_tree *guest, const char *property,
                     const uint32_t *cells, size_t nr);
void guest_warn(struct guest_tree *guest, int node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
