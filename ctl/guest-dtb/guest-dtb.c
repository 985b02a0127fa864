/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb "guest-dtb", see guest-dtb.h. */

#include "ctl/guest-dtb/guest-dtb.h"

#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include <scmi-med/names.h>

#include "ctl/guest-dtb/private.h"

static enum ctl_status write_file(const struct guest_tree *guest,
                                  const char *path, char error[CTL_ERROR_SIZE])
{
    size_t size = fdt_totalsize(guest->fdt);
    FILE *f = fopen(path, "we");
    bool ok;

    if (f) {
        ok = fwrite(guest->fdt, 1, size, f) == size;
        ok = !fclose(f) && ok;
        if (ok)
            return CTL_OK;
    }
    return ctl_fail(CTL_USAGE, error, "%s: %s", path, strerror(errno));
}

/* Warns of devices that the daemon will refuse. */
static void warn_of_devices(const struct host_tree *host, char *const devices[],
                            FILE *warnings)
{
    for (; *devices; devices++) {
        const struct host_device *device = host_tree_find(host, *devices);

        if (device && device->problem)
            fprintf(warnings, "%s: it cannot be used: %s\n", *devices,
                    device->problem);
        else if (device && !device->nr_device_ids)
            fprintf(warnings, "%s: it uses SCMI but has no SCMI device id, so "
                    "scmi-medd will refuse it; see scmi-medctl check\n",
                    *devices);
    }
}

static enum ctl_status make(const struct host_tree *host,
                            const struct ctl_options *options, FILE *out,
                            FILE *warnings, char error[CTL_ERROR_SIZE])
{
    enum ctl_status status;
    struct guest_tree *guest;
    struct reason why;

    guest = calloc(1, sizeof(*guest));
    if (!guest)
        return ctl_fail(CTL_USAGE, error, "out of memory");
    if (guest_tree_make(host, options->devices, options->nr_devices, warnings,
                        guest, &why)) {
        free(guest);
        return ctl_fail(CTL_REFUSED, error, "%s", why.text);
    }
    warn_of_devices(host, options->devices, warnings);
    status = write_file(guest, options->output, error);
    if (!status) {
        guest_tree_print_config(guest, options->output, out);
        if (fflush(out))
            status = ctl_fail(CTL_USAGE, error, "cannot write the output: %s",
                              strerror(errno));
    }
    guest_tree_done(guest);
    free(guest);
    return status;
}

enum ctl_status ctl_guest_dtb(const struct ctl_options *options, FILE *out,
                              FILE *warnings, char error[CTL_ERROR_SIZE])
{
    const char *fdt = options->fdt ? options->fdt : SCMI_MED_HOST_FDT_PATH;
    enum ctl_status status;
    struct host_tree host;
    struct reason why;
    int rc;

    error[0] = '\0';
    if (!options->nr_devices || !options->output)
        return ctl_fail(CTL_USAGE, error, "guest-dtb takes the paths of "
                        "devices, and -o FILE.dtb");
    rc = host_tree_read(fdt, &host, &why);
    if (rc)
        return ctl_fail(rc == -EBADMSG || rc == -EFBIG ? CTL_BAD_TREE :
                        CTL_USAGE, error, "%s: %s", fdt, why.text);
    status = make(&host, options, out, warnings, error);
    host_tree_done(&host);
    return status;
}
