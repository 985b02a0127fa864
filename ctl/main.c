/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl: command line. */

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <scmi-med/names.h>

#include "ctl/client.h"
#include "ctl/show.h"

struct options {
    const char *socket_path;
    bool json;
    bool headings;
};

static void help(FILE *out)
{
    const struct ctl_verb *verb;

    fputs("usage: scmi-medctl [OPTION]... VERB\n"
          "Shows which Xen domain may use which device of the SCMI firmware.\n"
          "\nVerbs:\n", out);
    for (verb = ctl_verbs; verb->name; verb++)
        fprintf(out, "  %-10s%s\n", verb->name, verb->help);
    fputs("\nOptions:\n"
          "  --json          the daemon's answer as JSON\n"
          "  --no-headings   no line with the names of the columns\n"
          "  --socket PATH   of the daemon, " SCMI_MED_SOCKET_PATH "\n"
          "  --help          this text\n"
          "  --version       the version\n"
          "\nExit status: 0 done, 1 wrong usage, 2 the daemon cannot be\n"
          "reached, 3 it answered with an error, 4 its answer is not valid.\n",
          out);
}

static int run(const struct ctl_verb *verb, const struct options *options)
{
    char error[CTL_ERROR_SIZE];
    enum ctl_status status;
    json_t *parameters;

    status = ctl_call(options->socket_path, verb->method, &parameters, error);
    if (status) {
        fprintf(stderr, "scmi-medctl: %s\n", error);
        return status;
    }
    if (options->json) {
        json_dumpf(parameters, stdout, JSON_INDENT(2));
        putchar('\n');
    } else if (!verb->show(parameters, options->headings, stdout)) {
        fprintf(stderr, "scmi-medctl: scmi-medd's answer is not as expected\n");
        status = CTL_BAD_ANSWER;
    }
    json_decref(parameters);
    if (fflush(stdout) || ferror(stdout)) {
        perror("scmi-medctl: standard output");
        return CTL_USAGE;
    }
    return status;
}

int main(int argc, char *argv[])
{
    static const struct option long_options[] = {
        { "json", no_argument, NULL, 'j' },
        { "no-headings", no_argument, NULL, 'n' },
        { "socket", required_argument, NULL, 's' },
        { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, 'v' },
        { NULL, 0, NULL, 0 },
    };
    struct options options = { SCMI_MED_SOCKET_PATH, false, true };
    const struct ctl_verb *verb;
    int option;

    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        switch (option) {
        case 'j':
            options.json = true;
            break;
        case 'n':
            options.headings = false;
            break;
        case 's':
            options.socket_path = optarg;
            break;
        case 'h':
            help(stdout);
            return CTL_OK;
        case 'v':
            puts("scmi-medctl " SCMI_MED_VERSION_STRING);
            return CTL_OK;
        default:
            fputs("Try: scmi-medctl --help\n", stderr);
            return CTL_USAGE;
        }
    }
    if (argc - optind != 1) {
        help(stderr);
        return CTL_USAGE;
    }
    for (verb = ctl_verbs; verb->name; verb++)
        if (!strcmp(verb->name, argv[optind]))
            return run(verb, &options);
    fprintf(stderr, "scmi-medctl: no such verb: %s\n"
            "Try: scmi-medctl --help\n", argv[optind]);
    return CTL_USAGE;
}
