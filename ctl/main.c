/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scmi-medctl's command line. */

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <scmi-med/names.h>

#include "ctl/check/check.h"
#include "ctl/client/monitor.h"
#include "ctl/client/verbs.h"
#include "ctl/guest-dtb/guest-dtb.h"
#include "ctl/selftest/selftest.h"
#include "ctl/top/top.h"
#include "lib/text.h"

static void help(FILE *out)
{
    const struct ctl_verb *verb;

    fputs("Usage: scmi-medctl [OPTION]... VERB [ARGUMENT]...; see "
          "scmi-medctl(8). Verbs:\n", out);
    for (verb = ctl_verbs; verb->name; verb++)
        fprintf(out, "  %-10s%s\n", verb->name, verb->help);
    fputs("  monitor   events as they happen, one per line\n"
          "  top       calls per second of each agent; on a terminal, until q\n"
          "  check     FILE.dtb|-: what a host device tree says about SCMI, and "
          "what to do\n"
          "  guest-dtb --device PATH... -o FILE: a partial device tree for xl, "
          "and xl.cfg\n"
          "  selftest  whether Xen, firmware, libxl and daemon are ready, or what "
          "to do\n"
          "Options: --help, --version, and\n"
          "  --json, --no-headings   print JSON; leave out the names of the columns\n"
          "  --socket PATH           by default " SCMI_MED_SOCKET_PATH "\n"
          "  --device PATH, -o FILE  of guest-dtb: a host device; where to write\n"
          "  --fdt, --policy FILE    host tree ("
          SCMI_MED_HOST_FDT_PATH "); of check: a policy\n"
          "  -d, --delay SECONDS; -n, --samples NUMBER   of top: how often, how many\n"
          "Exit status: 0 done, 1 usage, 2 no daemon, 3 refused, 4 bad answer, "
          "5-9: manual\n", out);
}

static void version(FILE *out)
{
    fputs("scmi-medctl " SCMI_MED_VERSION_STRING "\n", out);
}

/* The array holds one more than a domain can have: guest-dtb refuses that. */
static void add_device(struct ctl_options *options, char *path)
{
    if (options->nr_devices < CTL_MAX_DEVICES)
        options->devices[options->nr_devices++] = path;
}

static bool parse_delay(const char *text, struct ctl_options *options)
{
    char *end;
    double seconds = strtod(text, &end);
    bool ok = isdigit((unsigned char)*text) && !*end && seconds >= 0.1 &&
              seconds <= 3600;

    if (!ok)
        fprintf(stderr, "scmi-medctl: --delay %s: not a number of seconds from "
                "0.1 to 3600\n", text);
    options->delay_ms = ok ? (int)(seconds * 1000) : 0;
    return ok;
}

static bool parse_samples(const char *text, struct ctl_options *options)
{
    uint32_t nr;
    bool ok = !text_parse_u32(text, &nr) && nr && nr <= 1000000000;

    if (!ok)
        fprintf(stderr, "scmi-medctl: --samples %s: not a number from 1 on\n",
                text);
    options->samples = ok ? nr : 0;
    return ok;
}

enum { JSON = 256, NO_HEADINGS, SOCKET, FDT, POLICY, DEVICE, HELP, VERSION };

static const struct option longs[] = {
    { "json", no_argument, NULL, JSON },
    { "no-headings", no_argument, NULL, NO_HEADINGS },
    { "socket", required_argument, NULL, SOCKET },
    { "device", required_argument, NULL, DEVICE },
    { "fdt", required_argument, NULL, FDT },
    { "policy", required_argument, NULL, POLICY },
    { "output", required_argument, NULL, 'o' },
    { "delay", required_argument, NULL, 'd' },
    { "samples", required_argument, NULL, 'n' },
    { "help", no_argument, NULL, HELP },
    { "version", no_argument, NULL, VERSION },
    { NULL, 0, NULL, 0 },
};

