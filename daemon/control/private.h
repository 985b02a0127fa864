/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The methods of doc/org.scmimed.varlink, for the table in methods.c, and what
 * they share. All functions that return json_t return NULL if memory is short.
 */

#ifndef SCMI_MED_DAEMON_CONTROL_PRIVATE_H
#define SCMI_MED_DAEMON_CONTROL_PRIVATE_H

#include <jansson.h>

#include "daemon/manager.h"

/* The interface that every varlink service has. */
#define SERVICE "org.varlink.service"

/* A reply; takes the parameters, which may be NULL. */
json_t *method_reply(json_t *parameters);

/* Error replies; method_error() takes the parameters, which may be NULL. */
json_t *method_error(const char *error, json_t *parameters);
json_t *method_error_invalid(const char *parameter);
json_t *method_error_hypervisor(int rc);
json_t *method_error_agent(uint32_t agent_id, const char *message);
json_t *method_error_refused(const char *message);

/*
 * Appends an item, and returns the list; takes both, of which each may be NULL.
 * A list is never shorter than it should be: without memory there is none.
 */
json_t *method_append(json_t *list, json_t *item);

/* The types Agent, and []Resource. */
json_t *method_agent(struct manager *manager, const struct agent *agent);
json_t *method_resources(const struct host_device *device);

/* The methods: whole replies. */
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

#endif
