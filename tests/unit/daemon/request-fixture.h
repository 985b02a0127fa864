/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests, as libxl's plugin leaves them in xenstore, and their answers. Xen
 * and xenstore are models in memory; devices are those of the emulated board.
 */

#ifndef SCMI_MED_TESTS_UNIT_DAEMON_REQUEST_FIXTURE_H
#define SCMI_MED_TESTS_UNIT_DAEMON_REQUEST_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fake/fake-fault.h"
#include "tests/fake/fake-hyp.h"
#include "tests/fake/fake-store.h"

#define RTC "/pl031@9010000"
#define GPIO "/pl061@9030000"
#define DISK "/virtio_mmio@a000000"

static inline void reset_models(uint32_t nr_agents)
{
    fake_fault_reset();
    fake_store_reset();
    fake_table_init(&fake_table, nr_agents);
    fake_hyp_open_rc = 0;
    fake_hyp_before_assign = NULL;
    fake_store_before_commit = NULL;
}

static inline void ignore_log(int priority, const char *message)
{
    (void)priority;
    (void)message;
}

static inline void put(uint32_t domid, const char *node, const char *value)
{
    char path[128];

    snprintf(path, sizeof(path), "/libxl/%u/scmi/%s", domid, node);
    fake_store_set(path, value);
}

static inline const char *get(uint32_t domid, const char *node)
{
    char path[128];

    snprintf(path, sizeof(path), "/libxl/%u/scmi/%s", domid, node);
    return fake_store_get(path);
}

/* The name and the devices may be NULL. */
static inline void put_request(uint32_t domid, const char *name,
                               const char *first, const char *second)
{
    char path[64];

    snprintf(path, sizeof(path), "/local/domain/%u/name", domid);
    if (name)
        fake_store_set(path, name);
    put(domid, "version", "1");
    if (first)
        put(domid, "device/0/path", first);
    if (second)
        put(domid, "device/1/path", second);
    put(domid, "state", "requested");
}

static inline void assert_refusal(uint32_t domid, const char *text)
{
    const char *error = get(domid, "error");

    assert_non_null(error);
    if (!strstr(error, text))
        fail_msg("\"%s\" does not say \"%s\"", error, text);
}

#endif
