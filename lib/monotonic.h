/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The clock for intervals and timeouts: nothing sets it back. */

#ifndef SCMI_MED_LIB_MONOTONIC_H
#define SCMI_MED_LIB_MONOTONIC_H

#include <stdint.h>

int64_t monotonic_ms(void);

#endif
