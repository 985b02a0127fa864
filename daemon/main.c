/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scmi-medd: arguments, signals, the service manager, the exit status. The
 * work is done by manager.c.
 */

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include <scmi-med/names.h>

#include "daemon/control/event.h"
#include "daemon/control/methods.h"
#include "daemon/control/server.h"
#include "daemon/exit.h"
#include "daemon/log.h"
#include "daemon/loop.h"
#include "daemon/manager.h"
#include "daemon/watchdog.h"

/*
 * What one turn of the loop may take of the processor, in seconds: it takes
 * milliseconds. The service manager's watchdog, which looks at the time alone
 * and would also end a daemon that gets no processor, is for a turn that waits
 * for ever, and has a long time.
 */
#define TURN_SECONDS 10

struct options {
    const char *socket_path;
    const char *fdt_path;
    const char *policy_path;
    const char *sysfs;
};

struct daemon {
    struct loop *loop;
    struct loop_signal *sigterm, *sigint, *sighup;
    struct loop_timer *watchdog;
    unsigned int watchdog_ms;
    struct manager *manager;
    struct server *server;
    int lock;
    char status[256];
};

static void print_help(void)
{
    printf("Usage: scmi-medd [OPTION]...\n"
           "Gives Xen guests on Arm their SCMI agents and device permissions.\n"
           "Runs in the foreground, as root in Dom0; see scmi-medd(8).\n"
           "\n"
           "  --socket PATH      control socket [%s]\n"
           "  --fdt PATH         host device tree [%s]\n"
           "  --policy FILE      policy, if there is one [%s]\n"
           "  --sysfs PATH       where sysfs is mounted [%s]\n"
           "  --log-level LEVEL  error, warning, notice, info, debug [info]\n"
           "  --help             show this text\n"
           "  --version          show the version\n"
           "\n"
           "SIGHUP reads the host device tree and the policy again.\n"
           "Exit status: %d other failure; %d wrong usage;\n"
           "%d no Xen; %d Xen without SCMI mediation; %d of another version; "
           "%d without agents;\n"
           "%d host device tree; %d no xenstored; %d control socket; "
           "%d xenstored went away;\n"
           "%d policy; %d another scmi-medd is running.\n",
           SCMI_MED_SOCKET_PATH, SCMI_MED_HOST_FDT_PATH, SCMI_MED_POLICY_PATH,
           SCMI_MED_SYSFS_PATH, EXIT_FAILURE_OTHER, EXIT_USAGE, EXIT_NO_XEN,
           EXIT_NO_MEDIATOR, EXIT_ABI, EXIT_NO_AGENTS, EXIT_HOST_TREE,
           EXIT_XENSTORE, EXIT_SOCKET, EXIT_XENSTORE_GONE, EXIT_POLICY,
           EXIT_ALREADY_RUNNING);
}

enum { SOCKET = 256, FDT, POLICY, SYSFS, LOG_LEVEL, HELP, VERSION };

static const struct option options_known[] = {
    { "socket", required_argument, NULL, SOCKET },
    { "fdt", required_argument, NULL, FDT },
    { "policy", required_argument, NULL, POLICY },
    { "sysfs", required_argument, NULL, SYSFS },
    { "log-level", required_argument, NULL, LOG_LEVEL },
    { "help", no_argument, NULL, HELP },
    { "version", no_argument, NULL, VERSION },
    { NULL, 0, NULL, 0 },
};

/* Returns -1 to go on, else what to exit with. */
static int parse_options(int argc, char **argv, struct options *options)
{
    int option, level;

    while ((option = getopt_long(argc, argv, "", options_known, NULL)) != -1) {
        switch (option) {
        case SOCKET:
            options->socket_path = optarg;
            break;
        case FDT:
            options->fdt_path = optarg;
            break;
        case POLICY:
            options->policy_path = optarg;
            break;
        case SYSFS:
            options->sysfs = optarg;
            break;
        case LOG_LEVEL:
            level = log_parse_level(optarg);
            if (level < 0) {
                fprintf(stderr, "scmi-medd: unknown log level \"%s\"; try "
                        "--help\n", optarg);
                return EXIT_USAGE;
            }
            log_set_level(level);
            break;
        case HELP:
            print_help();
            return EXIT_DONE;
        case VERSION:
            printf("scmi-medd %s (hypercall interface %d)\n",
                   SCMI_MED_VERSION_STRING, SCMI_MED_VERSION);
            return EXIT_DONE;
        default:
            fprintf(stderr, "Try scmi-medd --help\n");
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "scmi-medd: unexpected argument \"%s\"; try --help\n",
                argv[optind]);
        return EXIT_USAGE;
    }
    return -1;
}

static void on_status(void *context, const char *line)
{
    struct daemon *daemon = context;

    if (!strcmp(line, daemon->status))
        return;
    snprintf(daemon->status, sizeof(daemon->status), "%s", line);
    sd_notifyf(0, "STATUS=%s", line);
}

