/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of the daemon and the host tree, see selftest.h. */

#include "ctl/selftest/selftest.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <scmi-med/names.h>

#include "ctl/client/view.h"
#include "ctl/selftest/private.h"
#include "lib/host/tree.h"
#include "scmi-med.h"

#define START "systemctl start scmi-medd; if it ends again, " \
    "journalctl -u scmi-medd says why"

static json_int_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static bool has_feature(const json_t *status, const char *name)
{
    const json_t *firmware = json_object_get(status, "firmware");
    const json_t *feature;
    size_t i;

    json_array_foreach(json_object_get(firmware, "features"), i, feature)
        if (!strcmp(json_string_value(feature), name))
            return true;
    return false;
}

static void check_firmware(json_t *checks, const json_t *status)
{
    if (!has_feature(status, "trusted"))
        selftest_add(checks, "firmware", "see \"xl dmesg\", and the trusted "
                     "node of the host tree: scmi-medctl check", "Xen cannot "
                     "talk to it as its trusted agent");
    else
        selftest_add(checks, "firmware", NULL, "Base protocol 0x%" PRIx64
                     ", %s device permissions, %s reset of agents; resources "
                     "kept apart by %s",
                     (uint64_t)number_of(json_object_get(status, "firmware"),
                                         "base_version"),
                     has_feature(status, "device-permissions") ? "with"
                                                               : "without",
                     has_feature(status, "reset") ? "with" : "without",
                     has_feature(status, "keeps-apart") ? "Xen and the firmware"
                                                        : "Xen");
}

/* "hypervisor" needs no more: the daemon runs only on a patched Xen. */
static void check_status(json_t *checks, const json_t *status)
{
    const char *version = view_text_of(status, "version");
    json_int_t abi = number_of(status, "abi");
    json_int_t total = number_of(status, "agents_total");
    json_int_t quarantined = number_of(status, "agents_quarantined");

    selftest_add(checks, "daemon",
                 strcmp(version, SCMI_MED_VERSION_STRING)
                 ? "install both from the same release; systemctl restart "
                   "scmi-medd" : NULL, "scmi-medd %s, this is scmi-medctl "
                 SCMI_MED_VERSION_STRING, version);
    selftest_add(checks, "hypervisor", abi != SCMI_MED_VERSION
                 ? "install Xen, scmi-medd and scmi-medctl from the same "
                   "release" : NULL, "it mediates SCMI, interface version %"
                 JSON_INTEGER_FORMAT "; scmi-medctl has %d", abi,
                 SCMI_MED_VERSION);
    check_firmware(checks, status);
    selftest_add(checks, "agents", !total ? "describe agents for guests in "
                 "the host tree: scmi-medctl check" : quarantined
                 ? "scmi-medctl reset AGENT; see: scmi-medctl agents" : NULL,
                 "%" JSON_INTEGER_FORMAT " for guests, %" JSON_INTEGER_FORMAT
                 " free, %" JSON_INTEGER_FORMAT " quarantined", total,
                 number_of(status, "agents_free"), quarantined);
}

static void check_daemon(json_t *checks, const struct ctl_options *options)
{
    static const char *const others[] = { "hypervisor", "firmware", "agents" };
    char error[CTL_ERROR_SIZE];
    enum ctl_status rc;
    json_t *status = NULL;
    size_t i;

    rc = ctl_call(options->socket_path, "GetStatus", NULL, options->timeout_ms,
                  &status, error);
    if (!rc) {
        check_status(checks, status);
        json_decref(status);
        return;
    }
    selftest_add(checks, "daemon", rc == CTL_UNREACHABLE ? START
                 : "journalctl -u scmi-medd may say more", "%s", error);
    for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        selftest_unknown(checks, others[i], "start the daemon first");
}

static void check_tree(json_t *checks, const char *path)
{
    size_t i, nr_ids = 0, nr_problems = 0;
    struct host_tree tree;
    struct reason why;

    if (host_tree_read(path, &tree, &why)) {
        selftest_add(checks, "host tree", "run this in Dom0 as root, or name "
                     "a file with --fdt", "%s: %s", path, why.text);
        return;
    }
    for (i = 0; i < tree.nr_devices; i++) {
        nr_ids += tree.devices[i].nr_device_ids && !tree.devices[i].problem;
        nr_problems += tree.devices[i].problem != NULL;
    }
    if (!tree.trusted_path)
        selftest_add(checks, "host tree", "add a \"xen,sci\" node below "
                     "/chosen: scmi-medctl check says more",
                     "it has no trusted SCMI node");
    else
        selftest_add(checks, "host tree", nr_ids ? NULL : "name devices' ids "
                     "in \"access-controllers\": scmi-medctl check says more",
                     "%zu devices for guests, %zu that cannot be used",
                     nr_ids, nr_problems);
    host_tree_done(&tree);
}

static void check_line(const struct view *view, struct libscols_line *line,
                       const json_t *check)
{
    (void)view;
    view_set_text(line, 0, check, "check");
    view_set_text(line, 1, check, "result");
    if (json_is_string(json_object_get(check, "remedy")))
        view_set_cell(line, 2, "%s. To do: %s", view_text_of(check, "text"),
                      view_text_of(check, "remedy"));
    else
        view_set_text(line, 2, check, "text");
}

static bool print(json_t *checks, bool is_ok, const struct ctl_options *options,
                  FILE *out)
{
    static const struct view_column columns[] = {
        { "CHECK", VIEW_TEXT }, { "RESULT", VIEW_TEXT },
        { "FINDING", SCOLS_FL_WRAP }, { NULL, 0 },
    };
    json_t *answer;
    bool ok;

    if (!options->json)
        return view_show_list(checks, columns, check_line, options->headings,
                              out);
    answer = json_pack("{s:b, s:O}", "ok", is_ok, "checks", checks);
    ok = answer && !json_dumpf(answer, out, JSON_INDENT(2)) &&
         putc('\n', out) != EOF;
    json_decref(answer);
    return ok;
}

enum ctl_status ctl_selftest(char *const args[],
                             const struct ctl_options *options,
                             const struct selftest_paths *paths, FILE *out,
                             char error[CTL_ERROR_SIZE])
{
    json_t *checks = json_array(), *check;
    bool is_ok = true;
    size_t i;

    error[0] = '\0';
    if (args[0]) {
        json_decref(checks);
        return ctl_fail(CTL_USAGE, error, "selftest takes no arguments");
    }
    check_daemon(checks, options);
    check_tree(checks, options->fdt ? options->fdt : SCMI_MED_HOST_FDT_PATH);
    selftest_files(checks, paths);
    json_array_foreach(checks, i, check)
        is_ok = is_ok && !strcmp(view_text_of(check, "result"), "ok");
    errno = 0;
    if (!print(checks, is_ok, options, out) || fflush(out)) {
        json_decref(checks);
        return ctl_fail(CTL_USAGE, error, "cannot write the output: %s",
                        strerror(errno ? errno : ENOMEM));
    }
    json_decref(checks);
    return is_ok ? CTL_OK : CTL_NOT_READY;
}
