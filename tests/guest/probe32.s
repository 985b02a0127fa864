@ SPDX-License-Identifier: GPL-2.0-or-later
@
@ The probe for a 32-bit guest, small enough to need no compiler: calls function
@ IDs by HVC and by SMC, sends one SCMI message, looks whether its page is mapped.
@ Prints as the 64-bit one does. Its image is a zImage, which Xen's tools load
@ 32 KiB above the start of memory; MMU and caches stay off.

    .arch   armv7-a
    .arch_extension sec
    .arch_extension virt
    .arm
    .equ    UART, 0x22000000        @ GUEST_PL011_BASE of Xen
    .equ    PAGE, 0x22001000        @ of the own agent
    .equ    FID, 0x82000011

    .section .text.start, "ax"
    .global _start
_start:
    .rept   8
    mov     r0, r0
    .endr
    b       main
    .word   0x016f2818              @ a zImage,
    .word   0                       @ which runs anywhere,
    .word   _end - _start           @ and is so long

@ Exceptions: count in ip and go on at fp. Not behind the instruction: where a
@ data abort says that it was depends on who injected it.
    .balign 32
vectors:
    b       halt
    b       exception               @ undefined instruction
    b       halt
    b       halt
    b       exception               @ data abort
    .rept   3
    b       halt
    .endr
exception:
    add     ip, ip, #1
    movs    pc, fp

main:
    cps     #0x13
    adr     r0, vectors
    mcr     p15, 0, r0, c12, c0, 0  @ VBAR
    isb
    adrl    sp, stack_top
    adrl    r0, text_start
    bl      print
    adrl    r4, function_ids
1:  ldr     r5, [r4], #4
    cmp     r5, #0
    beq     2f
    bl      try_hvc
    bl      try_smc
    b       1b
2:  bl      message
    adrl    r4, addresses
3:  ldr     r5, [r4], #4
    cmp     r5, #0
    beq     4f
    bl      look
    b       3b
4:  adrl    r0, text_done
    bl      print
halt:
    wfi
    b       halt

function_ids:
    .word   FID, FID | 0x40000000
    .word   0x82000012, 0xc2000012, 0x82000013, 0x82000014, 0xc2000014
    .word   0x820000f0, 0x820000f1, 0x820000f2, 0x820000f3, 0x83000011, 0x02000011, 0
addresses:
    .word   PAGE, 0

@ Calls function ID r5, and prints registers.
    .macro  try name, instruction, text
\name:
    push    {r4, lr}
    mov     ip, #0
    mov     r0, r5
    mov     r1, #1
    mov     r2, #2
    mov     r3, #3
    adr     fp, 1f
    \instruction #0
1:  push    {r0, r1, r2, r3, ip, lr}
    adrl    r0, \text
    bl      print
    adrl    r0, text_fid
    mov     r1, r5
    bl      print_value
    adrl    r0, text_x0
    ldr     r1, [sp]
    bl      print_value
    adrl    r0, text_x1
    ldr     r1, [sp, #4]
    bl      print_value
    adrl    r0, text_x2
    ldr     r1, [sp, #8]
    bl      print_value
    adrl    r0, text_x3
    ldr     r1, [sp, #12]
    bl      print_value
    adrl    r0, text_faults
    ldr     r1, [sp, #16]
    bl      print_value
    bl      new_line
    add     sp, sp, #24
    pop     {r4, pc}
    .endm

    try     try_hvc, hvc, text_hvc
    try     try_smc, smc, text_smc

text_start:     .asciz  "PROBE start bits=0x20\r\n"
text_done:      .asciz  "PROBE done\r\n"
text_hvc:       .asciz  "PROBE hvc"
text_smc:       .asciz  "PROBE smc"
text_fid:       .asciz  " fid="
text_x0:        .asciz  " x0="
text_x1:        .asciz  " x1="
text_x2:        .asciz  " x2="
text_x3:        .asciz  " x3="
text_faults:     .asciz  " faults="
text_page:      .asciz  "PROBE page address="
text_mapped:    .asciz  " mapped"
text_unmapped:  .asciz  " unmapped"
text_message:   .asciz  "PROBE message result="
text_channel:   .asciz  " channel="
text_header:    .asciz  " header="
text_status:    .asciz  " status="
text_version:   .asciz  " version="
    .balign 4


@ Base PROTOCOL_VERSION, with a token.
message:
    push    {r4, lr}
    ldr     r4, =PAGE
    ldr     r0, =0x5a << 18 | 0x10 << 10
    str     r0, [r4, #24]
    mov     r0, #4
    str     r0, [r4, #20]
    mov     r0, #0
    str     r0, [r4, #16]
    str     r0, [r4, #4]
    dmb
    ldr     r0, =FID
    mov     r1, #0
    mov     r2, #0
    mov     r3, #0
    hvc     #0
    mov     r1, r0
    adrl    r0, text_message
    bl      print_value
    adrl    r0, text_channel
    ldr     r1, [r4, #4]
    bl      print_value
    adrl    r0, text_header
    ldr     r1, [r4, #24]
    bl      print_value
    adrl    r0, text_status
    ldr     r1, [r4, #28]
    bl      print_value
    adrl    r0, text_version
    ldr     r1, [r4, #32]
    bl      print_value
    bl      new_line
    pop     {r4, pc}

@ Whether word r5 can be read or, if it is not in the own page, written.
look:
    push    {r4, lr}
    mov     ip, #0
    adr     fp, 1f
    ldr     r0, [r5]
1:  adr     fp, 2f
    ldr     r1, =PAGE
    cmp     r5, r1
    strne   r5, [r5]
2:  mov     r4, ip
    adrl    r0, text_page
    mov     r1, r5
    bl      print_value
    adrl    r0, text_mapped
    cmp     r4, #2
    bne     1f
    adrl    r0, text_unmapped
1:  bl      print
    bl      new_line
    pop     {r4, pc}

@ Prints the text r0, then the number r1.
print_value:
    push    {r4, r5, lr}
    mov     r4, r1
    bl      print
    mov     r0, #'0'
    bl      put
    mov     r0, #'x'
    bl      put
    mov     r5, #28
1:  lsr     r0, r4, r5              @ without leading zeros
    cmp     r0, #0
    bne     2f
    subs    r5, r5, #4
    bgt     1b
    mov     r5, #0
2:  lsr     r0, r4, r5
    and     r0, r0, #15
    cmp     r0, #10
    addlo   r0, r0, #'0'
    addhs   r0, r0, #'a' - 10
    bl      put
    subs    r5, r5, #4
    bge     2b
    pop     {r4, r5, pc}

print:
    push    {r4, lr}
    mov     r4, r0
1:  ldrb    r0, [r4], #1
    cmp     r0, #0
    popeq   {r4, pc}
    bl      put
    b       1b

new_line:
    push    {r4, lr}
    mov     r0, #'\r'
    bl      put
    mov     r0, #'\n'
    bl      put
    pop     {r4, pc}

put:
    ldr     r1, =UART
1:  ldr     r2, [r1, #0x18]
    tst     r2, #1 << 5             @ full
    bne     1b
    str     r0, [r1]
    bx      lr
    .ltorg
    .balign 8
    .skip   1024
stack_top:
