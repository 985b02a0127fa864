#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unpacks Debian's stock kernel for arm64, for Dom0 and guests, with the device trees
# of all boards that come with it: build/cache/kernel, of Debian 13; with
# SCMI_MED_DEBIAN=12 build/cache/kernel-12.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh
. ./apt.sh

make_kernel() {
    local package
    apt_root "$SUITE" arm64
    package=$(apt-cache depends linux-image-arm64 | sed -n 's/^ *Depends: \(linux-image-.*\)/\1/p')
    rm -rf "$KERNEL" "$KERNEL.new"
    mkdir -p "$KERNEL.new/deb" "$KERNEL.new/usr/lib"
    ln -s usr/lib "$KERNEL.new/lib"
    (cd "$KERNEL.new/deb" && retry apt-get -q download "$package")
    dpkg-deb --fsys-tarfile "$KERNEL.new"/deb/*.deb |
        tar -x --keep-directory-symlink -C "$KERNEL.new" --exclude=./usr/share
    rm -rf "$KERNEL.new/deb"
    cp "$KERNEL.new"/boot/vmlinuz-* "$KERNEL.new/vmlinuz"
    basename "$KERNEL.new"/usr/lib/modules/* > "$KERNEL.new/version"
    depmod -b "$KERNEL.new/usr" "$(cat "$KERNEL.new/version")"
    mv "$KERNEL.new" "$KERNEL"
}

alone "kernel$TWIN"
[ -d "$KERNEL" ] || step "fetch and unpack the kernel of Debian $DEBIAN" make_kernel
