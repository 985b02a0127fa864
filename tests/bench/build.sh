#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes what the benchmarks need: the firmware, the patched Xen and the one it
# is compared with, and the measuring program, build/board/bench/program.
set -euo pipefail
cd "$(dirname "$0")/../system"
. ./common.sh

OUT=$BOARD/bench
PROGRAM=$TOP/tests/bench/program

program() {
    mkdir -p "$OUT"
    aarch64-linux-gnu-gcc -std=gnu11 -O2 -Wall -Wextra -Wshadow -Wstrict-prototypes \
        -Wmissing-prototypes -Werror -ffreestanding -fno-stack-protector -fno-pic -no-pie \
        -mcmodel=tiny -mgeneral-regs-only -mstrict-align -nostdlib -static \
        -I "$TOP/hypervisor-patch/xen/include/public/arch-arm" \
        -Wl,--build-id=none -Wl,--no-warn-rwx-segments -Wl,-T,"$PROGRAM/program.lds" \
        -o "$OUT/program.elf" "$PROGRAM"/*.S "$PROGRAM"/*.c
    aarch64-linux-gnu-objcopy -O binary "$OUT/program.elf" "$OUT/program"
}

./sources.sh
./firmware/build.sh
./xen.sh
./xen.sh plain
alone bench
step "build the measuring program" program
