/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of "guest-dtb". The partial device tree has copies of the host's
 * nodes. The plugin adds references to SCMI when a guest is created. A device
 * that also has other clocks refers to an "arm,scmi-smc" node in the partial
 * tree, which the plugin completes.
 */

#ifndef SCMI_MED_CTL_GUEST_DTB_PRIVATE_H
#define SCMI_MED_CTL_GUEST_DTB_PRIVATE_H

#include <stdio.h>

#include "lib/host/tree.h"

#define GUEST_MAX_DEVICES   64      /* as in a request */
#define GUEST_MAX_RANGES    256
#define GUEST_MAX_IRQS      256
#define GUEST_MAX_CLOCKS    256

/* A fixed clock in place of a clock of the host that is not SCMI's. */
struct guest_clock {
    uint32_t phandle;
    uint32_t frequency;         /* 0: unknown */
};

struct guest_tree {
    const struct host_tree *host;
    FILE *warnings;             /* a line each */
    unsigned int nr_warnings;
    void *fdt;
    int error;                  /* libfdt's first, or 0 */
    uint32_t last_phandle;
    struct guest_clock clocks[GUEST_MAX_CLOCKS];
    size_t nr_clocks;
    uint32_t protocols[256];    /* phandles in our SCMI node; 0: not there */
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
 * Makes the tree. paths, the full paths of the devices, must outlive it. On
 * failure: negative errno, and why names the device.
 */
int guest_tree_make(const struct host_tree *host, char *const paths[],
                    size_t nr_paths, FILE *warnings, struct guest_tree *guest,
                    struct reason *why);
void guest_tree_done(struct guest_tree *guest);

/* Prints the lines of xl.cfg for the tree, which is in that file. */
void guest_tree_print_config(const struct guest_tree *guest, const char *file,
                             FILE *out);

/* ---- node.c ------------------------------------------------------------- */

/* Writes the content of a node, without "reg" if it is a device. */
void guest_put_node(struct guest_tree *guest, int node, bool is_device);

/* ---- irq.c -------------------------------------------------------------- */

/* Writes "interrupts" of a node for the guest's interrupt controller. */
void guest_put_irqs(struct guest_tree *guest, int node);

/* ---- clock.c ------------------------------------------------------------ */

/*
 * Writes "clocks" of a node. by_plugin leaves them to the plugin if all of them
 * are of SCMI.
 */
void guest_put_clocks(struct guest_tree *guest, int node, bool by_plugin);

/* Writes the nodes that "clocks" refer to. */
void guest_put_clock_nodes(struct guest_tree *guest);

/* ---- writer.c ----------------------------------------------------------- */

/* Keeps the first error that libfdt returned. */
void guest_check(struct guest_tree *guest, int r);
void guest_put_cells(struct guest_tree *guest, const char *property,
                     const uint32_t *cells, size_t nr);
void guest_warn(struct guest_tree *guest, int node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
