/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface's description, as it is in doc/, for GetInterfaceDescription.
 * The path is relative to the top folder, where make runs.
 */

#include "daemon/control/method-table.h"

__asm__(
    ".section .rodata\n"
    ".global method_description\n"
    "method_description:\n"
    "    .incbin \"doc/org.scmimed.varlink\"\n"
    ".global method_description_end\n"
    "method_description_end:\n"
    "    .byte 0\n"
    ".previous\n"
);
