/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl: command line. */

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <scmi-med/names.h>

#include "ctl/check.h"
#include "ctl/verbs.h"

static void help(FILE *out)
{
    const struct ctl_verb *verb;

    fputs("Usage: scmi-medctl [OPTION]... VERB [ARGUMENT]...\n"
          "   or: scmi-medctl [OPTION]... check FILE.dtb|-\n"
          "Shows which Xen domain may use which device of the SCMI firmware.\n"
          "\nVerbs:\n", out);
    for (verb = ctl_verbs; verb->name; verb++)
        fprintf(out, "  %-12s%s\n", verb->name, verb->help);
    fprintf(out, "  %-12s%s\n", "check FILE", "what a host device tree says "
            "about SCMI, and what to change");
    fputs("\nOptions:\n"
          "  --json          the daemon's answer as JSON\n"
          "  --no-headings   no line with the names of the columns\n"
          "  --socket PATH   the daemon's socket, by default " SCMI_MED_SOCKET_PATH "\n"
          "  --help          this text\n"
          "  --version       the version\n"
          "\nExit status: 0 done, 1 wrong usage, 2 the daemon cannot be\n"
          "reached, 3 it answered with an error, 4 its answer is not valid.\n"
          "Of check: 0 nothing but notes, 5 warnings, 6 errors, 7 the file is no\n"
          "device tree.\n",
          out);
}

/* Returns -1 to go on, else what to exit with. */
static int parse_options(int argc, char **argv, struct ctl_options *options)
{
    enum { JSON = 256, NO_HEADINGS, SOCKET, HELP, VERSION };
    static const struct option longs[] = {
        { "json", no_argument, NULL, JSON },
        { "no-headings", no_argument, NULL, NO_HEADINGS },
        { "socket", required_argument, NULL, SOCKET },
        { "help", no_argument, NULL, HELP },
        { "version", no_argument, NULL, VERSION },
        { NULL, 0, NULL, 0 },
    };
    int option;

    while ((option = getopt_long(argc, argv, "", longs, NULL)) != -1) {
        switch (option) {
        case JSON:
            options->json = true;
            break;
        case NO_HEADINGS:
            options->headings = false;
            break;
        case SOCKET:
            options->socket_path = optarg;
            break;
        case HELP:
            help(stdout);
            return CTL_OK;
        case VERSION:
            puts("scmi-medctl " SCMI_MED_VERSION_STRING);
            return CTL_OK;
        default:
            fputs("Try: scmi-medctl --help\n", stderr);
            return CTL_USAGE;
        }
    }
    return -1;
}

int main(int argc, char **argv)
{
    struct ctl_options options = {
        .socket_path = SCMI_MED_SOCKET_PATH,
        .timeout_ms = CTL_TIMEOUT_MS,
        .headings = true,
    };
    const struct ctl_verb *verb;
    char error[CTL_ERROR_SIZE];
    int status;

    status = parse_options(argc, argv, &options);
    if (status >= 0)
        return status;
    if (optind == argc) {
        help(stderr);
        return CTL_USAGE;
    }
    if (!strcmp(argv[optind], "check")) {
        status = ctl_check(argv + optind + 1, &options, stdout, error);
        if (*error)
            fprintf(stderr, "scmi-medctl: %s\n", error);
        return status;
    }
    verb = ctl_verb_find(argv[optind]);
    if (!verb) {
        fprintf(stderr, "scmi-medctl: %s: no such verb\n"
                "Try: scmi-medctl --help\n", argv[optind]);
        return CTL_USAGE;
    }
    status = ctl_verb_run(verb, argv + optind + 1, &options, stdout, error);
    if (status)
        fprintf(stderr, "scmi-medctl: %s\n%s", error, status == CTL_USAGE
                ? "Try: scmi-medctl --help\n" : "");
    return status;
}
