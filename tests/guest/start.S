/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entry of the probe guest: the header of an arm64 Linux image, so that
 * `xl create` boots it like a kernel, a stack, and a vector table that turns
 * a data abort into a flag. MMU and caches stay off; the code runs wherever
 * it was loaded, each vCPU with a stack of its own.
 */

    .set    STACK_SHIFT, 13
    .set    GUEST_CPUS, 4           /* as in guest.h */

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

1:  adr     x1, stack_top
    bl      prepare
    adr     x1, bss_start           /* memory need not be clean */
    adr     x2, bss_end
2:  str     xzr, [x1], #8
    cmp     x1, x2
    b.lo    2b
    bl      guest_main              /* with the device tree, x0 */
halt:
    wfi
    b       halt

/* Another vCPU; x0 is its number. The stacks are below each other. */
secondary:
    adr     x1, stack_top
    sub     x1, x1, x0, lsl #STACK_SHIFT
    bl      prepare
    bl      guest_secondary
    b       halt

/* Stack x1, vectors, no trap on floating point: gcc may use it. */
prepare:
    mov     sp, x1
    adr     x1, vectors
    msr     vbar_el1, x1
    mov     x1, #(3 << 20)
    msr     cpacr_el1, x1
    isb
    ret

/* int64_t guest_cpu_on(uint64_t cpu): PSCI CPU_ON; below 16, cpu is the MPIDR. */
    .global guest_cpu_on
guest_cpu_on:
    mov     x1, x0
    adr     x2, secondary
    mov     x3, x0
    ldr     x0, =0xc4000003
    hvc     #0
    ret
    .ltorg

/* Every synchronous exception: note it and go on behind the instruction. */
    .balign 2048
vectors:
    .rept 16
    .balign 128
    b       fault
    .endr

fault:
    stp     x0, x1, [sp, #-16]!
    adr     x0, guest_faults
    ldr     w1, [x0]
    add     w1, w1, #1
    str     w1, [x0]
    mrs     x0, elr_el1
    add     x0, x0, #4
    msr     elr_el1, x0
    ldp     x0, x1, [sp], #16
    eret

/* void guest_hvc(uint64_t regs[8]); void guest_smc(uint64_t regs[8]); */
    .macro conduit name, instruction
    .global \name
\name:
    stp     x29, x30, [sp, #-32]!
    str     x0, [sp, #16]
    mov     x9, x0
    ldp     x0, x1, [x9]
    ldp     x2, x3, [x9, #16]
    ldp     x4, x5, [x9, #32]
    ldp     x6, x7, [x9, #48]
    \instruction #0
    ldr     x9, [sp, #16]
    stp     x0, x1, [x9]
    stp     x2, x3, [x9, #16]
    stp     x4, x5, [x9, #32]
    stp     x6, x7, [x9, #48]
    ldp     x29, x30, [sp], #32
    ret
    .endm

    conduit guest_hvc, hvc
    conduit guest_smc, smc

/* void guest_yield(void): SCHEDOP_yield. */
    .global guest_yield
guest_yield:
    mov     x0, #0
    mov     x1, #0
    mov     x16, #29                /* sched_op */
    hvc     #0xea1
    ret

/* void guest_crash(void): SCHEDOP_shutdown, reason crash; see Xen's sched.h. */
    .global guest_crash
guest_crash:
    mov     w2, #3
    str     x2, [sp, #-16]!
    mov     x0, #2
    mov     x1, sp
    mov     x16, #29                /* sched_op */
    hvc     #0xea1
    b       halt

    .bss
    .balign 16
    .skip   GUEST_CPUS << STACK_SHIFT
stack_top:
    .global guest_faults
guest_faults:
    .skip   4
