/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policy file: what an administrator says beside the host's device tree.
 * See scmi-med-policy(5). Plain structs; an empty one is no policy.
 */

#ifndef SCMI_MED_LIB_POLICY_POLICY_H
#define SCMI_MED_LIB_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/host/tree.h"
#include "lib/reason.h"

/* A policy is written by hand: what is larger is another file. */
#define POLICY_MAX_SIZE (64 * 1024)

/* The longest name that is not cut when it is shown, the NUL included. */
#define POLICY_NAME_SIZE 79

/* "allow": domains may share this. */
struct policy_allow {
    unsigned int line;
    uint32_t protocol_id;
    bool has_id;                /* false: a state of pins, which has a name */
    uint32_t resource_id;
    char *target;
    char *instance;             /* path of the SCMI node; NULL: any */
};

/* "pin": the domain of this name gets this agent, and nobody else does. */
struct policy_pin {
    unsigned int line;
    char name[POLICY_NAME_SIZE];
    uint32_t agent_id;
};

/* "forbid": no guest gets this device. */
struct policy_forbid {
    unsigned int line;
    char *path;
};

struct policy {
    char *file;                 /* its name, for messages; NULL: no policy */
    struct policy_allow *allows;
    size_t nr_allows;
    struct policy_pin *pins;
    size_t nr_pins;
    struct policy_forbid *forbids;
    size_t nr_forbids;
};

/*
 * Reads a policy from text, or from a file. On failure: negative errno, and
 * why says where and what to do: "FILE:LINE: ...". -ENOENT: no such file, and
 * no policy.
 */
int policy_parse(const char *file, const char *text, size_t size,
                 struct policy *ret_policy, struct reason *why);
int policy_read(const char *file, struct policy *ret_policy,
                struct reason *why);

/* Frees what the struct holds; one filled with zeroes will do. */
void policy_done(struct policy *policy);

/* Whether it fits the host: nodes that it names exist. -EINVAL if not. */
int policy_check_tree(const struct policy *policy,
                      const struct host_tree *tree, struct reason *why);

/* The line that allows a resource of the tree to be shared, or NULL. */
const struct policy_allow *policy_find_allow(const struct policy *policy,
                                        const struct host_tree *tree,
                                        const struct host_resource *resource);

/* Writes the directive that would: "allow clock 3". */
void policy_format_allow(const struct host_tree *tree,
                         const struct host_resource *resource, char *text,
                         size_t size);

/* The line that forbids a device, or something that it cannot do without. */
const struct policy_forbid *policy_find_forbid(const struct policy *policy,
                                               const struct host_tree *tree,
                                               const char *path);

/* The line about a domain, or about an agent, or NULL. name may be NULL. */
const struct policy_pin *policy_pin_of_name(const struct policy *policy,
                                            const char *name);
const struct policy_pin *policy_pin_of_agent(const struct policy *policy,
                                             uint32_t agent_id);

#endif
