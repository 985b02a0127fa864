/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the file of a policy, see policy.h. */

#include "lib/policy/policy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whoever can write the policy can take clocks from Dom0. */
static int check_file(const char *file, int fd, struct reason *why)
{
    struct stat status;

    if (fstat(fd, &status))
        return reason_set(why, -errno, "%s: %s", file, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return reason_set(why, -EINVAL, "%s: it is no regular file", file);
    if ((status.st_uid && status.st_uid != geteuid()) ||
        (status.st_mode & (S_IWGRP | S_IWOTH)))
        return reason_set(why, -EPERM, "%s: others than root may write it: "
                          "run \"chown root:root %s && chmod 0644 %s\"", file,
                          file, file);
    return 0;
}

static int read_text(const char *file, int fd, char **ret_text,
                     size_t *ret_size, struct reason *why)
{
    char *text = malloc(POLICY_MAX_SIZE + 1);
    size_t size = 0;
    ssize_t got = text ? 1 : -1;

    while (got > 0 && size <= POLICY_MAX_SIZE) {
        got = read(fd, text + size, POLICY_MAX_SIZE + 1 - size);
        if (got > 0)
            size += (size_t)got;
        else if (got < 0 && errno == EINTR)
            got = 1;
    }
    if (got >= 0 && size <= POLICY_MAX_SIZE) {
        *ret_text = text;
        *ret_size = size;
        return 0;
    }
    free(text);
    if (got < 0)
        return reason_set(why, -errno, "%s: %s", file, strerror(errno));
    return reason_set(why, -EFBIG, "%s: it is larger than any policy: the "
                      "limit is %d bytes", file, POLICY_MAX_SIZE);
}

int policy_read(const char *file, struct policy *ret_policy,
                struct reason *why)
{
    /* O_NONBLOCK: a FIFO must not block the daemon. */
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc;
    char *text = NULL;
    size_t size = 0;

    if (fd < 0)
        return reason_set(why, -errno, "%s: %s", file, strerror(errno));
    rc = check_file(file, fd, why);
    if (!rc)
        rc = read_text(file, fd, &text, &size, why);
    close(fd);
    if (rc)
        return rc;
    rc = policy_parse(file, text, size, ret_policy, why);
    free(text);
    return rc;
}
