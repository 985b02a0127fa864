#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the board's firmware with a small program in Xen's place that plays the
# SCMI agents, then checks what the firmware wrote on its own UART. Prints TAP.
#
# usage: run.sh [FLASH BUILDDIR]
#
# Without arguments: the firmware in build/board; its files in a folder there.
set -euo pipefail
FLASH=${1:+$(realpath "$1")}
DIR=${2:+$(realpath -m "$2")}
cd "$(dirname "$0")/../.."
. ./common.sh
. ./machine.sh
FLASH=${FLASH:-$BOARD/flash.bin}
DIR=${DIR:-$BOARD/selftest}
# Seconds; it takes one on a quiet machine.
TIMEOUT=60

[ -f "$FLASH" ] || die "$FLASH: no firmware, build it with tests/system/firmware/build.sh"
mkdir -p "$DIR"
cd firmware/selftest

aarch64-linux-gnu-gcc -std=gnu11 -O2 -Wall -Wextra -Wshadow -Wstrict-prototypes \
    -Wmissing-prototypes -Werror -ffreestanding -fno-stack-protector -fno-pic -no-pie \
    -mgeneral-regs-only -mstrict-align -nostdlib -static -Wl,--build-id=none \
    -Wl,--no-warn-rwx-segments \
    -T selftest.ld -o "$DIR/selftest.elf" start.S ./*.c
aarch64-linux-gnu-objcopy -O binary "$DIR/selftest.elf" "$DIR/selftest.bin"

status=0
/usr/bin/python3 drive.py "$TIMEOUT" "$DIR/console.log" "$DIR/secure.log" \
    qemu-system-aarch64 "${MACHINE[@]}" -bios "$FLASH" \
    -device "loader,file=$DIR/selftest.bin,addr=$XEN_ADDR,force-raw=on" -monitor none \
    2> "$DIR/qemu.log" || status=$?
if [ "$status" != 0 ]; then
    echo "# QEMU's exit status: $status (124: stopped after $TIMEOUT s)"
    sed 's/^/# /' "$DIR/qemu.log"
fi
exec /usr/bin/python3 check.py "$DIR/console.log" "$DIR/secure.log"
