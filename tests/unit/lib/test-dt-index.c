/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The index of a device tree has the same nodes and properties as libfdt finds,
 * and malformed trees are refused.
 */

#include "lib/dt/address.h"
#include "tests/unit/tree-fixture.h"

static struct dt_index sut;

static int build(const void *blob, size_t size)
{
    int rc;

    dt_index_done(&sut);
    rc = dt_index_build(blob, size, &sut, &why);
    if (rc)
        assert_non_null(strstr(why.text, "valid flattened device tree"));
    return rc;
}

static int teardown(void **state)
{
    dt_index_done(&sut);
    return drop_tree(state);
}

static void same_node(int offset, int n)
{
    char path[HOST_PATH_SIZE], other[HOST_PATH_SIZE];
    int prop, len, nr = 0;

    assert_string_equal(sut.nodes[n].name, fdt_get_name(fdt, offset, NULL));
    assert_int_equal(sut.nodes[n].phandle, fdt_get_phandle(fdt, offset));
    assert_int_equal(fdt_get_path(fdt, offset, path, sizeof(path)), 0);
    assert_int_equal(dt_index_get_path(&sut, n, other, sizeof(other)), 0);
    assert_string_equal(path, other);
    assert_int_equal(dt_index_path(&sut, path), n);
    fdt_for_each_property_offset(prop, fdt, offset) {
        const struct dt_prop *mine = &sut.props[sut.nodes[n].first_prop + nr];
        const char *name;
        const void *value = fdt_getprop_by_offset(fdt, prop, &name, &len);

        assert_string_equal(mine->name, name);
        assert_int_equal(mine->len, len);
        assert_memory_equal(mine->value, value, (size_t)len);
        assert_ptr_equal(dt_index_prop(&sut, n, name), mine);
        nr++;
    }
    assert_int_equal(sut.nodes[n].nr_props, nr);
}

static void test_same_as_libfdt(void **state)
{
    int offset = -1, n = 0, depth = 0;

    (void)state;
    assert_int_equal(build(fdt, ROOM), 0);
    while ((offset = fdt_next_node(fdt, offset, &depth)) >= 0 && depth >= 0)
        same_node(offset, n++);
    assert_int_equal(sut.nr_nodes, n);
    assert_true(n > 50);
}

static void test_lookups(void **state)
{
    uint32_t value;
    int serial;

    (void)state;
    assert_int_equal(build(fdt, ROOM), 0);
    serial = dt_index_path(&sut, "/soc/bus@10000000/serial@1000");
    assert_true(serial > 0);
    assert_int_equal(dt_index_path(&sut, "//soc/bus/serial/"), serial);
    assert_int_equal(dt_index_path(&sut, "/soc/bus/seria"), -ENOENT);
    assert_int_equal(dt_index_path(&sut, "/soc/bus@1/serial"), -ENOENT);
    assert_int_equal(dt_index_path(&sut, "soc"), -ENOENT);
    assert_int_equal(dt_index_path(&sut, "/"), 0);
    assert_true(dt_index_has_string(&sut, serial, "clock-names", "apb"));
    assert_false(dt_index_has_string(&sut, serial, "clock-names", "ap"));
    assert_false(dt_index_has_string(&sut, serial, "clock-names", ""));
    assert_false(dt_index_u32(&sut, serial, "reg", &value));
    assert_int_equal(dt_index_find(&sut, 0x12345), -ENOENT);

    /* An exact match comes before one without unit address. */
    add_node("/", "twin");
    add_node("/", "twin@1");
    assert_int_equal(build(fdt, ROOM), 0);
    assert_string_equal(sut.nodes[dt_index_path(&sut, "/twin")].name, "twin");
    assert_true(dt_index_path(&sut, "/twin@1") <
                dt_index_path(&sut, "/twin"));
}

/* Each field of the header in turn is out of bounds. */
static void test_headers(void **state)
{
    static const uint32_t values[] = {
        0xffffffff, 0x80000000, 0x7fffffff, ROOM + 4, 1,
    };
    /* Magic, size, blocks, versions, sizes of strings and structure. */
    static const int fields[] = { 0, 4, 8, 12, 20, 24, 32, 36 };
    size_t f, v;
    fdt32_t kept, value;

    (void)state;
    for (f = 0; f < sizeof(fields) / sizeof(fields[0]); f++)
        for (v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
            /* A higher version, or a lower compatible one, is valid. */
            if ((fields[f] == 20 && v < 4) || (fields[f] == 24 && v == 4))
                continue;
            memcpy(&kept, fdt + fields[f], 4);
            value = cpu_to_fdt32(values[v]);
            memcpy(fdt + fields[f], &value, 4);
            assert_int_equal(build(fdt, ROOM), -EBADMSG);
            memcpy(fdt + fields[f], &kept, 4);
        }
    assert_int_equal(build(fdt, 0), -EBADMSG);
    assert_int_equal(build(fdt, 39), -EBADMSG);
    assert_int_equal(build(fdt, ROOM), 0);

    /* Version 16 has no field for the length of the structure block. */
    value = cpu_to_fdt32(16);
    memcpy(fdt + 20, &value, 4);
    memset(fdt + 36, 0xff, 4);
    assert_int_equal(build(fdt, ROOM), 0);
}

