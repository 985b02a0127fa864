/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests in xenstore, see request.h. */

#include "daemon/admission/request.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <scmi-med/names.h>

#include "daemon/xen/domains.h"
#include "lib/host/tree.h"
#include "lib/text.h"

/* Enough for any xenstore path below a request. */
#define NODE_SIZE 128

int request_domid_of(const char *store_path)
{
    static const char prefix[] = "/libxl/", suffix[] = "/scmi/state";
    size_t len = strlen(store_path);
    int domid;

    if (len <= sizeof(prefix) - 1 + sizeof(suffix) - 1 ||
        strncmp(store_path, prefix, sizeof(prefix) - 1) ||
        strcmp(store_path + len - (sizeof(suffix) - 1), suffix))
        return -1;
    domid = domain_parse_id(store_path + sizeof(prefix) - 1,
                            len - (sizeof(prefix) - 1) - (sizeof(suffix) - 1));
    return domid > 0 ? domid : -1;
}

static int read_node(struct store *store, store_txn txn, uint32_t domid,
                     const char *node, char **ret_value)
{
    char path[NODE_SIZE];

    snprintf(path, sizeof(path), SCMI_MED_REQUEST_FMT "/%s", domid, node);
    return store_read(store, txn, path, ret_value);
}

int request_is_pending(struct store *store, store_txn txn, uint32_t domid)
{
    char *state;
    int rc = read_node(store, txn, domid, "state", &state);

    if (rc == -ENOENT || rc == -EBADMSG)
        return false;
    if (rc)
        return rc;
    rc = !strcmp(state, SCMI_MED_STATE_REQUESTED);
    free(state);
    return rc;
}

/* What is wrong with a path; NULL if nothing is. */
static const char *path_defect(const char *path)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        "/,._+-@#";
    size_t len = strlen(path);

    if (path[0] != '/')
        return "is not absolute";
    if (len >= HOST_PATH_SIZE)
        return "is too long";
    if (strspn(path, allowed) != len)
        return "contains characters that no device tree path has";
    if (len == 1)
        return "is the root of the tree";
    if (strstr(path, "//") || path[len - 1] == '/')
        return "contains an empty name";
    return NULL;
}

static int read_path(struct store *store, store_txn txn,
                     struct request *request, struct reason *why)
{
    size_t n = request->nr_paths;
    const char *defect;
    char node[64], *path;
    int rc;

    snprintf(node, sizeof(node), "device/%zu/path", n);
    rc = read_node(store, txn, request->domid, node, &path);
    if (rc == -ENOENT || rc == -EBADMSG)
        return reason_set(why, -EINVAL, "the request is malformed: %s is "
                          "missing or no text", node);
    if (rc)
        return rc;
    request->paths[request->nr_paths++] = path;

    defect = path_defect(path);
    if (defect)
        return reason_set(why, -EINVAL, "the request is malformed: the path "
                          "of its device %zu %s", n, defect);
    return 0;
}

static int count_devices(struct store *store, store_txn txn, uint32_t domid,
                         size_t *ret_count, struct reason *why)
{
    char path[NODE_SIZE], **names;
    size_t nr, i;
    int rc;

    snprintf(path, sizeof(path), SCMI_MED_REQUEST_FMT "/device", domid);
    rc = store_list(store, txn, path, &names, &nr);
    if (rc == -ENOENT) {
        *ret_count = 0;
        return 0;
    }
    if (rc)
        return rc;

    if (nr > SCMI_MED_REQUEST_MAX_DEVICES)
        rc = reason_set(why, -EINVAL, "the request has %zu devices, at most "
                        "%d are allowed", nr, SCMI_MED_REQUEST_MAX_DEVICES);
    /* As many numbers below their count, all different: 0, 1, ... */
    for (i = 0; !rc && i < nr; i++)
        if (text_parse_index(names[i], strlen(names[i]), (long)nr) < 0)
            rc = reason_set(why, -EINVAL, "the request is malformed: its "
                            "devices are not numbered 0, 1, ...");
    free(names);
    if (!rc)
        *ret_count = nr;
    return rc;
}

static int check_version(struct store *store, store_txn txn, uint32_t domid,
                         struct reason *why)
{
    char *version;
    int rc = read_node(store, txn, domid, "version", &version);

    if (rc == -ENOENT || rc == -EBADMSG)
        return reason_set(why, -EINVAL, "the request is malformed: it has no "
                          "version");
    if (rc)
        return rc;
    if (strcmp(version, SCMI_MED_REQUEST_VERSION))
        rc = reason_set(why, -EINVAL, "the libxl plugin and scmi-medd are of "
                        "different versions (the request is not version "
                        SCMI_MED_REQUEST_VERSION "): install them from the "
                        "same release");
    free(version);
    return rc;
}

int request_read(struct store *store, store_txn txn, uint32_t domid,
                 struct request *ret_request, struct reason *why)
{
    struct request request = { .domid = domid };
    size_t count;
    int rc;

    rc = check_version(store, txn, domid, why);
    if (!rc)
        rc = count_devices(store, txn, domid, &count, why);
    if (rc)
        return rc;

    request.paths = calloc(count + 1, sizeof(*request.paths));
    rc = request.paths ? 0 : -ENOMEM;
    while (!rc && request.nr_paths < count)
        rc = read_path(store, txn, &request, why);

    if (rc)
        request_done(&request);
    else
        *ret_request = request;
    return rc;
}

int request_of_device(uint32_t domid, const char *path,
                      struct request *ret_request, struct reason *why)
{
    struct request request = { .domid = domid };
    const char *defect = path_defect(path);

    if (defect)
        return reason_set(why, -EINVAL, "the path of the device %s", defect);
    request.paths = calloc(2, sizeof(*request.paths));
    if (request.paths)
        request.paths[0] = strdup(path);
    if (!request.paths || !request.paths[0]) {
        free(request.paths);
        return reason_set(why, -ENOMEM, "%s", strerror(ENOMEM));
    }
    request.nr_paths = 1;
    *ret_request = request;
    return 0;
}

bool request_is_equal(const struct request *a, const struct request *b)
{
    size_t i;

    if (a->domid != b->domid || a->nr_paths != b->nr_paths)
        return false;
    for (i = 0; i < a->nr_paths; i++)
        if (strcmp(a->paths[i], b->paths[i]))
            return false;
    return true;
}

void request_done(struct request *request)
{
    size_t i;

    for (i = 0; i < request->nr_paths; i++)
        free(request->paths[i]);
    free(request->paths);
    *request = (struct request){ 0 };
}