/* Forwards events of the log to the followers. */
static void on_event(void *context, int priority,
                     const struct log_context *log_context,
                     const char *message)
{
    struct daemon *daemon = context;
    char *text;

    if (!server_nr_followers(daemon->server))
        return;
    text = event_text(priority, log_context, message);
    if (text)
        server_publish(daemon->server, text);
    free(text);
}

static void on_end(void *context)
{
    struct daemon *daemon = context;

    sd_notify(0, "STOPPING=1");
    loop_stop(daemon->loop);
}

static void on_reload(void *context)
{
    struct daemon *daemon = context;
    struct reason logged;

    sd_notify(0, "RELOADING=1");
    (void)manager_reload(daemon->manager, &logged);
    sd_notify(0, "READY=1");
}

static void on_watchdog(void *context)
{
    struct daemon *daemon = context;

    sd_notify(0, "WATCHDOG=1");
    (void)loop_timer_start(daemon->watchdog, daemon->watchdog_ms);
}

static int set_up_events(struct daemon *daemon)
{
    struct loop *loop = daemon->loop;
    uint64_t usec = 0;

    daemon->sigterm = loop_signal_new(loop, SIGTERM, on_end, daemon);
    daemon->sigint = loop_signal_new(loop, SIGINT, on_end, daemon);
    daemon->sighup = loop_signal_new(loop, SIGHUP, on_reload, daemon);
    daemon->watchdog = loop_timer_new(loop, on_watchdog, daemon);
    if (!daemon->sigterm || !daemon->sigint || !daemon->sighup ||
        !daemon->watchdog)
        return -ENOMEM;

    if (sd_watchdog_enabled(0, &usec) > 0) {
        /* Twice in each period, so that one may come late. */
        daemon->watchdog_ms = (unsigned int)(usec / 2000);
        return loop_timer_start(daemon->watchdog, daemon->watchdog_ms);
    }
    return 0;
}

static enum daemon_exit start(struct daemon *daemon,
                              const struct options *options,
                              struct reason *why)
{
    const struct manager_config config = {
        .fdt_path = options->fdt_path,
        .policy_path = options->policy_path,
        .sysfs = options->sysfs,
        .on_status = on_status,
        .context = daemon,
    };
    struct server_config server = {
        .path = options->socket_path,
        .handler = methods_call,
        .gap_message = event_gap,
    };
    const struct log_context started = {
        .agent_id = -1, .message_id = LOG_ID_STARTED,
    };
    enum daemon_exit status;

    daemon->lock = server_lock(options->socket_path, why);
    if (daemon->lock < 0)
        return daemon->lock == -EBUSY ? EXIT_ALREADY_RUNNING
                                      : EXIT_SOCKET;

    daemon->loop = loop_new();
    if (!daemon->loop || set_up_events(daemon)) {
        reason_set(why, -ENOMEM, "cannot set up the event loop");
        return EXIT_FAILURE_OTHER;
    }
    status = manager_new(daemon->loop, &config, &daemon->manager, why);
    if (status != EXIT_DONE)
        return status;
    server.context = daemon->manager;
    if (server_new(daemon->loop, &server, &daemon->server, why)) {
        struct reason cause = *why;

        reason_set(why, -1, "cannot make the control socket: %.1024s",
                   cause.text);
        return EXIT_SOCKET;
    }

    log_set_listener(on_event, daemon);
    manager_start(daemon->manager);
    if (manager_exit(daemon->manager) == EXIT_DONE) {
        sd_notify(0, "READY=1");
        log_write(LOG_INFO, &started, "scmi-medd %s is ready: %s",
                  SCMI_MED_VERSION_STRING, daemon->status);
    }
    return EXIT_DONE;
}

static void finish(struct daemon *daemon)
{
    watchdog_stop();
    log_set_listener(NULL, NULL);
    server_free(daemon->server);
    manager_free(daemon->manager);
    loop_timer_free(daemon->watchdog);
    loop_signal_free(daemon->sighup);
    loop_signal_free(daemon->sigint);
    loop_signal_free(daemon->sigterm);
    loop_free(daemon->loop);
    /* Unlinking the file would let two daemons lock two different files. */
    if (daemon->lock >= 0)
        close(daemon->lock);
}

int main(int argc, char **argv)
{
    struct options options = {
        .socket_path = SCMI_MED_SOCKET_PATH,
        .fdt_path = SCMI_MED_HOST_FDT_PATH,
        .policy_path = SCMI_MED_POLICY_PATH,
        .sysfs = SCMI_MED_SYSFS_PATH,
    };
    struct daemon daemon = { .lock = -1 };
    struct reason why = { "" };
    int status;

    status = parse_options(argc, argv, &options);
    if (status >= 0)
        return status;

    signal(SIGPIPE, SIG_IGN);
    status = start(&daemon, &options, &why);
    if (status != EXIT_DONE) {
        log_error("%s", why.text);
        sd_notifyf(0, "STATUS=%.256s", why.text);
    } else {
        if (manager_exit(daemon.manager) == EXIT_DONE &&
            (watchdog_start(TURN_SECONDS, 1000) || loop_run(daemon.loop)))
            status = EXIT_FAILURE_OTHER;
        else
            status = manager_exit(daemon.manager);
    }
    finish(&daemon);
    return status;
}
