/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding domains, see domains.h. */

#include "daemon/xen/domains.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"

/* DOMID_FIRST_RESERVED in Xen: not a domain's, nor any above. */
#define DOMID_LIMIT 0x7ff0

/* Domains with the wanted name. */
struct matches {
    uint32_t alive, dying;      /* the last domid of each */
    size_t nr_alive, nr_dying;
};

static int read_raw_name(struct store *store, uint32_t domid, char **ret_name)
{
    char path[64];

    snprintf(path, sizeof(path), "/local/domain/%u/name", domid);
    return store_read(store, STORE_NOW, path, ret_name);
}

static void make_printable(const char *name, char ret_name[DOMAIN_NAME_SIZE])
{
    snprintf(ret_name, DOMAIN_NAME_SIZE, "%s", name);
    text_make_printable(ret_name);
}

int domain_read_name(struct store *store, uint32_t domid,
                     char ret_name[DOMAIN_NAME_SIZE])
{
    char *name;
    int rc = read_raw_name(store, domid, &name);

    ret_name[0] = '\0';
    if (rc)
        return rc == -ENOENT || rc == -EBADMSG ? 0 : rc;
    make_printable(name, ret_name);
    free(name);
    return 0;
}

const char *domain_name(struct store *store, uint32_t domid,
                        char ret_name[DOMAIN_NAME_SIZE])
{
    if (domain_read_name(store, domid, ret_name) || !*ret_name)
        return NULL;
    return ret_name;
}

int domain_parse_id(const char *text, size_t len)
{
    return (int)text_parse_index(text, len, DOMID_LIMIT);
}

int domain_read_state(struct hyp *hyp, uint32_t domid,
                      enum domain_state *ret_state, struct reason *why)
{
    int rc = hyp_get_domain_state(hyp, domid, ret_state);

    if (!rc)
        return 0;
    return reason_set(why, rc, "Xen does not say whether domain %u exists: "
                      "%s", domid, strerror(-rc));
}

/* Accepts the name as it is, and as it is shown. */
static bool has_name(struct store *store, uint32_t domid, const char *wanted)
{
    char shown[DOMAIN_NAME_SIZE], *name;
    bool same;

    if (read_raw_name(store, domid, &name))
        return false;
    make_printable(name, shown);
    same = !strcmp(name, wanted) || !strcmp(shown, wanted);
    free(name);
    return same;
}

static int find_matches(struct hyp *hyp, struct store *store,
                        const char *wanted, struct matches *matches,
                        struct reason *why)
{
    enum domain_state state;
    char **names;
    size_t nr, i;
    int rc;

    rc = store_list(store, STORE_NOW, "/local/domain", &names, &nr);
    if (rc)
        return reason_set(why, rc, "cannot list the domains in xenstore: %s",
                          strerror(-rc));
    for (i = 0; !rc && i < nr; i++) {
        int parsed = domain_parse_id(names[i], strlen(names[i]));
        uint32_t domid = (uint32_t)parsed;

        if (parsed < 0 || !has_name(store, domid, wanted))
            continue;
        rc = domain_read_state(hyp, domid, &state, why);
        if (rc || state == DOMAIN_ABSENT)
            continue;
        if (state == DOMAIN_DYING) {
            matches->dying = domid;
            matches->nr_dying++;
        } else {
            matches->alive = domid;
            matches->nr_alive++;
        }
    }
    free(names);
    return rc;
}

static int find_by_name(struct hyp *hyp, struct store *store, const char *name,
                        struct domain *ret_domain, struct reason *why)
{
    struct matches matches = { 0 };
    char shown[DOMAIN_NAME_SIZE];
    size_t nr;
    int rc = find_matches(hyp, store, name, &matches, why);

    if (rc)
        return rc;
    /* xl may have created it again while the old one is dying. */
    nr = matches.nr_alive ? matches.nr_alive : matches.nr_dying;
    make_printable(name, shown);
    if (!nr)
        return reason_set(why, -ESRCH, "there is no guest \"%s\"; see: xl "
                          "list", shown);
    if (nr > 1)
        return reason_set(why, -EEXIST, "there are %zu domains \"%s\": name "
                          "it by its id", nr, shown);
    ret_domain->is_dying = !matches.nr_alive;
    ret_domain->domid = matches.nr_alive ? matches.alive : matches.dying;
    return 0;
}

int domain_find(struct hyp *hyp, struct store *store, const char *text,
                struct domain *ret_domain, struct reason *why)
{
    enum domain_state state;
    int domid, rc;

    if (text[strspn(text, "0123456789")])
        return find_by_name(hyp, store, text, ret_domain, why);
    domid = domain_parse_id(text, strlen(text));
    if (domid < 0)
        return reason_set(why, -EINVAL, "\"%.16s\" is no guest's domain id; "
                          "see: xl list", text);
    rc = domain_read_state(hyp, (uint32_t)domid, &state, why);
    if (rc)
        return rc;
    if (state == DOMAIN_ABSENT)
        return reason_set(why, -ESRCH, "there is no domain %d; see: xl list",
                          domid);
    *ret_domain = (struct domain){ (uint32_t)domid, state == DOMAIN_DYING };
    return 0;
}
