/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb and the order of checks, see check.h. */

#include "ctl/check/check.h"

#include <errno.h>
#include <string.h>

#include "ctl/check/private.h"
#include "lib/policy/policy.h"

int lint_run(const struct host_tree *tree, const struct host_scmi *scmi,
             struct lint *ret_lint)
{
    struct lint lint = { .tree = tree, .scmi = scmi };

    lint_instances(&lint);
    lint_agents(&lint);
    lint_devices(&lint);
    lint_sharing(&lint);
    if (lint.no_memory || lint_sort(&lint)) {
        lint_done(&lint);
        return -ENOMEM;
    }
    *ret_lint = lint;
    return 0;
}

static enum ctl_status write_result(const struct lint *lint,
                                    const struct ctl_options *options,
                                    FILE *out, char error[CTL_ERROR_SIZE])
{
    json_t *check = check_to_json(lint);
    bool ok;

    if (!check)
        return ctl_fail(CTL_USAGE, error, "out of memory");
    errno = 0;
    if (options->json)
        ok = !json_dumpf(check, out, JSON_INDENT(2)) && putc('\n', out) != EOF;
    else
        ok = check_show(check, options->headings, out);
    json_decref(check);
    if (!ok || fflush(out))
        return ctl_fail(CTL_USAGE, error, "cannot write the output: %s",
                        strerror(errno ? errno : ENOMEM));

    switch (lint->worst) {
    case LINT_NOTE:
        break;
    case LINT_WARNING:
        return CTL_WARNINGS;
    case LINT_ERROR:
        return CTL_ERRORS;
    }
    return CTL_OK;
}

/* Checks that the daemon would accept the policy with this tree. */
static enum ctl_status check_policy(const char *file,
                                    const struct host_tree *tree,
                                    char error[CTL_ERROR_SIZE])
{
    struct policy policy = { 0 };
    struct reason why;
    int rc = policy_read(file, &policy, &why);

    if (!rc)
        rc = policy_check_tree(&policy, tree, &why);
    policy_done(&policy);
    return rc ? ctl_fail(CTL_BAD_POLICY, error, "%s", why.text) : CTL_OK;
}

static enum ctl_status check_tree(const struct host_tree *tree,
                                  const struct ctl_options *options, FILE *out,
                                  char error[CTL_ERROR_SIZE])
{
    enum ctl_status status;
    struct host_scmi scmi;
    struct lint lint;

    if (host_scmi_read(tree, &scmi))
        return ctl_fail(CTL_USAGE, error, "out of memory");
    if (lint_run(tree, &scmi, &lint)) {
        status = ctl_fail(CTL_USAGE, error, "out of memory");
    } else {
        status = write_result(&lint, options, out, error);
        lint_done(&lint);
    }
    host_scmi_done(&scmi);
    return status;
}

enum ctl_status ctl_check(char *const args[], const struct ctl_options *options,
                          FILE *out, char error[CTL_ERROR_SIZE])
{
    enum ctl_status status;
    struct host_tree tree;
    struct reason why;
    int rc;

    error[0] = '\0';
    if (!args[0] || args[1])
        return ctl_fail(CTL_USAGE, error, "check takes one file, or \"-\" for "
                        "standard input");
    rc = host_tree_read(args[0], &tree, &why);
    if (rc)
        return ctl_fail(rc == -EBADMSG || rc == -EFBIG ? CTL_BAD_TREE :
                        CTL_USAGE, error, "%s: %s", args[0], why.text);
    status = options->policy ? check_policy(options->policy, &tree, error)
                             : CTL_OK;
    if (status == CTL_OK)
        status = check_tree(&tree, options, out, error);
    host_tree_done(&tree);
    return status;
}
