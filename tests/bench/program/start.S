/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entry of the measuring program: the header of an arm64 Linux image, so that
 * Xen boots it like a kernel, as Dom0 and as a guest; the firmware jumps to the
 * same first instruction in place of Xen, at EL2. MMU and caches stay off; the
 * code runs wherever it was loaded.
 */

    .section .text.start, "ax"
    .global _start
_start:
    b       1f                      /* code0 */
    nop                             /* code1 */
    .quad   0                       /* offset from the start of RAM */
    .quad   _end - _start           /* image size with bss and stack */
    .quad   0xa                     /* little endian, 4 KiB pages, anywhere */
    .quad   0, 0, 0
    .ascii  "ARM\x64"
    .long   0

1:  mov     x19, x0                 /* the device tree */
    adr     x1, stack_top
    mov     sp, x1
    adr     x2, bss_start
    adr     x3, _end
2:  cmp     x2, x3
    b.hs    3f
    str     xzr, [x2], #8
    b       2b
3:  adr     x1, vectors
    mrs     x20, CurrentEL
    lsr     x20, x20, #2
    cmp     x20, #2
    b.eq    4f
    msr     vbar_el1, x1
    b       5f
4:  msr     vbar_el2, x1
5:  isb
    mov     x0, x19
    mov     x1, x20
    bl      bench_main
    b       .

    .balign 2048
vectors:
    .rept 16
    .balign 128
    b       fault
    .endr

fault:
    mrs     x2, CurrentEL
    cmp     x2, #(2 << 2)
    b.eq    1f
    mrs     x0, esr_el1
    mrs     x1, elr_el1
    b       exception
1:  mrs     x0, esr_el2
    mrs     x1, elr_el2
    b       exception

/*
 * void conduit_*(uint64_t regs[8]): the registers before, x0 .. x3 after. They
 * differ in the one instruction, so that what it costs is their difference.
 */
    .macro conduit name, instruction:vararg
    .global \name
\name:
    stp     x29, x30, [sp, #-32]!
    str     x0, [sp, #16]
    mov     x9, x0
    ldp     x0, x1, [x9]
    ldp     x2, x3, [x9, #16]
    ldp     x4, x5, [x9, #32]
    ldp     x6, x7, [x9, #48]
    \instruction
    ldr     x9, [sp, #16]
    stp     x0, x1, [x9]
    stp     x2, x3, [x9, #16]
    ldp     x29, x30, [sp], #32
    ret
    .endm

    conduit conduit_hvc, hvc #0
    conduit conduit_smc, smc #0
    conduit conduit_none, nop

/* long hypercall(uint64_t number, uint64_t a, uint64_t b, uint64_t c) */
    .global hypercall
hypercall:
    mov     x16, x0
    mov     x0, x1
    mov     x1, x2
    mov     x2, x3
    hvc     #0xea1
    ret

/* void spin(uint64_t instructions): so many, even and at least 2, and two more. */
    .global spin
spin:
    lsr     x0, x0, #1
1:  subs    x0, x0, #1
    b.ne    1b
    ret
