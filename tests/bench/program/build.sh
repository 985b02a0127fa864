#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: build.sh OUTDIR   builds the program, OUTDIR/program
set -eu
here=$(dirname "$0")
out=$1
mkdir -p "$out"
aarch64-linux-gnu-gcc -std=gnu11 -O2 -Wall -Wextra -Wshadow -Wstrict-prototypes \
    -Wmissing-prototypes -Werror -ffreestanding -fno-stack-protector -fno-pic -no-pie \
    -mcmodel=tiny -mgeneral-regs-only -mstrict-align -nostdlib -static \
    -I "$here/../../../hypervisor-patch/xen/include/public/arch-arm" \
    -Wl,--build-id=none -Wl,--no-warn-rwx-segments -Wl,-T,"$here/program.lds" \
    -o "$out/program.elf" "$here"/*.S "$here"/*.c
aarch64-linux-gnu-objcopy -O binary "$out/program.elf" "$out/program"
