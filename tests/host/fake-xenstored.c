/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preloaded into xenstored, on a machine without Xen: the little of libxenctrl,
 * libxenevtchn and libxengnttab that it asks for. A domain N exists while there
 * is a file $FAKE_XEN/domN, whose first letter is r for running or d for dying;
 * each byte written to the pipe $FAKE_XEN/virq says that one of them changed.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <xenctrl.h>
#include <xenevtchn.h>
#include <xengnttab.h>

#define PATH_SIZE 512
#define VIRQ_PORT 99

static const char *in_folder(char path[PATH_SIZE], const char *name)
{
    const char *folder = getenv("FAKE_XEN");

    snprintf(path, PATH_SIZE, "%s/%s", folder ? folder : "/nonexistent", name);
    return path;
}

/* Handles are never looked into. */
static char handle;

xc_interface *xc_interface_open(xentoollog_logger *logger,
                                xentoollog_logger *dombuild_logger,
                                unsigned int flags)
{
    (void)logger;
    (void)dombuild_logger;
    (void)flags;
    return (xc_interface *)&handle;
}

int xc_interface_close(xc_interface *xch)
{
    (void)xch;
    return 0;
}

/* 'r', 'd', or 0: there is no such domain. */
static char domain_state(uint32_t domid)
{
    char name[32], path[PATH_SIZE], state = 'r';
    int fd;

    snprintf(name, sizeof(name), "dom%u", domid);
    fd = (int)syscall(SYS_openat, AT_FDCWD, in_folder(path, name),
                      O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return domid ? 0 : 'r';
    if (read(fd, &state, 1) < 0)
        abort();
    close(fd);
    return state;
}

#if XEN_DOMCTL_INTERFACE_VERSION < 0x16
int xc_domain_getinfo(xc_interface *xch, uint32_t first_domid,
                      unsigned int max_doms, xc_dominfo_t *info)
{
    char state = domain_state(first_domid);

    (void)xch;
    (void)max_doms;
    if (!state)
        return 0;
    memset(info, 0, sizeof(*info));
    info->domid = first_domid;
    info->running = state == 'r';
    info->dying = state == 'd';
    return 1;
}
#else
int xc_domain_getinfo_single(xc_interface *xch, uint32_t domid,
                             xc_domaininfo_t *info)
{
    char state = domain_state(domid);

    (void)xch;
    if (!state) {
        errno = ESRCH;
        return -1;
    }
    memset(info, 0, sizeof(*info));
    info->domain = (domid_t)domid;
    info->flags = state == 'd' ? XEN_DOMINF_dying : XEN_DOMINF_running;
    return 0;
}
#endif

xengnttab_handle *xengnttab_open(xentoollog_logger *logger, unsigned flags)
{
    (void)logger;
    (void)flags;
    return (xengnttab_handle *)&handle;
}

int xengnttab_close(xengnttab_handle *xgt)
{
    (void)xgt;
    return 0;
}

int xengnttab_set_max_grants(xengnttab_handle *xgt, uint32_t count)
{
    (void)xgt;
    (void)count;
    return 0;
}

void *xengnttab_map_grant_ref(xengnttab_handle *xgt, uint32_t domid,
                              uint32_t ref, int prot)
{
    void *page;

    (void)xgt;
    (void)ref;
    (void)prot;
    if (!domain_state(domid)) {
        errno = EINVAL;
        return NULL;
    }
    page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? NULL : page;
}

int xengnttab_unmap(xengnttab_handle *xgt, void *start, uint32_t count)
{
    (void)xgt;
    return munmap(start, 4096UL * count);
}

static int virq = -1;

xenevtchn_handle *xenevtchn_open(xentoollog_logger *logger, unsigned int flags)
{
    char path[PATH_SIZE];

    (void)logger;
    (void)flags;
    virq = (int)syscall(SYS_openat, AT_FDCWD, in_folder(path, "virq"),
                        O_RDWR | O_NONBLOCK | O_CLOEXEC, 0);
    return virq < 0 ? NULL : (xenevtchn_handle *)&handle;
}

int xenevtchn_close(xenevtchn_handle *xce)
{
    (void)xce;
    return close(virq);
}

int xenevtchn_fd(xenevtchn_handle *xce)
{
    (void)xce;
    return virq;
}

int xenevtchn_notify(xenevtchn_handle *xce, evtchn_port_t port)
{
    (void)xce;
    (void)port;
    return 0;
}

xenevtchn_port_or_error_t xenevtchn_bind_interdomain(xenevtchn_handle *xce,
                                                     uint32_t domid,
                                                     evtchn_port_t port)
{
    (void)xce;
    (void)port;
    return (xenevtchn_port_or_error_t)(1000 + domid);
}

xenevtchn_port_or_error_t xenevtchn_bind_virq(xenevtchn_handle *xce,
                                              unsigned int number)
{
    (void)xce;
    (void)number;
    return VIRQ_PORT;
}

int xenevtchn_unbind(xenevtchn_handle *xce, evtchn_port_t port)
{
    (void)xce;
    (void)port;
    return 0;
}

xenevtchn_port_or_error_t xenevtchn_pending(xenevtchn_handle *xce)
{
    char byte;

    (void)xce;
    return read(virq, &byte, 1) == 1 ? VIRQ_PORT : -1;
}

int xenevtchn_unmask(xenevtchn_handle *xce, evtchn_port_t port)
{
    (void)xce;
    (void)port;
    return 0;
}

/* ---- Files of a Dom0's kernel ----------------------------------------------- */

/* Dom0's own ring with xenstored; nobody uses it here. */
static int open_xen_file(const char *path)
{
    bool is_port = !strcmp(path, "/proc/xen/xsd_port");
    char own[PATH_SIZE];
    int fd;

    if (!is_port && strcmp(path, "/proc/xen/xsd_kva"))
        return -2;
    fd = (int)syscall(SYS_openat, AT_FDCWD,
                      in_folder(own, is_port ? "xsd_port" : "xsd_kva"),
                      O_RDWR | O_CREAT, 0600);
    if (fd >= 0 && (is_port ? pwrite(fd, "1", 1, 0) != 1
                            : ftruncate(fd, 4096) != 0))
        abort();
    return fd;
}

int open(const char *path, int flags, ...)
{
    int fd = open_xen_file(path);
    va_list args;
    mode_t mode;

    va_start(args, flags);
    mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
    va_end(args);
    return fd != -2 ? fd : (int)syscall(SYS_openat, AT_FDCWD, path, flags,
                                        mode);
}

int open64(const char *path, int flags, ...)
    __attribute__((alias("open")));
