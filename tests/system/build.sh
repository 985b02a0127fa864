#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes all that the emulated board needs, in build/board; what is there and
# still fits its sources is not made again.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh

# Only one at a time: a second one would find half-made trees.
exec 9> "$BUILD/build.lock"
if ! flock -n 9; then
    echo "-- another build is running, waiting for it"
    flock 9
fi

start=$SECONDS
./sources.sh
./sysroot.sh
./rootfs.sh
./firmware/build.sh
./xen.sh
./libxl.sh
step "build the product for arm64" make --no-print-directory -C "$TOP" arm64
./image.sh
./dtb.sh
echo "-- the board is ready after $((SECONDS - start)) s"
