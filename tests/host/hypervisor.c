/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xen and the firmware for tests/host: the in-Xen files, unmodified, and the
 * model of the firmware. It is a process of its own, so that it outlasts the
 * daemon. Serves hypercalls, and commands of the test driver, on the socket
 * argv[1]; see protocol.h.
 */

#include "world.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <asm/scmi-med.h>

#include "tests/host/protocol.h"

#define MAX_CLIENTS 64
#define REPLY_SIZE 8192

/* If not 0: what every mediation hypercall returns, without being executed. */
static long forced_result;

static void hypercall(struct hypercall *call)
{
    uint32_t version = call->op.version;

    call->result = forced_result;
    if (!forced_result)
        do
            call->result = do_scmi_med_op(call->cmd, &call->op);
        while (call->result == HARNESS_CONTINUATION);
    assert(harness_locks == 0);
    assert(version == SCMI_MED_VERSION);
}

/* ---- Commands of the test driver ------------------------------------------ */

static void put(char reply[REPLY_SIZE], const char *format, ...)
{
    size_t len = strlen(reply);
    va_list args;

    va_start(args, format);
    vsnprintf(reply + len, REPLY_SIZE - len, format, args);
    va_end(args);
}

/* boot [PATH]: boots Xen anew, with a tree without the node PATH. */
static void cmd_boot(const char *arg, char reply[REPLY_SIZE])
{
    uint32_t missing = firmware.missing;

    world_reset();
    firmware.missing = missing;
    if (*arg)
        tree_delete(arg, NULL);
    world_boot();
    put(reply, "ok");
}

/* missing MASK: messages that the firmware lacks after the next boot. */
static void cmd_missing(const char *arg, char reply[REPLY_SIZE])
{
    firmware.missing = (uint32_t)strtoul(arg, NULL, 0);
    put(reply, "ok");
}

static void cmd_create(const char *arg, char reply[REPLY_SIZE])
{
    uint16_t domid = (uint16_t)atoi(arg);

    assert(domid < HARNESS_DOMAINS && !harness_domains[domid].exists);
    world_domain(domid);
    put(reply, "ok");
}

/* destroy DOMID: as Xen does when the last reference is gone. */
static void cmd_destroy(const char *arg, char reply[REPLY_SIZE])
{
    uint16_t domid = (uint16_t)atoi(arg);
    struct domain *d = &harness_domains[domid];

    assert(domid && domid < HARNESS_DOMAINS && d->exists);
    d->is_dying = 1;
    d->devices_off = true;
    while (scmi_med_domain_destroy(d) == -ERESTART)
        ;
    assert(harness_locks == 0);
    d->exists = false;
    d->gfn = ~0UL;
    put(reply, "ok");
}

/* dying DOMID: keeps the domain in the state of dying, until destroy. */
static void cmd_dying(const char *arg, char reply[REPLY_SIZE])
{
    struct domain *d = &harness_domains[atoi(arg)];

    assert(d->exists);
    d->is_dying = 1;
    put(reply, "ok");
}

/*
 * domain DOMID: as XEN_SYSCTL_getdomaininfolist, for one domain: the first with
 * this id or a higher one, and "r" or "d" for running or dying.
 */
static void cmd_domain(const char *arg, char reply[REPLY_SIZE])
{
    unsigned int domid = (unsigned int)atoi(arg);

    while (domid < HARNESS_DOMAINS && !harness_domains[domid].exists)
        domid++;
    if (domid < HARNESS_DOMAINS)
        put(reply, "%u %c", domid, harness_domains[domid].is_dying ? 'd' : 'r');
    else
        put(reply, "none");
}

/* call DOMID: its message, CLOCK_RATE_GET; its status, and what the firmware saw. */
static void cmd_call(const char *arg, char reply[REPLY_SIZE])
{
    unsigned int calls = firmware.calls;
    int32_t status = world_message((uint16_t)atoi(arg), SCMI_CLOCK, 6, 1);

    put(reply, "status=%d forwarded=%u function_id=0x%x client_id=%u",
        status, firmware.calls - calls, (uint32_t)firmware.last[0],
        (uint32_t)firmware.last[7]);
}

/* clock DOMID ID: switches it on; its status. */
static void cmd_clock(const char *arg, char reply[REPLY_SIZE])
{
    unsigned int domid = 0, id = 0;

    if (sscanf(arg, "%u %u", &domid, &id) != 2)
        put(reply, "which clock?");
    else
        put(reply, "status=%d", world_message((uint16_t)domid, SCMI_CLOCK, 7, id, 1));
}

/*
 * fault N [MESSAGE [SKIP [TIMES]]]: the firmware fails in this way (enum
 * firmware_fault), at this message or all; SKIP succeed first, then TIMES fail,
 * or all.
 */
static void cmd_fault(const char *arg, char reply[REPLY_SIZE])
{
    int fault = 0;

    firmware.faulty_message = ~0U;
    firmware.skip = firmware.times = firmware.failed = 0;
    if (sscanf(arg, "%d %u %u %u", &fault, &firmware.faulty_message,
               &firmware.skip, &firmware.times) < 1)
        put(reply, "what fault?");
    if (firmware.faulty_message != ~0U)
        firmware.faulty_message = BASE_MESSAGE(firmware.faulty_message);
    firmware.fault = fault;
    put(reply, "ok");
}

