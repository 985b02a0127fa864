/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preloaded into scmi-medd on a machine without Xen: what the daemon uses of
 * libxencall and libxenctrl. Hypercalls go to hypervisor.c, on the socket
 * $FAKE_XEN/hypervisor.
 *
 * It also kills the daemon on demand, see on_step(), and counts the daemon's
 * steps, see count_step().
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <xencall.h>
#include <xenctrl.h>
#include <xenstore.h>

#include "tests/host/protocol.h"

#define PATH_SIZE 512

static const char *in_folder(char path[PATH_SIZE], const char *name)
{
    const char *folder = getenv("FAKE_XEN");

    snprintf(path, PATH_SIZE, "%s/%s", folder ? folder : "/nonexistent", name);
    return path;
}

/* In the file $FAKE_XEN/steps, if it existed when the program started. */
static void count_step(void)
{
    static uint64_t *count;
    static bool is_open;
    char path[PATH_SIZE];
    int fd, err = errno;

    if (!is_open) {
        is_open = true;
        fd = open(in_folder(path, "steps"), O_RDWR | O_CLOEXEC);
        if (fd >= 0) {
            count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE,
                         MAP_SHARED, fd, 0);
            close(fd);
            if (count == MAP_FAILED)
                abort();
        }
    }
    if (count)
        ++*count;
    /* The daemon reads the errno that libxenstore has set. */
    errno = err;
}

/* ---- Kills and failures --------------------------------------------------- */

/*
 * Called before and after each step: a hypercall, or a call of libxenstore.
 * Steps are counted from when the file $FAKE_XEN/kill appears; it says
 *
 *   before 3, after 3  dies before or after step 3
 *   stop 3             stops after step 3, so that the world can change meanwhile
 *   fail 3 28          step 3 is not done, and fails with this errno, which is
 *                      returned; the file is removed
 *
 * $FAKE_KILL names another file.
 */
static int on_step(bool before)
{
    static unsigned int steps;
    const char *name = getenv("FAKE_KILL");
    char path[PATH_SIZE], text[32] = "", when[16];
    unsigned int last;
    int fd, fails_with = 0, err = errno;

    if (before)
        count_step();
    fd = open(in_folder(path, name ? name : "kill"), O_RDONLY | O_CLOEXEC);
    errno = err;
    if (fd < 0)
        return 0;
    if (read(fd, text, sizeof(text) - 1) < 0)
        abort();
    close(fd);
    if (sscanf(text, "%15s %u %d", when, &last, &fails_with) < 2)
        return 0;
    steps += before;
    if (steps != last)
        return 0;
    if (!strcmp(when, "fail")) {
        unlink(path);
        return before ? fails_with : 0;
    }
    if (before == !strcmp(when, "before"))
        raise(strcmp(when, "stop") ? SIGKILL : SIGSTOP);
    return 0;
}

/* Makes a step of the real function of libxenstore. */
#define STEP(name, result, nothing, ...)                                    \
    do {                                                                    \
        static __typeof__(name) *real;                                      \
        int fails_with = on_step(true);                                     \
                                                                            \
        if (!real)                                                          \
            real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name);             \
        if (fails_with) {                                                   \
            errno = fails_with;                                             \
            return nothing;                                                 \
        }                                                                   \
        result = real(__VA_ARGS__);                                         \
        on_step(false);                                                     \
        return result;                                                      \
    } while (0)

bool xs_watch(struct xs_handle *h, const char *path, const char *token)
{
    bool ok;

    STEP(xs_watch, ok, false, h, path, token);
}

void *xs_read(struct xs_handle *h, xs_transaction_t t, const char *path,
              unsigned int *len)
{
    void *value;

    STEP(xs_read, value, NULL, h, t, path, len);
}

bool xs_write(struct xs_handle *h, xs_transaction_t t, const char *path,
              const void *data, unsigned int len)
{
    bool ok;

    STEP(xs_write, ok, false, h, t, path, data, len);
}

bool xs_rm(struct xs_handle *h, xs_transaction_t t, const char *path)
{
    bool ok;

    STEP(xs_rm, ok, false, h, t, path);
}

char **xs_directory(struct xs_handle *h, xs_transaction_t t, const char *path,
                    unsigned int *num)
{
    char **names;

    STEP(xs_directory, names, NULL, h, t, path, num);
}

xs_transaction_t xs_transaction_start(struct xs_handle *h)
{
    xs_transaction_t t;

    STEP(xs_transaction_start, t, XBT_NULL, h);
}

bool xs_transaction_end(struct xs_handle *h, xs_transaction_t t, bool abort)
{
    bool ok;

    STEP(xs_transaction_end, ok, false, h, t, abort);
}

/* ---- libxenctrl, libxencall ----------------------------------------------- */

static int hypervisor = -1;
/* Handles are opaque. */
static char xc_handle, xcall_handle;

xc_interface *xc_interface_open(xentoollog_logger *logger,
                                xentoollog_logger *dombuild_logger,
                                unsigned int flags)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char path[PATH_SIZE];

    (void)logger;
    (void)dombuild_logger;
    (void)flags;
    in_folder(path, "hypervisor");
    if (strlen(path) >= sizeof(address.sun_path))
        abort();
    strcpy(address.sun_path, path);
    hypervisor = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (connect(hypervisor, (struct sockaddr *)&address, sizeof(address)))
        return NULL;
    return (xc_interface *)&xc_handle;
}

int xc_interface_close(xc_interface *xch)
{
    (void)xch;
    return close(hypervisor);
}

xencall_handle *xc_interface_xcall_handle(xc_interface *xch)
{
    (void)xch;
    return (xencall_handle *)&xcall_handle;
}

int xc_domain_getinfolist(xc_interface *xch, uint32_t first_domain,
                          unsigned int max_domains, xc_domaininfo_t *info)
{
    char command[32], reply[64] = "";
    unsigned int domid;
    char state;

    (void)xch;
    errno = max_domains == 1 ? on_step(true) : ENOSYS;
    if (errno)
        return -1;
    snprintf(command, sizeof(command), "domain %u", first_domain);
    if (send(hypervisor, command, strlen(command) + 1, 0) < 0 ||
        recv(hypervisor, reply, sizeof(reply) - 1, 0) <= 0)
        abort();
    on_step(false);
    if (sscanf(reply, "%u %c", &domid, &state) != 2)
        return 0;
    memset(info, 0, sizeof(*info));
    info->domain = (domid_t)domid;
    info->flags = state == 'd' ? XEN_DOMINF_dying : 0;
    return 1;
}

void *xencall_alloc_buffer(xencall_handle *xcall, size_t size)
{
    (void)xcall;
    return calloc(1, size);
}

void xencall_free_buffer(xencall_handle *xcall, void *buffer)
{
    (void)xcall;
    free(buffer);
}

int xencall2(xencall_handle *xcall, unsigned int op, uint64_t arg1,
             uint64_t arg2)
{
    struct scmi_med_op *operand = (struct scmi_med_op *)(uintptr_t)arg2;
    struct hypercall call = { .cmd = (uint32_t)arg1 };

    (void)xcall;
    errno = op == SCMI_MED_HYPERCALL ? on_step(true) : ENOSYS;
    if (errno)
        return -1;
    call.op = *operand;
    if (send(hypervisor, &call, sizeof(call), 0) != sizeof(call) ||
        recv(hypervisor, &call, sizeof(call), 0) != sizeof(call))
        abort();
    *operand = call.op;
    on_step(false);
    if (call.result >= 0)
        return (int)call.result;
    errno = (int)-call.result;
    return -1;
}
