#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: build.sh OUTDIR   builds the probe guest, OUTDIR/probe
set -eu
here=$(dirname "$0")
out=$1
mkdir -p "$out"
aarch64-linux-gnu-gcc -Os -Wall -Wextra -Werror -ffreestanding -nostdlib -static \
    -fno-pic -mcmodel=tiny -mstrict-align -mgeneral-regs-only -fno-stack-protector \
    -Wl,--build-id=none -Wl,--no-warn-rwx-segments -Wl,-T,"$here/guest.lds" \
    -o "$out/probe.elf" "$here/start.S" "$here/probe.c"
aarch64-linux-gnu-objcopy -O binary "$out/probe.elf" "$out/probe"