/* A blob with this structure block; the strings are "a" at 0, "reg" at 2. */
static int build_words(int nr, ...)
{
    static const char names[] = "a\0reg";
    /* libfdt requires this alignment. */
    _Alignas(8) unsigned char blob[4096] = { 0 };
    uint32_t at = 56;
    fdt32_t *header = (fdt32_t *)blob;
    va_list args;
    int i;

    va_start(args, nr);
    for (i = 0; i < nr; i++, at += 4)
        *(fdt32_t *)(blob + at) = cpu_to_fdt32(va_arg(args, uint32_t));
    va_end(args);
    header[0] = cpu_to_fdt32(FDT_MAGIC);
    header[2] = cpu_to_fdt32(56);
    header[3] = cpu_to_fdt32(at);
    header[4] = cpu_to_fdt32(40);
    header[5] = cpu_to_fdt32(17);
    header[6] = cpu_to_fdt32(16);
    header[8] = cpu_to_fdt32(sizeof(names));
    header[9] = cpu_to_fdt32(at - 56);
    memcpy(blob + at, names, sizeof(names));
    header[1] = cpu_to_fdt32(at + sizeof(names));
    return build(blob, at + sizeof(names));
}

#define A 0x61000000    /* the name "a" */
#define BEGIN 1
#define CLOSE 2
#define PROP 3
#define NOP 4
#define STOP 9

static void test_structures(void **state)
{
    (void)state;
    assert_int_equal(build_words(4, BEGIN, 0, CLOSE, STOP), 0);
    assert_int_equal(build_words(9, BEGIN, 0, NOP, PROP, 0, 2, NOP, CLOSE,
                                 STOP), 0);
    assert_int_equal(build_words(1, STOP), -EBADMSG);
    assert_int_equal(build_words(3, BEGIN, 0, CLOSE), -EBADMSG);
    assert_int_equal(build_words(3, BEGIN, 0, STOP), -EBADMSG);
    assert_int_equal(build_words(5, BEGIN, 0, CLOSE, CLOSE, STOP), -EBADMSG);
    assert_int_equal(build_words(7, BEGIN, 0, CLOSE, BEGIN, 0, CLOSE, STOP),
                     -EBADMSG);
    assert_int_equal(build_words(4, BEGIN, A, CLOSE, STOP), -EBADMSG);
    assert_int_equal(build_words(7, BEGIN, 0, BEGIN, 0, CLOSE, CLOSE, STOP),
                     -EBADMSG);
    assert_int_equal(build_words(7, BEGIN, 0, BEGIN, 0x2f000000, CLOSE, CLOSE,
                                 STOP), -EBADMSG);
    assert_int_equal(build_words(7, BEGIN, 0, BEGIN, 0x20000000, CLOSE, CLOSE,
                                 STOP), -EBADMSG);
    assert_int_equal(build_words(5, BEGIN, 0, 5, CLOSE, STOP), -EBADMSG);
    assert_int_equal(build_words(4, NOP, NOP, NOP, NOP), -EBADMSG);
    assert_int_equal(build_words(3, BEGIN, 0x61616161, 0x61616161), -EBADMSG);
}

static void test_properties(void **state)
{
    int len;

    (void)state;
    assert_int_equal(build_words(8, BEGIN, 0, PROP, 4, 2, 7, CLOSE, STOP), 0);
    assert_int_equal(sut.nr_props, 1);
    assert_string_equal(sut.props[0].name, "reg");
    /* Longer than the tree, in more than one way. */
    assert_int_equal(build_words(8, BEGIN, 0, PROP, 13, 2, 7, CLOSE, STOP),
                     -EBADMSG);
    assert_int_equal(build_words(8, BEGIN, 0, PROP, -1, 2, 7, CLOSE, STOP),
                     -EBADMSG);
    assert_int_equal(build_words(8, BEGIN, 0, PROP, -8, 2, 7, CLOSE, STOP),
                     -EBADMSG);
    for (len = -1; len >= -20; len--)
        assert_int_equal(build_words(8, BEGIN, 0, PROP, len, 2, 7, CLOSE,
                                     STOP), -EBADMSG);
    assert_int_equal(build_words(4, BEGIN, 0, PROP, 0), -EBADMSG);
    /* The name is outside of the strings block. */
    assert_int_equal(build_words(7, BEGIN, 0, PROP, 0, 6, CLOSE, STOP),
                     -EBADMSG);
    assert_int_equal(build_words(7, BEGIN, 0, PROP, 0, -1, CLOSE, STOP),
                     -EBADMSG);
    /* Before the root, and after a child. */
    assert_int_equal(build_words(7, PROP, 0, 0, BEGIN, 0, CLOSE, STOP),
                     -EBADMSG);
    assert_int_equal(build_words(10, BEGIN, 0, BEGIN, A, CLOSE, PROP, 0, 0,
                                 CLOSE, STOP), -EBADMSG);
}

