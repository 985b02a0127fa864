/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin as libxl calls it: which domains it serves. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/socket.h>
#include <sys/un.h>

#include "libxl-plugin/tools/libs/light/libxl_hook.h"

#include "tests/unit/plugin/fake-xs.h"
#include "tests/unit/plugin/guest-fixture.h"

#define AT(node) "/libxl/7/scmi" node
#define RTC "/passthrough/rtc@9010000"

extern const struct libxl_hook_ops libxl_hook_ops;

static char text[512], socket_path[64];
static int listener;

static int setup(void **state)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    (void)state;
    fake_reset();
    text[0] = '\0';
    snprintf(socket_path, sizeof(socket_path), "/tmp/scmi-med-test-%d",
             getpid());
    strcpy(address.sun_path, socket_path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setenv("SCMI_MED_SOCKET", socket_path, 1);
    setenv("SCMI_MED_TIMEOUT_MS", "30", 1);
    return bind(listener, (struct sockaddr *)&address, sizeof(address)) |
           listen(listener, 8);
}

static int teardown(void **state)
{
    (void)state;
    close(listener);
    unlink(socket_path);
    return 0;
}

/* The tree that the domain gets, to be freed; NULL if it keeps its own. */
static int create(const libxl_domain_config *config,
                  const struct fixture *fixture, void **ret_fdt)
{
    void *fdt = fixture_tree(fixture);
    int rc;

    *ret_fdt = NULL;
    rc = libxl_hook_ops.domain_create(7, config, fdt, ret_fdt, text,
                                      sizeof(text));
    free(fdt);
    return rc;
}

static void rtc(void *fdt)
{
    fixture_device(fdt, "rtc@9010000", "/soc/rtc@9010000");
    fixture_end(fdt);
}

static void no_device(void *fdt)
{
    fixture_begin(fdt, "rtc@9010000");
    fixture_end(fdt);
}

static void scmi_only(void *fdt)
{
    fixture_begin(fdt, "scmi");
    fixture_string(fdt, "compatible", "arm,scmi-smc");
    fixture_end(fdt);
}

static const libxl_domain_config no_config;
static const struct fixture with_rtc = { .add_to_passthrough = rtc };

static void grant(void)
{
    fake_write(AT("/agent"), "3");
    fake_write(AT("/function-id"), "0x82000011");
    fake_write(AT("/frame"), "0x22001");
    fake_write(AT("/protocols"), "0x14");
    if (fake_value(AT("/device/0/path")))
        fake_write(AT("/device/0/clocks"), "0x14:2");
    fake_write(AT("/state"), "granted");
}

static void grant_nothing(void)
{
    fake_write(AT("/state"), "granted");
}

static void test_ops(void **state)
{
    (void)state;
    assert_int_equal(libxl_hook_ops.abi, LIBXL_HOOK_ABI);
    assert_int_equal(libxl_hook_ops.config_size, sizeof(libxl_domain_config));
}

static void test_leaves_others_alone(void **state)
{
    static const struct fixture fixtures[] = {
        { 0 }, { .add_to_passthrough = no_device },
    };
    size_t i;

    (void)state;
    /* There is no daemon and no xenstore: neither may be asked. */
    close(listener);
    unlink(socket_path);
    fake.fail_open = 1;
    for (i = 0; i < sizeof(fixtures) / sizeof(fixtures[0]); i++) {
        void *fdt;

        assert_int_equal(create(&no_config, &fixtures[i], &fdt), 0);
        assert_null(fdt);
    }
    assert_int_equal(fake.fail_open, 1);
}

static void test_no_daemon(void **state)
{
    void *fdt;

    (void)state;
    close(listener);
    unlink(socket_path);
    assert_int_not_equal(create(&no_config, &with_rtc, &fdt), 0);
    assert_non_null(strstr(text, "systemctl start scmi-medd"));
    assert_null(fdt);
}

static void test_grant(void **state)
{
    void *fdt;

    (void)state;
    fake.on_commit = grant;
    assert_int_equal(create(&no_config, &with_rtc, &fdt), 0);
    assert_non_null(fdt);
    ASSERT_CELLS(fdt, RTC, "clocks",
                 fixture_phandle(fdt, "/firmware/scmi/protocol@14"), 2);
    free(fdt);
}

static void test_grant_without_agent(void **state)
{
    void *fdt;

    (void)state;
    fake.on_commit = grant_nothing;
    assert_int_equal(create(&no_config, &with_rtc, &fdt), 0);
    assert_null(fdt);
}

static void test_dtdev(void **state)
{
    char path[] = "/soc/serial@1";
    libxl_device_dtdev dtdev = { .path = path };
    const libxl_domain_config config = { .dtdevs = &dtdev, .num_dtdevs = 1 };
    void *fdt;

    (void)state;
    fake.on_commit = grant;
    assert_int_equal(create(&config, &(struct fixture){ 0 }, &fdt), 0);
    assert_string_equal(fake_value(AT("/device/0/path")), "/soc/serial@1");
    assert_non_null(fdt);
    ASSERT_CELLS(fdt, "/firmware/scmi", "arm,smc-id", 0x82000011);
    free(fdt);
}

static void test_scmi_node_alone(void **state)
{
    const struct fixture fixture = { .add_to_passthrough = scmi_only };
    void *fdt;

    (void)state;
    fake.on_commit = grant;
    assert_int_equal(create(&no_config, &fixture, &fdt), 0);
    assert_null(fake_value(AT("/device/0/path")));
    assert_non_null(fdt);
    ASSERT_CELLS(fdt, "/passthrough/scmi", "arm,smc-id", 0x82000011);
    free(fdt);
}

static void test_timeout(void **state)
{
    void *fdt;

    (void)state;
    assert_int_not_equal(create(&no_config, &with_rtc, &fdt), 0);
    assert_non_null(strstr(text, "within 30 ms"));
    assert_int_equal(fake.now.count, 0);
}

static void test_malformed_tree(void **state)
{
    void *fdt = fixture_tree(&with_rtc), *finished = NULL;
    int end = fdt_path_offset(fdt, RTC);

    (void)state;
    /* Breaks the end of the structure block. */
    memset((char *)fdt + fdt_off_dt_struct(fdt) + fdt_size_dt_struct(fdt) - 8,
           0xff, 8);
    assert_true(end > 0);
    assert_int_not_equal(libxl_hook_ops.domain_create(7, &no_config, fdt,
                                                      &finished, text,
                                                      sizeof(text)), 0);
    assert_non_null(strstr(text, "is malformed"));
    assert_null(finished);
    free(fdt);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ops),
        TEST(test_leaves_others_alone),
        TEST(test_no_daemon),
        TEST(test_grant),
        TEST(test_grant_without_agent),
        TEST(test_dtdev),
        TEST(test_scmi_node_alone),
        TEST(test_timeout),
        TEST(test_malformed_tree),
    };

    return cmocka_run_group_tests_name("plugin-entry", tests, NULL, NULL);
}
