#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: build.sh OUTDIR   builds the probe guests, OUTDIR/probe and OUTDIR/probe32
set -eu
here=$(dirname "$0")
out=$1
mkdir -p "$out"
aarch64-linux-gnu-gcc -Os -std=gnu11 -Wall -Wextra -Wshadow -Werror -ffreestanding \
    -nostdlib -static -fno-pic -mcmodel=tiny -mstrict-align -mgeneral-regs-only \
    -fno-stack-protector -Wl,--build-id=none -Wl,--no-warn-rwx-segments \
    -Wl,-T,"$here/guest.lds" -o "$out/probe.elf" "$here/start.S" "$here"/*.c
aarch64-linux-gnu-objcopy -O binary "$out/probe.elf" "$out/probe"

arm-linux-gnueabihf-as -o "$out/probe32.o" "$here/probe32.s"
arm-linux-gnueabihf-ld --no-warn-rwx-segments -T "$here/guest.lds" \
    -o "$out/probe32.elf" "$out/probe32.o"
arm-linux-gnueabihf-objcopy -O binary "$out/probe32.elf" "$out/probe32"
