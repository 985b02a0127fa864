#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes all that the emulated board needs, in build/board; what is there and
# still fits its sources is not made again. With SCMI_MED_DEBIAN=12 the board
# that has Debian 12 as Dom0 and its Xen, in build/board-12.
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
[ -z "$TWIN" ] || ln -sf ../board/flash.bin "$BOARD/flash.bin"
./xen.sh
./libxl.sh
./deb.sh
./image.sh
./dtb.sh
echo "-- the board with Debian $DEBIAN is ready after $((SECONDS - start)) s"
