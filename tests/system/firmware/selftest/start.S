/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entry from the firmware at EL2, MMU and caches off; the SMC instruction; and
 * one end for every exception.
 */
    .section .text.start, "ax"
    .globl start
start:
    ldr     x0, =vectors
    msr     vbar_el2, x0
    isb
    ldr     x0, =stack_top
    mov     sp, x0
    ldr     x0, =bss_start
    ldr     x1, =bss_end
1:  cmp     x0, x1
    b.hs    2f
    str     xzr, [x0], #8
    b       1b
2:  bl      selftest
    b       .

/* The second CPU starts here, at EL2 as well. */
    .globl start_second
start_second:
    ldr     x0, =vectors
    msr     vbar_el2, x0
    isb
    ldr     x0, =second_stack_top
    mov     sp, x0
    bl      second
    b       .

/* void smc(uint64_t x[8]): the registers before, and what comes back in them */
    .globl smc
smc:
    stp     x29, x30, [sp, #-32]!
    str     x0, [sp, #16]
    mov     x9, x0
    ldp     x0, x1, [x9]
    ldp     x2, x3, [x9, #16]
    ldp     x4, x5, [x9, #32]
    ldp     x6, x7, [x9, #48]
    smc     #0
    ldr     x9, [sp, #16]
    stp     x0, x1, [x9]
    stp     x2, x3, [x9, #16]
    stp     x4, x5, [x9, #32]
    stp     x6, x7, [x9, #48]
    ldp     x29, x30, [sp], #32
    ret

    .balign 2048
vectors:
    .rept 16
    b       failed
    .balign 128
    .endr

failed:
    mrs     x0, esr_el2
    mrs     x1, elr_el2
    mrs     x2, far_el2
    bl      exception
    b       .
