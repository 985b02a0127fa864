/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of the plugin and of libxenlight, see private.h. */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/selftest/private.h"

/* Where the hook looks for the plugin: a string in the hooked libxenlight. */
#define HOOK_PATH "/usr/lib/xen/libxl-hook.so"
/* The symbol that the hook looks up in the plugin. */
#define PLUGIN_SYMBOL "libxl_hook_ops"

#define PATH_SIZE 512

const struct selftest_paths selftest_paths = {
    HOOK_PATH, NULL, "/sys/hypervisor",
};

/* Returns 1 if the text occurs in the ELF file, else 0, or a negative errno. */
static int contains(const char *path, const char *text)
{
    struct stat stat;
    int fd, rc;
    char *map;

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -errno;
    rc = fstat(fd, &stat) ? -errno : 0;
    if (!rc && (!S_ISREG(stat.st_mode) || stat.st_size < 4))
        rc = -ENOEXEC;
    if (!rc) {
        map = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map == MAP_FAILED) {
            rc = -errno;
        } else {
            rc = memcmp(map, "\177ELF", 4) ? -ENOEXEC
                 : !!memmem(map, (size_t)stat.st_size, text, strlen(text));
            munmap(map, (size_t)stat.st_size);
        }
    }
    close(fd);
    return rc;
}

static void check_plugin(json_t *checks, const char *path)
{
    int rc = contains(path, PLUGIN_SYMBOL);

    if (rc < 0)
        selftest_add(checks, "plugin", "install scmi-med's plugin for libxl "
                     "there", "%s: %s", path, strerror(-rc));
    else
        selftest_add(checks, "plugin", rc ? NULL : "replace it with scmi-med's "
                     "plugin for libxl", "%s%s", path,
                     rc ? "" : " is no plugin for libxl");
}

/* Part of Xen's version from sysfs, or -1. */
static int version_part(const char *xen, const char *name)
{
    char path[PATH_SIZE];
    int number = -1;
    FILE *file;

    snprintf(path, sizeof(path), "%s/version/%s", xen, name);
    file = fopen(path, "re");
    if (!file)
        return -1;
    if (fscanf(file, "%9d", &number) != 1)
        number = -1;
    fclose(file);
    return number;
}

/* The file that the dynamic linker loads for a name. */
static bool linker_finds(const char *name, char path[PATH_SIZE])
{
    void *handle = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    struct link_map *map;
    bool ok;

    if (!handle)
        return false;
    ok = !dlinfo(handle, RTLD_DI_LINKMAP, &map);
    if (ok)
        snprintf(path, PATH_SIZE, "%s", map->l_name);
    dlclose(handle);
    return ok;
}

static void check_libxl(json_t *checks, const char *folder, int major,
                        int minor)
{
    char name[64], path[PATH_SIZE];
    int rc;

    snprintf(name, sizeof(name), "libxenlight.so.%d.%d", major, minor);
    if (folder) {
        snprintf(path, sizeof(path), "%s/%s", folder, name);
    } else if (!linker_finds(name, path)) {
        const char *why = dlerror();

        selftest_add(checks, "libxl", "install the libxenlight with scmi-med's "
                     "hook", "%s", why ? why : name);
        return;
    }
    rc = contains(path, HOOK_PATH);
    if (rc < 0)
        selftest_add(checks, "libxl", "install the libxenlight with scmi-med's "
                     "hook", "%s: %s", path, strerror(-rc));
    else
        selftest_add(checks, "libxl", rc ? NULL : "install the libxenlight "
                     "with scmi-med's hook, the one for this release of Xen",
                     "%s %s", path, rc ? "has the hook" : "lacks the hook");
}

void selftest_files(json_t *checks, const struct selftest_paths *paths)
{
    int major = version_part(paths->xen, "major");
    int minor = version_part(paths->xen, "minor");

    check_plugin(checks, paths->plugin);
    if (major < 0 || minor < 0) {
        selftest_add(checks, "libxl", "run this in Dom0, with /sys mounted",
                     "%s does not say which Xen runs, so the release of "
                     "libxenlight is unknown", paths->xen);
        return;
    }
    check_libxl(checks, paths->libxl, major, minor);
}
