/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dom0's devices: handed over when no driver uses them, and given back, also
 * by a daemon that comes later and knows of nothing.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <libfdt.h>

#include "daemon/admission/driver.h"
#include "tests/unit/daemon/manager-fixture.h"


static char sysfs[] = "/tmp/scmi-med-sysfs-XXXXXX";

static void shell(const char *script)
{
    char command[1024];

    snprintf(command, sizeof(command), "cd %s && %s", sysfs, script);
    assert_int_equal(system(command), 0);
}

/* sysfs with the disk, and the GPIO with a child device. */
static int setup_sysfs(void **state)
{
    strcpy(sysfs + strlen(sysfs) - 6, "XXXXXX");
    if (!mkdtemp(sysfs))
        return -1;
    sysfs_path = sysfs;
    shell("mkdir -p firmware/devicetree/base" DISK
          " firmware/devicetree/base" GPIO
          " devices/disk devices/amba/9030000.gpio/chip bus/platform/devices"
          " bus/amba/devices bus/gpio/devices bus/platform/drivers/virtio"
          " bus/amba/drivers/pl061 bus/gpio/drivers/stub bus/empty");
    shell("ln -s ../../firmware/devicetree/base" DISK " devices/disk/of_node;"
          "ln -s ../../../devices/disk bus/platform/devices/disk;"
          "ln -s ../../../firmware/devicetree/base" GPIO
          " devices/amba/9030000.gpio/of_node;"
          "ln -s ../of_node devices/amba/9030000.gpio/chip/of_node;"
          "ln -s ../../../devices/amba/9030000.gpio bus/amba/devices/;"
          "ln -s ../../../devices/amba/9030000.gpio/chip bus/gpio/devices/");
    return setup(state);
}

static int teardown_sysfs(void **state)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -r %s", sysfs);
    return teardown(state) || system(command);
}

static bool dom0_has(uint32_t device_id)
{
    return fake_table_has_device(&fake_table.agents[0], device_id);
}

static void test_driver(void **state)
{
    struct reason why;

    (void)state;
    assert_int_equal(driver_check_unbound(sysfs, DISK, &why), 0);
    assert_int_equal(driver_check_unbound(sysfs, "/unknown", &why), 0);
    assert_int_equal(driver_check_unbound("/nonexistent", DISK, &why), 0);

    shell("ln -s ../../bus/platform/drivers/virtio devices/disk/driver");
    assert_int_equal(driver_check_unbound(sysfs, DISK, &why), -EBUSY);
    assert_non_null(strstr(why.text, DISK));
    assert_non_null(strstr(why.text, "echo disk > "
                           "/sys/bus/platform/drivers/virtio/unbind"));
    assert_int_equal(driver_check_unbound(sysfs, GPIO, &why), 0);

    /* The device, not its driver's child device. */
    shell("ln -s ../../../../bus/gpio/drivers/stub"
          " devices/amba/9030000.gpio/chip/driver;"
          "ln -s ../../../bus/amba/drivers/pl061"
          " devices/amba/9030000.gpio/driver");
    assert_int_equal(driver_check_unbound(sysfs, GPIO, &why), -EBUSY);
    assert_non_null(strstr(why.text, "echo 9030000.gpio > "
                           "/sys/bus/amba/drivers/pl061/unbind"));

    /* A link that cannot be followed may be a driver. */
    shell("ln -sfn driver devices/disk/driver");
    assert_int_equal(driver_check_unbound(sysfs, DISK, &why), -ELOOP);
    assert_non_null(strstr(why.text, "cannot find out whether Dom0 uses it"));
    shell("ln -sfn of_node devices/disk/of_node");
    assert_int_equal(driver_check_unbound(sysfs, GPIO, &why), -ELOOP);

    shell("rm -r bus && touch bus");
    assert_int_equal(driver_check_unbound(sysfs, GPIO, &why), -ENOTDIR);
}

static void test_hand_over(void **state)
{
    (void)state;
    start();
    shell("ln -s ../../bus/platform/drivers/virtio devices/disk/driver");
    request(1, DISK);
    turn();
    assert_string_equal(get(1, "state"), "refused");
    assert_non_null(strstr(get(1, "error"), "virtio/unbind"));
    assert_true(dom0_has(12));

    shell("rm devices/disk/driver");
    request(1, DISK);
    turn();
    assert_string_equal(get(1, "state"), "granted");
    assert_true(fake_table_has_device(fake_table_agent_of(&fake_table, 1), 12));
    assert_false(dom0_has(12));

    /* The other device is refused: this one returns to Dom0. */
    fake_table_kill(&fake_table, 1);
    fake_store_remove("/libxl/1");
    fake_store_fire("@releaseDomain");
    turn();
    assert_true(dom0_has(12));
    fake_table.refused_device = 10;
    put(2, "device/1/path", RTC);
    request(2, DISK);
    turn();
    assert_string_equal(get(2, "state"), "refused");
    assert_null(fake_table_agent_of(&fake_table, 2));
    assert_true(dom0_has(12));

    /* The firmware does not deny it to Dom0: Dom0 keeps it. */
    fake_table.refused_device = 12;
    request(3, DISK);
    turn();
    assert_string_equal(get(3, "state"), "refused");
    assert_non_null(strstr(get(3, "error"), "taken from Dom0"));
    assert_true(dom0_has(12));
}

