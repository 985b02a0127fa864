/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of scmi-med's that libxl needs, see selftest.h. */

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/selftest.h"

/* What the hooked libxl has in it, and where it looks for the plugin. */
#define HOOK_PATH "/usr/lib/xen/libxl-hook.so"
/* The symbol of a plugin. */
#define PLUGIN_SYMBOL "libxl_hook_ops"

#define PATH_SIZE 512

static const char *const libxl_folders[] = {
    "/usr/lib", "/usr/lib/*-linux-gnu", "/usr/lib64", "/usr/local/lib",
    "/usr/local/lib/*-linux-gnu", "/usr/local/lib64", NULL
};

const struct selftest_paths selftest_paths = {
    HOOK_PATH, libxl_folders, "/sys/hypervisor",
};

/* Whether an ELF file has the text in it: 1 or 0, or a negative errno. */
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
        selftest_add(checks, "plugin", rc ? NULL : "install scmi-med's plugin "
                     "for libxl there, in its place", "%s%s", path,
                     rc ? "" : " is no plugin of libxl");
}

/* A number of Xen's version, as sysfs has it; -1 if it does not. */
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

/* All libraries of one folder; returns how many there are. */
static size_t check_folder(json_t *checks, const char *folder, int major,
                           int minor)
{
    char pattern[PATH_SIZE];
    size_t i, nr;
    glob_t found;

    snprintf(pattern, sizeof(pattern), "%s/libxenlight.so.%d.%d", folder,
             major, minor);
    if (glob(pattern, 0, NULL, &found))
        return 0;
    nr = found.gl_pathc;
    for (i = 0; i < nr; i++) {
        const char *path = found.gl_pathv[i];
        int rc = contains(path, HOOK_PATH);

        if (rc < 0)
            selftest_add(checks, "libxl", "install libxenlight again", "%s: "
                         "%s", path, strerror(-rc));
        else
            selftest_add(checks, "libxl", rc ? NULL : "install the libxenlight "
                         "with scmi-med's hook", "%s %s", path,
                         rc ? "has the hook" : "lacks the hook");
    }
    globfree(&found);
    return nr;
}

void selftest_files(json_t *checks, const struct selftest_paths *paths)
{
    int major = version_part(paths->xen, "major");
    int minor = version_part(paths->xen, "minor");
    const char *const *folder;
    size_t nr = 0;

    check_plugin(checks, paths->plugin);
    if (major < 0 || minor < 0) {
        selftest_add(checks, "libxl", "run this in Dom0, with /sys mounted",
                     "%s does not say which Xen runs, nor so which libxl is "
                     "used", paths->xen);
        return;
    }
    for (folder = paths->libxl; *folder; folder++)
        nr += check_folder(checks, *folder, major, minor);
    if (!nr)
        selftest_add(checks, "libxl", "install the libxenlight with scmi-med's "
                     "hook", "there is no libxenlight.so.%d.%d", major, minor);
}
