/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Why the creation of a domain fails, as one sentence for the user of xl. The
 * plugin's functions return 0, or -1 with that sentence set. They never log or
 * write to stdout or stderr: libxl shows the sentence.
 */

#ifndef SCMI_MED_PLUGIN_FAIL_H
#define SCMI_MED_PLUGIN_FAIL_H

#include <stddef.h>

/* Buffer for the sentence, owned by libxl. */
struct scmi_plugin_error {
    char *text;
    size_t size;
};

/* Sets the sentence. Always returns -1, for the caller to return. */
int scmi_plugin_fail(const struct scmi_plugin_error *error,
                     const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Replaces what is not printable ASCII with '?': for untrusted strings. */
void scmi_plugin_make_printable(char *text);

#endif /* SCMI_MED_PLUGIN_FAIL_H */
