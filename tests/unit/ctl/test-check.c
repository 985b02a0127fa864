/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "scmi-medctl check": files, exit statuses, tables, JSON. */

#include <fcntl.h>
#include <unistd.h>

#include "ctl/check/check.h"
#include "tests/unit/tree-fixture.h"

static char *output, *policy;
static char error[CTL_ERROR_SIZE];

static enum ctl_status check_args(char *first, char *second, bool json)
{
    struct ctl_options options = {
        .json = json, .headings = true, .policy = policy,
    };
    char *args[] = { first, second, NULL };
    enum ctl_status status;
    size_t size;
    FILE *out;

    free(output);
    output = NULL;
    out = open_memstream(&output, &size);
    assert_non_null(out);
    status = ctl_check(args, &options, out, error);
    fclose(out);
    return status;
}

/* Checks the tree in memory, written to a file. */
static enum ctl_status check_tree(bool json)
{
    char path[] = "/tmp/scmi-med-check-XXXXXX";
    enum ctl_status status;
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, fdt, ROOM), ROOM);
    close(fd);
    status = check_args(path, NULL, json);
    unlink(path);
    return status;
}

static int teardown(void **state)
{
    free(output);
    output = NULL;
    return drop_tree(state);
}

static void test_statuses(void **state)
{
    (void)state;
    assert_int_equal(check_args(BOARD_DTB, NULL, false), CTL_OK);
    assert_string_equal(error, "");
    assert_int_equal(check_tree(false), CTL_ERRORS);
    set_cells("/firmware/scmi/protocol@13", "shmem", 0);
    assert_int_equal(check_tree(false), CTL_WARNINGS);
    assert_string_equal(error, "");

    memset(fdt, 0, 4);
    assert_int_equal(check_tree(false), CTL_BAD_TREE);
    assert_non_null(strstr(error, "magic"));
    assert_string_equal(output, "");
    assert_int_equal(check_args("/dev/null", NULL, false), CTL_BAD_TREE);
    assert_int_equal(check_args("/dev/zero", NULL, false), CTL_BAD_TREE);
    assert_int_equal(check_args("/nowhere", NULL, false), CTL_USAGE);
    assert_non_null(strstr(error, "/nowhere: No such file"));
    assert_int_equal(check_args("/", NULL, false), CTL_USAGE);
    assert_int_equal(check_args(NULL, NULL, false), CTL_USAGE);
    assert_int_equal(check_args(BOARD_DTB, BOARD_DTB, false), CTL_USAGE);
    assert_non_null(strstr(error, "one file"));
}

static void test_standard_input(void **state)
{
    int kept = dup(0), fd = open(BOARD_DTB, O_RDONLY);

    (void)state;
    assert_true(kept >= 0 && fd >= 0 && dup2(fd, 0) == 0);
    assert_int_equal(check_args("-", NULL, false), CTL_OK);
    assert_non_null(strstr(output, "/pl031@9010000"));
    /* The file has been read to its end. */
    assert_int_equal(check_args("-", NULL, false), CTL_BAD_TREE);
    assert_int_equal(dup2(kept, 0), 0);
    close(kept);
    close(fd);
}

static void test_full_disk(void **state)
{
    struct ctl_options options = { .headings = true };
    char *args[] = { BOARD_DTB, NULL };
    FILE *full = fopen("/dev/full", "w");

    (void)state;
    assert_non_null(full);
    assert_int_equal(ctl_check(args, &options, full, error), CTL_USAGE);
    assert_non_null(strstr(error, "cannot write"));
    fclose(full);
}

static void test_tables(void **state)
{
    (void)state;
    assert_int_equal(check_tree(false), CTL_ERRORS);
    assert_non_null(strstr(output, "CHANNEL OF"));
    assert_non_null(strstr(output, "0x82000011"));
    assert_non_null(strstr(output, "clocks 0x14:3, clocks 0x14:4, "
                           "power-domains 0x11:3, resets 0x16:6"));
    assert_non_null(strstr(output, "vdd-supply 0x17:3"));
    assert_non_null(strstr(output, "pinctrl-2 i2c-state"));
    assert_non_null(strstr(output, "[shared-resource]\n    "));
    assert_non_null(strstr(output, "error: /sram@80000000/scmi@0: "));
}

static const json_t *field(const json_t *list, size_t i, const char *key)
{
    return json_object_get(json_array_get(list, i), key);
}

static void test_json(void **state)
{
    const json_t *list, *found = NULL, *item;
    json_t *json;
    size_t i;

    (void)state;
    assert_int_equal(check_tree(true), CTL_ERRORS);
    json = json_loads(output, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "worst")),
                        "error");
    assert_string_equal(json_string_value(json_object_get(
                        json_object_get(json, "aliases"), "scmi0")),
                        "/firmware/scmi");
    list = json_object_get(json, "instances");
    assert_int_equal(json_array_size(list), 4);
    assert_true(json_is_true(field(list, 0, "container")));
    list = json_object_get(json, "channels");
    assert_int_equal(json_integer_value(field(list, 2, "protocol")), 0x13);
    assert_true(json_is_null(field(list, 1, "protocol")));
    list = json_object_get(json, "agents");
    assert_int_equal(json_array_size(list), 2);
    assert_true(json_is_null(field(list, 0, "agent")));
    assert_int_equal(json_integer_value(field(list, 1, "function_id")),
                     0x82000012);

    list = json_object_get(json, "devices");
    json_array_foreach(list, i, item)
        if (strstr(json_string_value(json_object_get(item, "path")),
                   "serial@1000"))
            found = json_object_get(item, "resources");
    assert_int_equal(json_array_size(found), 11);
    assert_string_equal(json_string_value(field(found, 6, "target")),
                        "regulator@3");
    assert_true(json_is_null(field(found, 8, "id")));
    assert_string_equal(json_string_value(field(found, 0, "scmi")),
                        "/firmware/scmi");
    json_decref(json);
}

static void test_policy(void **state)
{
    char path[] = "/tmp/scmi-med-check-XXXXXX";
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    policy = path;
    assert_int_equal(write(fd, "allow clock 1\n", 14), 14);
    assert_int_equal(check_args(BOARD_DTB, NULL, false), CTL_OK);
    assert_non_null(strstr(output, "/pl031@9010000"));
    assert_int_equal(write(fd, "forbid /x\n", 10), 10);
    assert_int_equal(check_args(BOARD_DTB, NULL, false), CTL_BAD_POLICY);
    assert_non_null(strstr(error, ":2: device \"/x\" is not in the host"));
    assert_string_equal(output, "");
    assert_int_equal(write(fd, "pin\n", 4), 4);
    assert_int_equal(check_args(BOARD_DTB, NULL, false), CTL_BAD_POLICY);
    assert_non_null(strstr(error, ":3: it must be a domain"));
    close(fd);
    unlink(path);
    assert_int_equal(check_args(BOARD_DTB, NULL, false), CTL_BAD_POLICY);
    assert_non_null(strstr(error, "No such file"));
    policy = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) \
        cmocka_unit_test_setup_teardown(name, load_everything, teardown)
        TEST(test_statuses),
        TEST(test_standard_input),
        TEST(test_full_disk),
        TEST(test_tables),
        TEST(test_json),
        TEST(test_policy),
    };

    return cmocka_run_group_tests_name("ctl check run", tests, NULL, NULL);
}
