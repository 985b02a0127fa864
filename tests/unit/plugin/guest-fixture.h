/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests' device trees, as libxl hands them to the plugin: what libxl makes
 * itself, and /passthrough from the user's partial tree. A test program
 * includes it once.
 */

#ifndef SCMI_MED_TESTS_UNIT_PLUGIN_GUEST_FIXTURE_H
#define SCMI_MED_TESTS_UNIT_PLUGIN_GUEST_FIXTURE_H

#include <stdint.h>
#include <stdlib.h>

#include <libfdt.h>

#define FIXTURE_SIZE 65536

/* Phandle of the interrupt controller that libxl makes. */
#define FIXTURE_GIC 65000

/* How a tree differs from the default. */
struct fixture {
    uint32_t root_cells;                    /* 0: 2, as libxl */
    void (*add_to_passthrough)(void *fdt);  /* NULL: no /passthrough */
    void (*add_to_root)(void *fdt);
};

static inline void fixture_begin(void *fdt, const char *name)
{
    assert_int_equal(fdt_begin_node(fdt, name), 0);
}

static inline void fixture_end(void *fdt)
{
    assert_int_equal(fdt_end_node(fdt), 0);
}

static inline void fixture_cell(void *fdt, const char *name, uint32_t value)
{
    assert_int_equal(fdt_property_u32(fdt, name, value), 0);
}

static inline void fixture_cells(void *fdt, const char *name, size_t count,
                                 const uint32_t *values)
{
    fdt32_t cells[64];
    size_t i;

    for (i = 0; i < count; i++)
        cells[i] = cpu_to_fdt32(values[i]);
    assert_int_equal(fdt_property(fdt, name, cells,
                                  (int)(count * sizeof(cells[0]))), 0);
}

#define FIXTURE_CELLS(fdt, name, ...)                                       \
    fixture_cells(fdt, name,                                                \
                  sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4,            \
                  (const uint32_t[]){ __VA_ARGS__ })

static inline void fixture_string(void *fdt, const char *name,
                                  const char *value)
{
    assert_int_equal(fdt_property_string(fdt, name, value), 0);
}

/* Begins a device of /passthrough; the caller ends it. */
static inline void fixture_device(void *fdt, const char *name,
                                  const char *host_path)
{
    fixture_begin(fdt, name);
    fixture_string(fdt, "compatible", "arm,pl031");
    FIXTURE_CELLS(fdt, "reg", 0, 0x9010000, 0, 0x1000);
    fixture_string(fdt, "xen,path", host_path);
}

/* The tree, to be freed. */
static inline void *fixture_tree(const struct fixture *fixture)
{
    void *fdt = malloc(FIXTURE_SIZE);
    uint32_t cells = fixture->root_cells ? fixture->root_cells : 2;

    assert_non_null(fdt);
    assert_int_equal(fdt_create(fdt, FIXTURE_SIZE), 0);
    assert_int_equal(fdt_finish_reservemap(fdt), 0);
    fixture_begin(fdt, "");
    fixture_cell(fdt, "interrupt-parent", FIXTURE_GIC);
    fixture_cell(fdt, "#address-cells", cells);
    fixture_cell(fdt, "#size-cells", cells);
    fixture_begin(fdt, "memory@40000000");
    fixture_string(fdt, "device_type", "memory");
    fixture_end(fdt);
    fixture_begin(fdt, "interrupt-controller@3001000");
    fixture_cell(fdt, "phandle", FIXTURE_GIC);
    fixture_end(fdt);
    if (fixture->add_to_root)
        fixture->add_to_root(fdt);
    if (fixture->add_to_passthrough) {
        fixture_begin(fdt, "passthrough");
        fixture_string(fdt, "compatible", "simple-bus");
        assert_int_equal(fdt_property(fdt, "ranges", NULL, 0), 0);
        fixture_cell(fdt, "#address-cells", 2);
        fixture_cell(fdt, "#size-cells", 2);
        fixture->add_to_passthrough(fdt);
        fixture_end(fdt);
    }
    fixture_end(fdt);
    assert_int_equal(fdt_finish(fdt), 0);
    assert_int_equal(fdt_check_full(fdt, FIXTURE_SIZE), 0);
    return fdt;
}

/* The node with this path; fails the test if there is none. */
static inline int fixture_node(const void *fdt, const char *path)
{
    int node = fdt_path_offset(fdt, path);

    if (node < 0)
        fail_msg("no node %s: %s", path, fdt_strerror(node));
    return node;
}

static inline void fixture_assert_cells(const void *fdt, const char *path,
                                        const char *name, size_t count,
                                        const uint32_t *values)
{
    const fdt32_t *cells;
    size_t i;
    int len;

    cells = fdt_getprop(fdt, fixture_node(fdt, path), name, &len);
    if (!cells)
        fail_msg("%s has no %s", path, name);
    assert_int_equal(len, count * sizeof(*cells));
    for (i = 0; i < count; i++)
        assert_int_equal(fdt32_ld(cells + i), values[i]);
}

#define ASSERT_CELLS(fdt, path, name, ...)                                  \
    fixture_assert_cells(fdt, path, name,                                   \
                         sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4,     \
                         (const uint32_t[]){ __VA_ARGS__ })

static inline void fixture_assert_bytes(const void *fdt, const char *path,
                                        const char *name, const void *value,
                                        size_t len)
{
    const void *data;
    int got;

    data = fdt_getprop(fdt, fixture_node(fdt, path), name, &got);
    if (!data)
        fail_msg("%s has no %s", path, name);
    assert_int_equal(got, len);
    assert_memory_equal(data, value, len);
}

/* A string, or several with "\0" between them. */
#define ASSERT_STRING(fdt, path, name, value)                               \
    fixture_assert_bytes(fdt, path, name, value, sizeof(value))

static inline void fixture_assert_none(const void *fdt, const char *path,
                                       const char *name)
{
    assert_null(fdt_getprop(fdt, fixture_node(fdt, path), name, NULL));
}

static inline uint32_t fixture_phandle(const void *fdt, const char *path)
{
    return fdt_get_phandle(fdt, fixture_node(fdt, path));
}

#endif /* SCMI_MED_TESTS_UNIT_PLUGIN_GUEST_FIXTURE_H */
