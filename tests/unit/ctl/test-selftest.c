/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "scmi-medctl selftest": each check ok, failed and unknown. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "ctl/selftest/selftest.h"
#include "scmi-med.h"
#include "tests/unit/ctl/fixture.h"

#define TEXT_OF(number) #number
#define AS_TEXT(number) TEXT_OF(number)
#define ABI AS_TEXT(SCMI_MED_VERSION)
#define STATUS_OF(version, abi, free_, quarantined, features) \
    "{\"parameters\":{\"version\":\"" version "\",\"pid\":99,\"abi\":" abi "," \
    "\"function_id\":1,\"agents_total\":14,\"agents_free\":" free_ "," \
    "\"agents_quarantined\":" quarantined ",\"domains\":1,\"devices\":3," \
    "\"firmware\":{\"base_version\":131072,\"features\":[" features "]}}}"
#define ALL "\"trusted\",\"device-permissions\",\"reset\""
#define GOOD STATUS_OF(SCMI_MED_VERSION_STRING, ABI, "14", "0", ALL)

static char folder[64], plugin[128], xen[128], library[160], error[CTL_ERROR_SIZE];
static char *no_args[] = { NULL }, *output;
static struct selftest_paths paths = { plugin, folder, xen };

static void put(const char *path, const char *text, size_t len)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    fclose(file);
}

#define PUT(path, text) put(path, text, sizeof(text) - 1)
#define PLUGIN "\177ELF\0\0libxl_hook_ops\0"
#define HOOKED "\177ELF\0\0/usr/lib/xen/libxl-hook.so\0"

