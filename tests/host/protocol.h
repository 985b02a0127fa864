/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between fake-xencall.c, in the daemon that thinks it runs in Dom0, and
 * hypervisor.c: one packet for a hypercall, one for its result. Packets that
 * begin with anything else than zeroes are commands of the test driver, text.
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