/* result N: hypercalls return N from now on; 0: they work. */
static void cmd_result(const char *arg, char reply[REPLY_SIZE])
{
    forced_result = atoi(arg);
    put(reply, "ok");
}

/* The page that the agent's domains see. */
static bool is_scrubbed(unsigned int agent)
{
    const struct scmi_agent *a = scmi_med_find_agent(agent);
    const uint32_t *page = a ? memory_face(a->face_mfn.v) : NULL;
    unsigned int i;

    if (!page)
        return true;

    for (i = 0; i < PAGE_SIZE / 4; i++)
        if (page[i] && i != 1)
            return false;
    return page[1] == 1;
}

/* firmware: prints devices (a mask from 10 on) and resets of each agent. */
static void cmd_firmware(const char *arg, char reply[REPLY_SIZE])
{
    unsigned int n;

    (void)arg;
    for (n = 1; n <= NR_PAGES; n++)
        put(reply, "%u %u %u %d\n", n, firmware.devices[n], firmware.resets[n],
            is_scrubbed(n));
}

/* mapping DOMID: prints guest frame and machine frame of its page. */
static void cmd_mapping(const char *arg, char reply[REPLY_SIZE])
{
    const struct domain *d = &harness_domains[atoi(arg)];

    if (d->gfn == ~0UL)
        put(reply, "none");
    else
        put(reply, "0x%lx 0x%lx", d->gfn, d->mfn);
}

/* dirty AGENT: a domain leaves something in the page that it sees. */
static void cmd_dirty(const char *arg, char reply[REPLY_SIZE])
{
    memory_face(scmi_med_find_agent((uint32_t)atoi(arg))->face_mfn.v)[100] = 0x5ec2e7;
    put(reply, "ok");
}

static void cmd_log(const char *arg, char reply[REPLY_SIZE])
{
    (void)arg;
    put(reply, "%s", world_log);
}

static const struct {
    const char *name;
    void (*run)(const char *arg, char reply[REPLY_SIZE]);
} commands[] = {
    { "boot", cmd_boot }, { "missing", cmd_missing },
    { "create", cmd_create }, { "destroy", cmd_destroy },
    { "dying", cmd_dying }, { "domain", cmd_domain },
    { "call", cmd_call }, { "clock", cmd_clock }, { "fault", cmd_fault }, { "result", cmd_result },
    { "firmware", cmd_firmware }, { "mapping", cmd_mapping },
    { "dirty", cmd_dirty }, { "log", cmd_log },
};

static void command(char *text, char reply[REPLY_SIZE])
{
    char *arg = strchr(text, ' ');
    size_t i;

    if (arg)
        *arg++ = '\0';
    for (i = 0; i < ARRAY_SIZE(commands); i++)
        if (!strcmp(commands[i].name, text)) {
            commands[i].run(arg ? arg : "", reply);
            return;
        }
    put(reply, "no such command");
}

/* ---- The socket ------------------------------------------------------------ */

/* Serves one packet; false if the client is gone. */
static bool serve(int fd)
{
    union {
        struct hypercall call;
        char text[4096];
    } packet = { .call = { .zero = 0 } };
    char reply[REPLY_SIZE] = "";
    ssize_t len = recv(fd, &packet, sizeof(packet) - 1, 0);

    if (len <= 0)
        return false;
    if (packet.call.zero) {
        packet.text[len] = '\0';
        command(packet.text, reply);
        return send(fd, reply, strlen(reply) + 1, MSG_NOSIGNAL) > 0;
    }
    assert(len == sizeof(packet.call));
    hypercall(&packet.call);
    return send(fd, &packet.call, sizeof(packet.call), MSG_NOSIGNAL) > 0;
}

static int listen_on(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    assert(strlen(path) < sizeof(address.sun_path));
    strcpy(address.sun_path, path);
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
        listen(fd, MAX_CLIENTS)) {
        perror(path);
        exit(1);
    }
    return fd;
}

int main(int argc, char **argv)
{
    struct pollfd fds[1 + MAX_CLIENTS];
    unsigned int nr_fds = 1, i;

    if (argc != 2) {
        fputs("usage: hypervisor SOCKET\n", stderr);
        return 1;
    }
    world_reset();
    world_boot();
    fds[0] = (struct pollfd){ listen_on(argv[1]), POLLIN, 0 };
    puts("ready");
    fflush(stdout);

    while (poll(fds, nr_fds, -1) > 0) {
        for (i = nr_fds - 1; i > 0; i--)
            if (fds[i].revents && !serve(fds[i].fd)) {
                close(fds[i].fd);
                fds[i] = fds[--nr_fds];
            }
        if ((fds[0].revents & POLLIN) && nr_fds <= MAX_CLIENTS)
            fds[nr_fds++] = (struct pollfd){ accept(fds[0].fd, NULL, NULL),
                                             POLLIN, 0 };
    }
    return 1;
}
