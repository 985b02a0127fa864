#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes all that the emulated board needs, in build/board; what is there and
# still fits its sources is not made again. With SCMI_MED_DEBIAN=12 the board
# that has Debian 12 as Dom0 and its Xen, in build/board-12.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh

start=$SECONDS
./sources.sh
# What is fetched, beside what is compiled.
together ./rootfs.sh ./kernel.sh ./firmware/build.sh ./libxl.sh ./xen.sh
[ -z "$TWIN" ] || ln -sf ../board/flash.bin "$BOARD/flash.bin"
# Boots in place of Dom0's Linux where a test does not need that.
"$TOP/tests/bench/program/build.sh" "$BOARD/bench"
./deb.sh
./image.sh
./dtb.sh
echo "-- the board with Debian $DEBIAN is ready after $((SECONDS - start)) s"