/* Returns false if the option is unknown or its argument is wrong. */
static bool parse_option(int option, char *arg, struct ctl_options *options)
{
    bool ok = true;

    switch (option) {
    case JSON:
        options->json = true;
        break;
    case NO_HEADINGS:
        options->headings = false;
        break;
    case SOCKET:
        options->socket_path = arg;
        break;
    case DEVICE:
        add_device(options, arg);
        break;
    case FDT:
        options->fdt = arg;
        break;
    case POLICY:
        options->policy = arg;
        break;
    case 'o':
        options->output = arg;
        break;
    case 'd':
        ok = parse_delay(arg, options);
        break;
    case 'n':
        ok = parse_samples(arg, options);
        break;
    default:
        ok = false;
    }
    return ok;
}

/* Prints the help or the version. Returns the exit status. */
static int write_out(void (*write)(FILE *out))
{
    errno = 0;
    write(stdout);
    if (!fflush(stdout) && !ferror(stdout))
        return CTL_OK;
    fprintf(stderr, "scmi-medctl: cannot write the output: %s\n",
            strerror(errno));
    return CTL_USAGE;
}

/* Returns -1 to continue, or the exit status. */
static int parse_options(int argc, char **argv, struct ctl_options *options)
{
    int option;

    while ((option = getopt_long(argc, argv, "o:d:n:", longs, NULL)) != -1) {
        if (option == HELP)
            return write_out(help);
        if (option == VERSION)
            return write_out(version);
        if (!parse_option(option, optarg, options)) {
            fputs("Try: scmi-medctl --help\n", stderr);
            return CTL_USAGE;
        }
    }
    return -1;
}

static enum ctl_status selftest(char *const *args,
                                const struct ctl_options *options, FILE *out,
                                char error[CTL_ERROR_SIZE])
{
    return ctl_selftest(args, options, &selftest_paths, out, error);
}

static enum ctl_status guest_dtb(char *const *args,
                                 const struct ctl_options *options, FILE *out,
                                 char error[CTL_ERROR_SIZE])
{
    struct ctl_options with_args = *options;

    for (; *args; args++)
        add_device(&with_args, *args);
    return ctl_guest_dtb(&with_args, out, stderr, error);
}

/* The verbs that are not just one call of the daemon. */
static const struct {
    const char *name;
    enum ctl_status (*run)(char *const *args,
                           const struct ctl_options *options, FILE *out,
                           char error[CTL_ERROR_SIZE]);
} own_verbs[] = {
    { "monitor", ctl_monitor },
    { "top", ctl_top },
    { "check", ctl_check },
    { "guest-dtb", guest_dtb },
    { "selftest", selftest },
};

static enum ctl_status run(char *const *args,
                           const struct ctl_options *options,
                           char error[CTL_ERROR_SIZE])
{
    const struct ctl_verb *verb;
    size_t i;

    for (i = 0; i < sizeof(own_verbs) / sizeof(own_verbs[0]); i++)
        if (!strcmp(own_verbs[i].name, *args))
            return own_verbs[i].run(args + 1, options, stdout, error);
    verb = ctl_verb_find(*args);
    if (!verb)
        return ctl_fail(CTL_USAGE, error, "%s: no such verb", *args);
    return ctl_verb_run(verb, args + 1, options, stdout, error);
}

int main(int argc, char **argv)
{
    struct ctl_options options = {
        .socket_path = SCMI_MED_SOCKET_PATH,
        .timeout_ms = CTL_TIMEOUT_MS,
        .headings = true,
        .delay_ms = TOP_DELAY_MS,
    };
    char error[CTL_ERROR_SIZE] = "";
    int status;

    status = parse_options(argc, argv, &options);
    if (status >= 0)
        return status;
    if (optind == argc) {
        help(stderr);
        return CTL_USAGE;
    }
    status = run(argv + optind, &options, error);
    if (*error)
        fprintf(stderr, "scmi-medctl: %s\n%s", error, status == CTL_USAGE
                ? "Try: scmi-medctl --help\n" : "");
    return status;
}