/* A machine on which all checks are ok. */
static int setup(void **state)
{
    char path[256];

    (void)state;
    strcpy(folder, "/tmp/test-selftest-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(plugin, sizeof(plugin), "%s/plugin", folder);
    snprintf(xen, sizeof(xen), "%s/xen", folder);
    snprintf(library, sizeof(library), "%s/libxenlight.so.4.20", folder);
    snprintf(path, sizeof(path), "%s/version", xen);
    assert_int_equal(mkdir(xen, 0700), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof(path), "%s/version/major", xen);
    PUT(path, "4\n");
    snprintf(path, sizeof(path), "%s/version/minor", xen);
    PUT(path, "20\n");
    PUT(plugin, PLUGIN);
    PUT(library, HOOKED);
    return 0;
}

static int teardown(void **state)
{
    char command[128];

    (void)state;
    free(output);
    output = NULL;
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

/* Runs it with a daemon that replies this, or with none: NULL. */
static enum ctl_status run(const char *answer, const char *fdt, bool json)
{
    struct ctl_options options = {
        .socket_path = "/nonexistent/control", .timeout_ms = 5000,
        .headings = true, .json = json, .fdt = fdt,
    };
    enum ctl_status status;
    size_t size;
    FILE *out;

    free(output);
    out = open_memstream(&output, &size);
    assert_non_null(out);
    if (answer) {
        server_reset(NULL);
        server_answers(answer);
        server_start();
        options.socket_path = server.path;
    }
    status = ctl_selftest(no_args, &options, &paths, out, error);
    if (answer)
        server_stop();
    fclose(out);
    assert_string_equal(error, "");
    return status;
}

/* Asserts that the check has this result, and these words in its line. */
static void says(const char *check, const char *result, const char *words)
{
    const char *line;
    char *end;

    for (line = output; line && strncmp(line, check, strlen(check));)
        line = (line = strchr(line, '\n')) ? line + 1 : NULL;
    if (!line)
        fail_msg("no %s in:\n%s", check, output);
    end = strchr(line, '\n');
    *end = '\0';
    if (!strstr(line, result) || !strstr(line, words))
        fail_msg("\"%s\" does not say \"%s\", \"%s\"", line, result, words);
    *end = '\n';
}

static void fails(const char *answer, const char *check, const char *words)
{
    assert_int_equal(run(answer, BOARD_DTB, false), CTL_NOT_READY);
    says(check, "FAILED", words);
    says(check, "FAILED", ". To do: ");
    /* And nothing else. */
    assert_null(strstr(strstr(output, "FAILED") + 1, "FAILED"));
}

static void test_well(void **state)
{
    json_t *json;

    (void)state;
    if (run(GOOD, BOARD_DTB, false) != CTL_OK)
        fail_msg("not all is well:\n%s", output);
    assert_null(strstr(output, "To do"));
    says("daemon", "ok", SCMI_MED_VERSION_STRING);
    says("hypervisor", "ok", "interface version " ABI);
    says("firmware", "ok", "with reset");
    says("agents", "ok", "14 for guests, 14 free");
    says("host tree", "ok", "3 devices");
    says("plugin", "ok", plugin);
    says("libxl", "ok", "has the hook");

    assert_int_equal(run(GOOD, BOARD_DTB, true), CTL_OK);
    json = json_loads(output, 0, NULL);
    assert_true(json_is_true(json_object_get(json, "ok")));
    assert_int_equal(json_array_size(json_object_get(json, "checks")), 7);
    json_decref(json);
}

static void test_daemon(void **state)
{
    (void)state;
    fails(STATUS_OF("0.0.1\\u001b[2J", ABI, "14", "0", ALL), "daemon", "0.0.1?[2J");
    fails(STATUS_OF(SCMI_MED_VERSION_STRING, "99", "14", "0", ALL),
          "hypervisor", "version 99");
    fails(STATUS_OF(SCMI_MED_VERSION_STRING, ABI, "13", "1", ALL), "agents",
          "scmi-medctl reset");
    fails(STATUS_OF(SCMI_MED_VERSION_STRING, ABI, "14", "0", "\"reset\""),
          "firmware", "trusted agent");
    fails("{\"parameters\":{}}", "daemon", "not valid: version is missing");
    says("hypervisor", "unknown", "To do");
    fails("nonsense", "daemon", "not valid");
    fails(NULL, "daemon", "systemctl start scmi-medd");
    says("firmware", "unknown", "To do");
    says("agents", "unknown", "To do");
    says("plugin", "ok", "");
}

static void test_tree(void **state)
{
    (void)state;
    assert_int_equal(run(GOOD, "/nonexistent", false), CTL_NOT_READY);
    says("host tree", "FAILED", "/nonexistent: ");
    assert_int_equal(run(GOOD, plugin, false), CTL_NOT_READY);
    says("host tree", "FAILED", "--fdt");
}

static void test_files(void **state)
{
    char path[256];

    (void)state;
    PUT(plugin, "\177ELF and another library");
    fails(GOOD, "plugin", "is no plugin");
    PUT(plugin, "libxl_hook_ops");
    fails(GOOD, "plugin", "Exec format error");
    PUT(plugin, "");
    fails(GOOD, "plugin", "Exec format error");
    unlink(plugin);
    fails(GOOD, "plugin", "No such file");
    /* Opening it must not block. */
    assert_int_equal(mkfifo(plugin, 0600), 0);
    fails(GOOD, "plugin", "Exec format error");
    unlink(plugin);
    PUT(plugin, PLUGIN);

    PUT(library, "\177ELF, as Debian has it");
    fails(GOOD, "libxl", "4.20 lacks the hook");
    PUT(library, "");
    fails(GOOD, "libxl", "Exec format error");
    /* One for another Xen does not count. */
    snprintf(path, sizeof(path), "%s/libxenlight.so.4.17", folder);
    PUT(path, HOOKED);
    unlink(library);
    fails(GOOD, "libxl", "libxenlight.so.4.20: No such file");
    PUT(library, HOOKED);
    PUT(path, "\177ELF");
    assert_int_equal(run(GOOD, BOARD_DTB, false), CTL_OK);

    /* The dynamic linker does not find one of this release. */
    snprintf(path, sizeof(path), "%s/version/minor", xen);
    PUT(path, "9999");
    paths.libxl = NULL;
    fails(GOOD, "libxl", "libxenlight.so.4.9999");
    paths.libxl = folder;
    PUT(path, "x");
    fails(GOOD, "libxl", "does not say which Xen runs");
}

static void test_usage(void **state)
{
    const struct ctl_options options = { .socket_path = "/nonexistent" };
    char *args[] = { (char *)"x", NULL };
    FILE *full = fopen("/dev/full", "w");

    (void)state;
    assert_int_equal(ctl_selftest(args, &options, &paths, stdout, error),
                     CTL_USAGE);
    assert_string_equal(error, "selftest takes no arguments");
    assert_int_equal(ctl_selftest(no_args, &options, &paths, full, error),
                     CTL_USAGE);
    assert_non_null(strstr(error, "No space left"));
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_well, setup, teardown),
        cmocka_unit_test_setup_teardown(test_daemon, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tree, setup, teardown),
        cmocka_unit_test_setup_teardown(test_files, setup, teardown),
        cmocka_unit_test_setup_teardown(test_usage, setup, teardown),
    };

    return cmocka_run_group_tests_name("ctl-selftest", tests, NULL, NULL);
}
