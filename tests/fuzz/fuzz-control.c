/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Input of the control socket, through the real framing and the real methods of
 * a manager on models of Xen and xenstored. Replies must be JSON with parameters
 * or an error, and two agents must never hold the same device.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "daemon/control/methods.h"
#include "daemon/log.h"
#include "daemon/manager.h"
#include "lib/wire.h"
#include "tests/fake/fake-fault.h"
#include "tests/fake/fake-hyp.h"
#include "tests/fake/fake-store.h"
#include "tests/fuzz/target.h"

#define NR_AGENTS 6
#define DOMID 1

static struct manager *manager;

static void no_log(int priority, const char *message)
{
    (void)priority;
    (void)message;
}

/* Two guests; the first is called "web", and has an agent and the clock. */
static void set_world(void)
{
    struct fake_agent *agent = &fake_table.agents[2];

    fake_fault_reset();
    fake_store_reset();
    fake_table_init(&fake_table, NR_AGENTS);
    fake_table.alive[DOMID] = fake_table.alive[DOMID + 1] = 1;
    agent->flags |= SCMI_MED_AGENT_BOUND;
    agent->domid = DOMID;
    agent->nr_devices = 1;
    agent->devices[0] = 10;
    fake_store_set("/local/domain/1/name", "web");
    fake_store_set("/local/domain/2/name", "db");
    fake_store_set("/libxl/1/type", "pvh");
    fake_store_set("/libxl/2/type", "pvh");
}

static void start(void)
{
    const struct manager_config config = {
        .fdt_path = BOARD_DTB, .sysfs = "/nonexistent",
    };
    struct loop *loop = loop_new();
    struct reason why = { "" };

    log_set_sink(no_log);
    must(loop && manager_new(loop, &config, &manager, &why) == EXIT_DONE);
}

static void check_reply(const char *reply)
{
    json_t *json = json_loads(reply, 0, NULL);

    must(json_is_object(json));
    must(json_is_string(json_object_get(json, "error")) ||
         json_is_object(json_object_get(json, "parameters")));
    json_decref(json);
}

static void check_devices(void)
{
    uint32_t i, k, n;

    for (i = 0; i < NR_AGENTS; i++)
        for (n = 0; n < fake_table.agents[i].nr_devices; n++)
            for (k = i + 1; k < NR_AGENTS; k++)
                must(!fake_table_has_device(&fake_table.agents[k],
                                            fake_table.agents[i].devices[n]));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct wire wire;
    char *call, *reply;

    set_world();
    if (!manager)
        start();
    wire_init(&wire, WIRE_MAX_CALL);
    if (!wire_feed(&wire, bytes, size))
        while ((call = wire_next(&wire))) {
            reply = methods_call(manager, call, NULL);
            if (reply && *reply)
                check_reply(reply);
            free(reply);
            check_devices();
        }
    wire_done(&wire);
    return 0;
}
