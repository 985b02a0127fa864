/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's lock, see lock.h. */

#include "daemon/control/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <scmi-med/names.h>

int lock_take(const char *socket_path, struct reason *why)
{
    char path[PATH_MAX], folder[PATH_MAX];
    int fd, r;

    r = snprintf(path, sizeof(path), "%s" SCMI_MED_LOCK_SUFFIX,
                 socket_path);
    if (r < 0 || (size_t)r >= sizeof(path))
        return reason_set(why, -ENAMETOOLONG, "the path of the control socket "
                          "is too long");
    snprintf(folder, sizeof(folder), "%s", socket_path);
    (void)mkdir(dirname(folder), 0755);

    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return reason_set(why, -errno, "cannot open %s: %s", path,
                          strerror(errno));
    if (!flock(fd, LOCK_EX | LOCK_NB))
        return fd;

    r = errno == EWOULDBLOCK ? -EBUSY : -errno;
    close(fd);
    if (r == -EBUSY)
        return reason_set(why, r, "another scmi-medd is running (%s is "
                          "locked): see \"systemctl status scmi-medd\"", path);
    return reason_set(why, r, "cannot lock %s: %s", path, strerror(-r));
}
