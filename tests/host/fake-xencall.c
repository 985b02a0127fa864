/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preloaded into scmi-medd, on a machine without Xen: libxencall. Hypercalls go
 * to hypervisor.c, on the socket $FAKE_XEN/hypervisor.
 *
 * And it kills its program on demand, see on_step(), and counts what it does,
 * see count_step().
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
#include <xenstore.h>

#include "tests/host/protocol.h"

#define PATH_SIZE 512

static const char *in_folder(char path[PATH_SIZE], const char *name)
{
    const char *folder = getenv("FAKE_XEN");

    snprintf(path, PATH_SIZE, "%s/%s", folder ? folder : "/nonexistent", name);
    return path;
}

/* Into the file $FAKE_XEN/steps, if there was one when the program started. */
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
    /* It is the library's, and looked at by the daemon. */
    errno = err;
}

/* ---- Sudden death, and what goes wrong -------------------------------------- */

/*
 * Called before and after each step that others can see: hypercalls, and what
 * is done to xenstore. Once there is a file $FAKE_XEN/kill, steps are counted:
 *
 *   before 3, after 3  this is the process's last
 *   stop 3             like "after 3", but only stops it, so that the world can
 *                      change meanwhile
 *   fail 3 28          step 3 is not done, and ends with this errno, which is
 *                      returned; the file is removed
 *
 * $FAKE_KILL is another name for the file.
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
    /* It is the library's, and looked at by the daemon. */
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

/* Does a step by the real function of libxenstore behind one of ours. */
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

/* ---- libxencall ------------------------------------------------------------- */

static int hypervisor = -1;
/* The handle, never looked into. */
static char handle;

xencall_handle *xencall_open(struct xentoollog_logger *logger,
                             unsigned int flags)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char path[PATH_SIZE];

    (void)logger;
    (void)flags;
    in_folder(path, "hypervisor");
    if (strlen(path) >= sizeof(address.sun_path))
        abort();
    strcpy(address.sun_path, path);
    hypervisor = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (connect(hypervisor, (struct sockaddr *)&address, sizeof(address)))
        return NULL;
    return (xencall_handle *)&handle;
}

int xencall_close(xencall_handle *xcall)
{
    (void)xcall;
    return close(hypervisor);
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