/* Writes the board's tree as Xen shows it to Dom0. */
static void write_dom0_tree(const char *path)
{
    static char fdt[65536];
    size_t size;
    int node;
    FILE *f;

    f = fopen(BOARD_DTB, "rb");
    assert_non_null(f);
    size = fread(fdt, 1, sizeof(fdt), f);
    fclose(f);
    assert_true(size > 0 && size < sizeof(fdt));
    assert_int_equal(fdt_open_into(fdt, fdt, sizeof(fdt)), 0);
    node = fdt_path_offset(fdt, RTC);
    assert_int_equal(fdt_delprop(fdt, node, "xen,passthrough"), 0);
    assert_int_equal(fdt_setprop_string(fdt, node, "status", "disabled"), 0);
    f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(fdt, 1, sizeof(fdt), f), sizeof(fdt));
    fclose(f);
}

/* Xen disables guests' devices in Dom0's tree; they are not Dom0's. */
static void test_disabled(void **state)
{
    char path[128];
    struct reason why;

    (void)state;
    snprintf(path, sizeof(path), "%s/tree.dtb", sysfs);
    write_dom0_tree(path);
    assert_int_equal(open_manager(path, &why), EXIT_DONE);
    manager_start(manager);
    assert_true(dom0_has(12) && !dom0_has(10) && !dom0_has(11));
    request(1, RTC);
    turn();
    assert_string_equal(get(1, "state"), "granted");
    fake_table_kill(&fake_table, 1);
    fake_store_remove("/libxl/1");
    fake_store_fire("@releaseDomain");
    turn();
    assert_false(dom0_has(10));
}

static void restart(void)
{
    manager_free(manager);
    manager = NULL;
    start();
}

static void test_restart(void **state)
{
    (void)state;
    start();
    request(1, DISK);
    turn();
    restart();
    assert_false(dom0_has(12));

    /* The domain dies while no daemon runs. */
    manager_free(manager);
    manager = NULL;
    fake_table_kill(&fake_table, 1);
    fake_store_remove("/libxl/1");
    start();
    assert_true(dom0_has(12));
    /* It gets no device that is not Dom0's. */
    assert_int_equal(fake_table.agents[0].nr_devices, 1);

    /* A daemon died after dom0_take(), and the request is gone. */
    fake_table.agents[0].nr_devices = 0;
    restart();
    assert_true(dom0_has(12));
}

static void test_quarantine(void **state)
{
    int32_t status;

    (void)state;
    start();
    request(1, DISK);
    turn();
    fake_table.release_fails = true;
    fake_table_kill(&fake_table, 1);
    fake_store_remove("/libxl/1");
    fake_store_fire("@releaseDomain");
    turn();
    assert_false(dom0_has(12));
    restart();
    assert_false(dom0_has(12));

    fake_table.release_fails = false;
    assert_int_equal(manager_reset_agent(manager, 3, &status), 0);
    assert_true(dom0_has(12));
}

static void test_firmware_refuses(void **state)
{
    (void)state;
    fake_table.agents[0].nr_devices = 0;
    fake_table.refused_device = 12;
    start();
    assert_false(dom0_has(12));
    assert_non_null(strstr(log_text, "Dom0 lacks 1 of its devices"));
    log_text[0] = '\0';
    fake_store_fire("@releaseDomain");
    turn();
    assert_null(strstr(log_text, "Dom0 lacks"));
    fake_table.refused_device = 0;
    fake_store_fire("@releaseDomain");
    turn();
    assert_true(dom0_has(12));
    assert_non_null(strstr(log_text, "Dom0 has device \"" DISK "\" back"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_driver, setup_sysfs,
                                        teardown_sysfs),
        cmocka_unit_test_setup_teardown(test_hand_over, setup_sysfs,
                                        teardown_sysfs),
        cmocka_unit_test_setup_teardown(test_disabled, setup_sysfs,
                                        teardown_sysfs),
        cmocka_unit_test_setup_teardown(test_restart, setup_sysfs,
                                        teardown_sysfs),
        cmocka_unit_test_setup_teardown(test_quarantine, setup_sysfs,
                                        teardown_sysfs),
        cmocka_unit_test_setup_teardown(test_firmware_refuses, setup_sysfs,
                                        teardown_sysfs),
    };

    return cmocka_run_group_tests_name("daemon dom0", tests, NULL, NULL);
}