/* Limited, because many properties could share a very long name. */
static void test_long_names(void **state)
{
    char name[257] = { 0 };

    (void)state;
    assert_int_equal(fdt_create_empty_tree(fdt, ROOM), 0);
    memset(name, 'n', 255);
    set("/", name, NULL, 0);
    assert_true(fdt_add_subnode(fdt, 0, name) > 0);
    assert_int_equal(build(fdt, ROOM), 0);
    name[255] = 'n';
    set("/", name, NULL, 0);
    assert_int_equal(build(fdt, ROOM), -EBADMSG);
    unset("/", name);
    assert_int_equal(build(fdt, ROOM), 0);
    assert_true(fdt_add_subnode(fdt, 0, name) > 0);
    assert_int_equal(build(fdt, ROOM), -EBADMSG);
}

static void test_nesting(void **state)
{
    int depth, offset = 0;

    (void)state;
    assert_int_equal(fdt_create_empty_tree(fdt, ROOM), 0);
    for (depth = 1; depth < DT_MAX_DEPTH; depth++)
        offset = fdt_add_subnode(fdt, offset, "n");
    assert_int_equal(build(fdt, ROOM), 0);
    fdt_add_subnode(fdt, offset, "n");
    assert_int_equal(build(fdt, ROOM), -EBADMSG);
    assert_non_null(strstr(why.text, "deep"));
}

static void test_sizes(void **state)
{
    char *large = calloc(1, HOST_TREE_MAX_SIZE + 4096);

    (void)state;
    assert_non_null(large);
    assert_int_equal(fdt_open_into(fdt, large, HOST_TREE_MAX_SIZE + 4096), 0);
    assert_int_equal(host_tree_parse(large, HOST_TREE_MAX_SIZE + 4096, &tree,
                                     &why), -EFBIG);
    assert_non_null(strstr(why.text, "limit"));
    fdt_pack(large);
    assert_int_equal(host_tree_parse(large, HOST_TREE_MAX_SIZE + 4096, &tree,
                                     &why), 0);
    free(large);
}

static int address_of(const char *path, uint64_t *address, uint64_t *size)
{
    assert_int_equal(build(fdt, ROOM), 0);
    return dt_address(&sut, dt_index_path(&sut, path), 0, address,
                      size);
}

static void test_addresses(void **state)
{
    static const char serial[] = "/soc/bus@10000000/serial@1000";
    uint64_t address, size;

    (void)state;
    assert_int_equal(address_of(serial, &address, &size), 0);
    assert_int_equal(address, 0x10001000);
    assert_int_equal(size, 0x1000);
    set_cells(serial, "reg", 2, 0x200000, 4);
    assert_int_equal(address_of(serial, &address, &size), -ENXIO);
    set_cells(serial, "reg", 1, 0x1000);
    assert_int_equal(address_of(serial, &address, &size), -EBADMSG);
    set_cells("/soc", "ranges", 3, 0, 0, 0);
    set_cells(serial, "reg", 2, 0x1000, 4);
    assert_int_equal(address_of(serial, &address, &size), -EBADMSG);
    unset("/soc", "ranges");
    assert_int_equal(address_of(serial, &address, &size), -ENXIO);
    set("/soc", "ranges", NULL, 0);
    assert_int_equal(address_of(serial, &address, &size), 0);
    set_cells("/soc", "#address-cells", 1, 3);
    assert_int_equal(address_of(serial, &address, &size), -ENXIO);
    assert_int_equal(address_of("/soc", &address, &size), -ENOENT);
    assert_int_equal(address_of("/", &address, &size), -ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_as_libfdt, load_everything,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_lookups, load_everything,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_headers, load_everything,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_structures, NULL, teardown),
        cmocka_unit_test_setup_teardown(test_properties, NULL, teardown),
        cmocka_unit_test_setup_teardown(test_long_names, NULL, teardown),
        cmocka_unit_test_setup_teardown(test_nesting, NULL, teardown),
        cmocka_unit_test_setup_teardown(test_sizes, load_everything, teardown),
        cmocka_unit_test_setup_teardown(test_addresses, load_everything,
                                        teardown),
    };

    return cmocka_run_group_tests_name("lib dt index", tests, NULL, NULL);
}
