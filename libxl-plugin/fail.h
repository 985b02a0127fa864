/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Why the creation of a domain fails, as one sentence for the user of xl. The
 * functions of the plugin return 0, or -1 with that sentence set. They never
 * log, nor write to stdout or stderr: libxl shows it.
 */

#ifndef SCMI_MED_PLUGIN_FAIL_H
#define SCMI_MED_PLUGIN_FAIL_H

#include <stddef.h>

/* Room for the sentence; belongs to libxl. */
struct scmi_plugin_error {
    char *text;
    size_t size;
};

/* Sets the sentence, and returns -1 so that one line can say and return it. */
int scmi_plugin_fail(const struct scmi_plugin_error *error,
                     const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* For a string from outside: everything but plain text becomes '?'. */
void scmi_plugin_plain_text(char *text);

#endif /* SCMI_MED_PLUGIN_FAIL_H */
