#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the board's firmware: Trusted Firmware-A for QEMU's machine with our
# SCMI platform in it: build/board/flash.bin.
set -euo pipefail
cd "$(dirname "$0")/.."
. ./common.sh
./sources.sh

TREE=$BOARD/src/tfa
OUT=$BOARD/tfa

prepare() {
    local patch
    rm -rf "$TREE" "$OUT"
    mkdir -p "$TREE"
    tar xf "$CACHE/src/tfa.tar.xz" -C "$TREE" --strip-components=1
    for patch in firmware/patches/*.patch; do
        patch -d "$TREE" -p1 < "$patch"
    done
    cp -r firmware/plat "$TREE/plat/qemu/board"
}

build() {
    make -C "$TREE" -j"$(nproc)" CROSS_COMPILE=aarch64-linux-gnu- PLAT=qemu DEBUG=0 LOG_LEVEL=20 \
        QEMU_USE_GIC_DRIVER=QEMU_GICV3 PRELOADED_BL33_BASE=0x40200000 \
        ARM_LINUX_KERNEL_AS_BL33=1 ARM_PRELOADED_DTB_BASE=0x4a000000 \
        BUILD_BASE="$OUT" bl1 fip
    # The boot ROM's flash: first stage at 0, everything else at 256 KiB.
    rm -f "$BOARD/flash.bin.new"
    dd if="$OUT/qemu/release/bl1.bin" of="$BOARD/flash.bin.new" bs=4096 conv=notrunc status=none
    dd if="$OUT/qemu/release/fip.bin" of="$BOARD/flash.bin.new" bs=4096 seek=64 conv=notrunc status=none
    truncate -s 64M "$BOARD/flash.bin.new"
    mv "$BOARD/flash.bin.new" "$BOARD/flash.bin"
}

if ! fresh "$BOARD/flash.stamp" firmware; then
    step "patch the firmware" prepare
    step "build the firmware" build
    made "$BOARD/flash.stamp" firmware
fi
