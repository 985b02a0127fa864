/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drivers in Dom0, see driver.h. */

#include "daemon/admission/driver.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A device with a driver, as sysfs names it. */
struct bound {
    char bus[NAME_MAX + 1];
    char device[NAME_MAX + 1];
    char driver[NAME_MAX + 1];
    size_t depth;               /* of its path below /sys/devices */
};

struct search {
    const char *sysfs;
    struct stat node;           /* the device's node in Dom0's tree */
    struct bound found;
    bool is_found;
};

/* The entry may be missing, or vanish meanwhile: that is no error. */
static int failure(void)
{
    return errno == ENOENT || errno == ENODEV ? 0 : -errno;
}

static size_t depth_of(const char *path)
{
    size_t depth = 0;

    while (*path)
        depth += *path++ == '/';
    return depth;
}

static int look_at(struct search *search, const char *bus, const char *device)
{
    char path[PATH_MAX], place[PATH_MAX], driver[PATH_MAX];
    struct stat node;
    size_t depth;

    snprintf(path, sizeof(path), "%s/bus/%s/devices/%s/of_node", search->sysfs,
             bus, device);
    if (stat(path, &node))
        return failure();
    if (node.st_ino != search->node.st_ino ||
        node.st_dev != search->node.st_dev)
        return 0;
    snprintf(path, sizeof(path), "%s/bus/%s/devices/%s/driver", search->sysfs,
             bus, device);
    if (!realpath(path, driver))
        return failure();
    snprintf(path, sizeof(path), "%s/bus/%s/devices/%s", search->sysfs, bus,
             device);
    if (!realpath(path, place))
        return failure();
    /* A driver's child devices share the of_node; report the topmost. */
    depth = depth_of(place);
    if (search->is_found && depth >= search->found.depth)
        return 0;
    search->is_found = true;
    search->found.depth = depth;
    snprintf(search->found.bus, sizeof(search->found.bus), "%s", bus);
    snprintf(search->found.device, sizeof(search->found.device), "%s", device);
    snprintf(search->found.driver, sizeof(search->found.driver), "%.255s",
             strrchr(driver, '/') + 1);
    return 0;
}

/* Calls back for each entry that is not hidden. The folder may be missing. */
static int for_each(const char *folder, struct search *search, const char *bus,
                    int (*callback)(struct search *search, const char *bus,
                                    const char *name))
{
    struct dirent *entry;
    DIR *dir = opendir(folder);
    int rc = 0;

    if (!dir)
        return errno == ENOENT ? 0 : -errno;
    while (!rc && (entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            rc = callback(search, bus, entry->d_name);
    closedir(dir);
    return rc;
}

static int on_bus(struct search *search, const char *unused, const char *name)
{
    char folder[PATH_MAX];

    (void)unused;
    snprintf(folder, sizeof(folder), "%s/bus/%s/devices", search->sysfs, name);
    return for_each(folder, search, name, look_at);
}

int driver_check_unbound(const char *sysfs, const char *path,
                         struct reason *why)
{
    struct search search = { .sysfs = sysfs };
    const struct bound *found = &search.found;
    char folder[PATH_MAX];
    int rc;

    snprintf(folder, sizeof(folder), "%s/firmware/devicetree/base%s", sysfs,
             path);
    /* A device that is not in Dom0's tree has no driver there. */
    if (stat(folder, &search.node)) {
        rc = errno == ENOENT ? 0 : -errno;
    } else {
        snprintf(folder, sizeof(folder), "%s/bus", sysfs);
        rc = for_each(folder, &search, NULL, on_bus);
    }
    if (rc)
        return reason_set(why, rc, "device \"%s\": cannot find out whether "
                          "Dom0 uses it: %s: %s", path, folder, strerror(-rc));
    if (!search.is_found)
        return 0;
    return reason_set(why, -EBUSY, "device \"%s\" is in use in Dom0, by the "
                      "driver %s; unbind it first: echo %s > "
                      "/sys/bus/%s/drivers/%s/unbind", path, found->driver,
                      found->device, found->bus, found->driver);
}
