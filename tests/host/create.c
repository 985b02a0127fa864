/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plays xl for tests/host: calls the plugin as libxl does while it creates a
 * domain. The finished tree, or the one it was given if the plugin made none,
 * goes to OUT. What the plugin says if it fails goes to stderr.
 */

#include <stdio.h>
#include <stdlib.h>

#include <libfdt.h>

#include "libxl-plugin/plugin.h"

static void *read_tree(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *tree = calloc(1, 65536);

    if (!file || !tree || !fread(tree, 1, 65536, file) ||
        fdt_check_full(tree, 65536)) {
        fprintf(stderr, "create: %s: no device tree\n", path);
        exit(2);
    }
    fclose(file);
    return tree;
}

int main(int argc, char **argv)
{
    char text[1024] = "";
    struct scmi_plugin_error error = { text, sizeof(text) };
    void *tree, *made = NULL;
    FILE *out;
    int rc;

    if (argc < 4) {
        fputs("usage: create DOMID GUEST.dtb OUT.dtb [DTDEV...]\n", stderr);
        return 2;
    }
    tree = read_tree(argv[2]);
    rc = scmi_plugin_domain_create((uint32_t)strtoul(argv[1], NULL, 10),
                                   (const char *const *)argv + 4,
                                   (size_t)argc - 4, tree, &made, &error);
    if (rc) {
        fprintf(stderr, "%s\n", text);
    } else {
        out = fopen(argv[3], "wb");
        if (!out || fwrite(made ? made : tree,
                           fdt_totalsize(made ? made : tree), 1, out) != 1 ||
            fclose(out))
            return 2;
    }
    free(made);
    free(tree);
    return rc ? 1 : 0;
}
