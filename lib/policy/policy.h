/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy file, see scmi-med-policy(5). A struct of zeroes is no policy. */

#ifndef SCMI_MED_LIB_POLICY_POLICY_H
#define SCMI_MED_LIB_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/host/tree.h"
#include "lib/reason.h"

/* Policies are written by hand; a larger file is something else. */
#define POLICY_MAX_SIZE (64 * 1024)

/* Longer names are truncated when shown, so they cannot be pinned. */
#define POLICY_NAME_SIZE 79

/* "allow": domains may share a resource. */
struct policy_allow {
    unsigned int line;
    uint32_t protocol_id;
    bool has_id;                /* false: a pin state, which has a name */
    uint32_t resource_id;
    char *target;               /* name of the pin state's node */
    char *instance;             /* path of the SCMI node; NULL: any */
};

/* "pin": reserves an agent for the domain of this name. */
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
    char *file;                 /* for messages; NULL: no policy */
    struct policy_allow *allows;
    size_t nr_allows;
    struct policy_pin *pins;
    size_t nr_pins;
    struct policy_forbid *forbids;
    size_t nr_forbids;
};

/*
 * Reads a policy from text, or from a file. On failure: negative errno, and
 * the reason is "FILE:LINE: ..."; -ENOENT: no such file.
 */
int policy_parse(const char *file, const char *text, size_t size,
                 struct policy *ret_policy, struct reason *why);
int policy_read(const char *file, struct policy *ret_policy,
                struct reason *why);

/* Frees what the struct holds, which may be all zeroes. */
void policy_done(struct policy *policy);

/* Checks that the nodes in the policy exist. Returns 0 or -EINVAL. */
int policy_check_tree(const struct policy *policy,
                      const struct host_tree *tree, struct reason *why);

/* The "allow" for a resource of the tree, or NULL. */
const struct policy_allow *policy_find_allow(const struct policy *policy,
                                        const struct host_tree *tree,
                                        const struct host_resource *resource);

/* Writes the directive that would allow sharing: "allow clock 3". */
void policy_format_allow(const struct host_tree *tree,
                         const struct host_resource *resource, char *text,
                         size_t size);

/* The "forbid" for the path, a node above, or a device with the same id. */
const struct policy_forbid *policy_find_forbid(const struct policy *policy,
                                               const struct host_tree *tree,
                                               const char *path);

/* The "pin" of a domain or of an agent, or NULL. name may be NULL. */
const struct policy_pin *policy_pin_of_name(const struct policy *policy,
                                            const char *name);
const struct policy_pin *policy_pin_of_agent(const struct policy *policy,
                                             uint32_t agent_id);

#endif
