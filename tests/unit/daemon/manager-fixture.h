/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A manager in a real loop, on the fake backends. Each test program includes it
 * once.
 */

#ifndef SCMI_MED_TESTS_UNIT_DAEMON_MANAGER_FIXTURE_H
#define SCMI_MED_TESTS_UNIT_DAEMON_MANAGER_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/manager.h"
#include "tests/unit/daemon/loop-fixture.h"
#include "tests/unit/daemon/request-fixture.h"

#define NR_AGENTS 16

static struct manager *manager;
static char status_line[256];
static char log_text[16384];
static const char *sysfs_path = "/nonexistent";

static void record_log(int priority, const char *message)
{
    size_t len = strlen(log_text);

    (void)priority;
    snprintf(log_text + len, sizeof(log_text) - len, "%s\n", message);
}

static void record_status(void *context, const char *line)
{
    (void)context;
    snprintf(status_line, sizeof(status_line), "%s", line);
}

static inline enum daemon_exit open_manager(const char *fdt_path,
                                            struct reason *why)
{
    const struct manager_config config = {
        .fdt_path = fdt_path, .sysfs = sysfs_path, .on_status = record_status,
    };

    return manager_new(loop, &config, &manager, why);
}

static void start(void)
{
    struct reason why;

    assert_int_equal(open_manager(BOARD_DTB, &why), EXIT_DONE);
    manager_start(manager);
}

static int setup(void **state)
{
    (void)state;
    reset_models(NR_AGENTS);
    manager = NULL;
    status_line[0] = log_text[0] = '\0';
    log_set_sink(record_log);
    loop = loop_new();
    return loop ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    manager_free(manager);
    loop_free(loop);
    log_set_sink(NULL);
    fake_store_reset();
    return 0;
}

/* Lets the manager handle the pending events. */
static void turn(void)
{
    turn_for(10);
}

static void request(uint32_t domid, const char *device)
{
    char name[32];

    snprintf(name, sizeof(name), "guest%u", domid);
    put_request(domid, name, device, NULL);
}

#endif
