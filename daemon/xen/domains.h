/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding domains, and their names. Xen says which domains exist; xenstore has
 * the names, and may still have some of domains that are gone. Does not log.
 */

#ifndef SCMI_MED_DAEMON_XEN_DOMAINS_H
#define SCMI_MED_DAEMON_XEN_DOMAINS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/xen/hyp.h"
#include "daemon/xen/store.h"
#include "lib/reason.h"

/* Names are printable and cut to this size. */
#define DOMAIN_NAME_SIZE 80

struct domain {
    uint32_t domid;
    bool is_dying;
};

/* Reads a domain's name; a domain without one has the name "". */
int domain_read_name(struct store *store, uint32_t domid,
                     char ret_name[DOMAIN_NAME_SIZE]);

/* The name; NULL if the domain has none, or it cannot be read. */
const char *domain_name(struct store *store, uint32_t domid,
                        char ret_name[DOMAIN_NAME_SIZE]);

/* Parses a domid of len characters, as xenstore spells it; -1: it is none. */
int domain_parse_id(const char *text, size_t len);

/* Asks Xen. On failure, why says that Xen did not answer. */
int domain_read_state(struct hyp *hyp, uint32_t domid,
                      enum domain_state *ret_state, struct reason *why);

/*
 * Finds a domain by what a user typed. As for xl, digits are an id, and
 * anything else is a name.
 *  -EINVAL: the number is no domid
 *  -ESRCH:  there is no such domain
 *  -EEXIST: several domains have this name
 */
int domain_find(struct hyp *hyp, struct store *store, const char *text,
                struct domain *ret_domain, struct reason *why);

#endif
