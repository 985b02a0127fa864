/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets between fake-xencall.c and hypervisor.c: one for a hypercall, one for
 * its result. A packet that does not begin with zeroes is a command, as text.
 */

#ifndef SCMI_MED_TESTS_HOST_PROTOCOL_H
#define SCMI_MED_TESTS_HOST_PROTOCOL_H

#include <stdint.h>

#include "public/arch-arm/scmi-med.h"

struct hypercall {
    uint32_t zero;
    uint32_t cmd;
    int64_t result;         /* in the answer */
    struct scmi_med_op op;
};

#endif
