/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The single methods, for methods.c. Each returns a whole reply, or NULL
 * without memory.
 */

#ifndef SCMI_MED_DAEMON_CONTROL_METHOD_TABLE_H
#define SCMI_MED_DAEMON_CONTROL_METHOD_TABLE_H

#include <jansson.h>

#include "daemon/manager.h"

/* Replies. A NULL in stays a NULL. */
json_t *method_reply(json_t *parameters);
/* The list with the item, both given away; NULL, without either, for want of memory. */
json_t *method_append(json_t *list, json_t *item);
json_t *method_error_invalid(const char *parameter);
json_t *method_error_hypervisor(int rc);
json_t *method_error_agent(uint32_t agent_id, const char *message);
json_t *method_error_refused(const char *message);

json_t *method_get_status(struct manager *manager, json_t *parameters);
json_t *method_list_agents(struct manager *manager, json_t *parameters);
json_t *method_list_domains(struct manager *manager, json_t *parameters);
json_t *method_list_devices(struct manager *manager, json_t *parameters);
json_t *method_show_domain(struct manager *manager, json_t *parameters);
json_t *method_reload(struct manager *manager, json_t *parameters);
json_t *method_reset_agent(struct manager *manager, json_t *parameters);
json_t *method_set_limit(struct manager *manager, json_t *parameters);
json_t *method_attach_device(struct manager *manager, json_t *parameters);
json_t *method_detach_device(struct manager *manager, json_t *parameters);

/* Parts of replies: an Agent, and the Resources of a device. */
json_t *method_agent(struct manager *manager, const struct agent *agent);
json_t *method_resources(const struct host_device *device);

/* The text of doc/org.scmimed.varlink, without a NUL. */
extern const char method_description[], method_description_end[];

#endif
