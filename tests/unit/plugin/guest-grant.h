/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reply that grants, and guests' trees completed with it: what the tests of
 * the plugin's tree editing share. A test program includes it once.
 */

#ifndef SCMI_MED_TESTS_UNIT_PLUGIN_GUEST_GRANT_H
#define SCMI_MED_TESTS_UNIT_PLUGIN_GUEST_GRANT_H

#include <stdlib.h>
#include <string.h>

#include "libxl-plugin/guest-tree.h"
#include "tests/unit/plugin/guest-fixture.h"

#define RTC "/passthrough/rtc@9010000"
#define SHMEM "/scmi-shmem@22001000"

static char text[512];
static const struct scmi_plugin_error error = { text, sizeof(text) };

static struct scmi_plugin_reply reply;
static struct scmi_plugin_devices devices;

/* One device, and a reply with an agent. */
static inline int setup(void **state)
{
    (void)state;
    text[0] = '\0';
    devices = (struct scmi_plugin_devices){
        .paths = calloc(1, sizeof(char *)), .nr_paths = 1,
    };
    devices.paths[0] = strdup("/soc/rtc@9010000");
    return scmi_plugin_reply_init(&reply, 1, &error) |
           scmi_plugin_reply_set_agent(&reply, "3", "0x82000011", "0x22001",
                                       &error);
}

static inline int teardown(void **state)
{
    (void)state;
    scmi_plugin_reply_done(&reply);
    scmi_plugin_devices_done(&devices);
    return 0;
}

static inline void grant_all_kinds(void)
{
    assert_int_equal(scmi_plugin_reply_set_protocols(&reply,
                                                     "0x11 0x14 0x16",
                                                     &error), 0);
    assert_int_equal(scmi_plugin_reply_set_refs(&reply, 0,
                                                SCMI_PLUGIN_CLOCKS,
                                                "0x14:1 0x14:7",
                                                "apb_pclk ref ", &error), 0);
    assert_int_equal(scmi_plugin_reply_set_refs(&reply, 0,
                                                SCMI_PLUGIN_POWER_DOMAINS,
                                                "0x11:2", NULL, &error), 0);
    assert_int_equal(scmi_plugin_reply_set_refs(&reply, 0,
                                                SCMI_PLUGIN_RESETS, "0x16:3",
                                                "core ", &error), 0);
}

/* The completed tree, to be freed; NULL: failed, and text says why. */
static inline void *finish(const struct fixture *fixture)
{
    void *fdt = fixture_tree(fixture), *finished = NULL;
    int rc;

    rc = scmi_plugin_guest_tree_finish(fdt, &devices, &reply, &finished,
                                       &error);
    free(fdt);
    assert_int_equal(rc, finished ? 0 : -1);
    if (finished)
        assert_int_equal(fdt_check_full(finished, fdt_totalsize(finished)),
                         0);
    return finished;
}

static inline void assert_fails(const struct fixture *fixture,
                                const char *node, const char *what)
{
    assert_null(finish(fixture));
    if (!strstr(text, node) || !strstr(text, what))
        fail_msg("unexpected: %s", text);
}

static inline void plain_rtc(void *fdt)
{
    fixture_device(fdt, "rtc@9010000", "/soc/rtc@9010000");
    fixture_end(fdt);
}

#endif /* SCMI_MED_TESTS_UNIT_PLUGIN_GUEST_GRANT_H */
