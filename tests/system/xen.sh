#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the patched hypervisor for arm64: build/board/xen.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh
./sources.sh

TREE=$BOARD/src/xen-4.20
PATCH=$TOP/hypervisor-patch

prepare() {
    rm -rf "$TREE.new"
    mkdir -p "${TREE%/*}"
    cp -a "$CACHE/src/xen-4.20" "$TREE.new"
    "$PATCH/apply.sh" "$TREE.new"
    cp "$TREE.new/debian/xen-kconfig" "$TREE.new/xen/.config"
    rm -rf "$TREE"
    mv "$TREE.new" "$TREE"
}

build() {
    export XEN_TARGET_ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-
    make -C "$TREE/xen" olddefconfig
    make -C "$TREE/xen" -j"$(nproc)" build
    cp "$TREE/xen/xen" "$BOARD/xen.new"
    cp "$TREE/xen/xen-syms" "$BOARD/xen-syms"
    mv "$BOARD/xen.new" "$BOARD/xen"
}

if ! fresh "$BOARD/xen.stamp" "$PATCH" "$0"; then
    step "apply the patch to Xen 4.20" prepare
    step "build Xen 4.20 for arm64" build
    made "$BOARD/xen.stamp" "$PATCH" "$0"
fi
