#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the board's firmware: Trusted Firmware-A for QEMU's machine with our
# SCMI platform in it, OUTDIR/flash.bin.
#
# usage: build.sh [SOURCE_TARBALL OUTDIR]
#
# Without arguments: from Debian's source, fetched if need be, to build/board.
set -euo pipefail
SOURCE=${1:+$(realpath "$1")}
OUTDIR=${2:+$(realpath -m "$2")}
cd "$(dirname "$0")/.."
. ./common.sh

if [ -z "$SOURCE" ]; then
    ./sources.sh
    SOURCE=$CACHE/src/tfa.tar.xz
fi
[ -f "$SOURCE" ] || die "$SOURCE: no such file; give the .orig.tar.xz of arm-trusted-firmware"
# It is the same for every Dom0.
OUTDIR=${OUTDIR:-$BUILD/board}
mkdir -p "$OUTDIR"
TREE=$OUTDIR/src/tfa
OUT=$OUTDIR/tfa
# Not README.md and selftest/: they change nothing in what is built.
INPUTS=(firmware/build.sh firmware/patches firmware/plat "$(realpath "$SOURCE")")

prepare() {
    local patch
    rm -rf "$TREE" "$OUT"
    mkdir -p "$TREE"
    tar xf "$SOURCE" -C "$TREE" --strip-components=1
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
    rm -f "$OUTDIR/flash.bin.new"
    dd if="$OUT/qemu/release/bl1.bin" of="$OUTDIR/flash.bin.new" bs=4096 conv=notrunc status=none
    dd if="$OUT/qemu/release/fip.bin" of="$OUTDIR/flash.bin.new" bs=4096 seek=64 conv=notrunc status=none
    truncate -s 64M "$OUTDIR/flash.bin.new"
    mv "$OUTDIR/flash.bin.new" "$OUTDIR/flash.bin"
}

alone firmware
if ! fresh "$OUTDIR/flash.stamp" "${INPUTS[@]}" || [ ! -f "$OUTDIR/flash.bin" ]; then
    rm -f "$OUTDIR/flash.stamp"
    step "patch the firmware" prepare
    step "build the firmware" build
    made "$OUTDIR/flash.stamp" "${INPUTS[@]}"
fi
