/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: resolve TREE...
 * What reading a host's device tree, and resolving one of its devices, costs:
 * for each tree, and for one ten times as large that is made of it. Reading is
 * done once by the daemon, resolving for each domain.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "daemon/resolver.h"
#include "lib/host-tree.h"

#define COPIES      10
#define READS       21
#define RESOLVES    200000

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static void die(const char *path, const char *why)
{
    fprintf(stderr, "resolve: %s: %s\n", path, why);
    exit(1);
}

static void put(unsigned char *bytes, uint32_t value)
{
    bytes[0] = (unsigned char)(value >> 24);
    bytes[1] = (unsigned char)(value >> 16);
    bytes[2] = (unsigned char)(value >> 8);
    bytes[3] = (unsigned char)value;
}

/*
 * A tree with all that this one has, once as it is and then in nodes of their
 * own. What the copies refer to is the original, whose phandles come first.
 */
static unsigned char *grow(const unsigned char *blob, size_t *size)
{
    uint32_t structure = fdt_cell(blob + 8), strings = fdt_cell(blob + 12);
    uint32_t nr_strings = fdt_cell(blob + 32), nr = fdt_cell(blob + 36);
    /* Without the root's start (two cells) and its and the tree's end. */
    uint32_t inside = nr - 16, n, at = 56;
    unsigned char *large = calloc(1, 128 + (size_t)COPIES * (nr + 32) +
                                  nr_strings);

    memcpy(large, blob, 40);
    put(large + 8, at);
    put(large + 16, 40);
    memcpy(large + at, blob + structure, inside + 8);
    at += inside + 8;
    for (n = 1; n < COPIES; n++) {
        put(large + at, 1);
        snprintf((char *)large + at + 4, 8, "copy-%u", n);
        memcpy(large + at + 12, blob + structure + 8, inside);
        put(large + at + 12 + inside, 2);
        at += inside + 16;
    }
    put(large + at, 2);
    put(large + at + 4, 9);
    at += 8;
    put(large + 36, at - 56);
    put(large + 12, at);
    memcpy(large + at, blob + strings, nr_strings);
    put(large + 4, at + nr_strings);
    *size = at + nr_strings;
    return large;
}

static void read_tree(const char *name, const unsigned char *blob, size_t size,
                      struct host_tree *tree)
{
    double seconds[READS], start;
    struct reason why;
    int i;

    for (i = 0; i < READS; i++) {
        if (i)
            host_tree_done(tree);
        start = now();
        if (host_tree_parse(blob, size, tree, &why))
            die(name, why.text);
        seconds[i] = now() - start;
    }
    qsort(seconds, READS, sizeof(*seconds), compare);
    printf("read     %7zu bytes, %6d nodes, %5zu devices: %8.3f ms "
           "(best %.3f)  %s\n", size, tree->index.nr_nodes, tree->nr_devices,
           seconds[READS / 2] * 1e3, seconds[0] * 1e3, name);
}

/* Devices of all parts of the tree. */
static void resolve(const char *name, const struct host_tree *tree)
{
    struct request request = { .domid = 1, .nr_paths = 1 };
    size_t i, granted = 0, nr = tree->nr_devices ? tree->nr_devices : 1;
    double start = now();
    char *path, last[HOST_PATH_SIZE];
    struct reason why;
    struct plan plan;

    /* Of a tree without SCMI, a device that is as far down as can be. */
    if (fdt_index_get_path(&tree->index, tree->index.nr_nodes - 1, last,
                           sizeof(last)))
        die(name, "its last node has too long a path");
    request.paths = &path;
    for (i = 0; i < RESOLVES; i++) {
        path = tree->nr_devices ? tree->devices[i * 7919 % nr].path
                                : last;
        if (resolver_resolve(tree, &request, &plan, &why))
            continue;
        granted++;
        plan_done(&plan);
    }
    printf("resolve  %7d times, %6zu of them granted: %8.3f us each      %s\n",
           RESOLVES, granted, (now() - start) / RESOLVES * 1e6, name);
}

static void measure(const char *name, const unsigned char *blob, size_t size)
{
    struct host_tree tree;

    read_tree(name, blob, size, &tree);
    resolve(name, &tree);
    host_tree_done(&tree);
}

int main(int argc, char **argv)
{
    static unsigned char blob[HOST_TREE_MAX_SIZE];
    struct rusage usage;
    int i;

    for (i = 1; i < argc; i++) {
        const char *slash = strrchr(argv[i], '/');
        const char *name = slash ? slash + 1 : argv[i];
        FILE *f = fopen(argv[i], "rb");
        unsigned char *large;
        char label[300];
        size_t size;

        if (!f)
            die(argv[i], "cannot be read");
        size = fread(blob, 1, sizeof(blob), f);
        fclose(f);
        if (!fdt_blob_size(blob, size))
            die(argv[i], "is no device tree");
        measure(name, blob, fdt_blob_size(blob, size));
        large = grow(blob, &size);
        snprintf(label, sizeof(label), "%.200s, %d times", name, COPIES);
        measure(label, large, size);
        free(large);
    }
    getrusage(RUSAGE_SELF, &usage);
    printf("at most  %ld KiB resident\n", usage.ru_maxrss);
    return 0;
}
