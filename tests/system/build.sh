#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes all that the board needs, in order. Each step looks for itself whether
# there is anything to do.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh

build_product() {
    make -C "$TOP" --no-print-directory arm64
}

./sources.sh
./sysroot.sh
./rootfs.sh
./firmware/build.sh
./xen.sh
./libxl.sh
step "build the product for arm64" build_product
./image.sh
./dtb.sh
