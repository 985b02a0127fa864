#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fetches Debian 13's sources of Xen and Trusted Firmware-A, and unpacks Xen's
# with Debian's patches: build/cache/src/{xen-4.20,tfa.tar.xz}.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh
. ./apt.sh

SRC=$CACHE/src

# If the mirror lists a version whose files it does not hold, this one will do.
XEN_VERSION=4.20.3+127-gc42374a105
XEN_ORIG_SHA256=df0831854a55a8f31cb3cb85036f2edc928e2ef098d77f815f5714bfafac68f3
XEN_DEBIAN_SHA256=b1f909d626f3d4ba6965ba291dd97b0dfbbe48bb8e2510913cbc1760c5e8cb3e

fetch_xen() {
    apt_root trixie arm64
    mkdir -p "$SRC/xen"
    if apt_source "$SRC/xen" xen; then
        return
    fi
    echo "the mirror does not hold the newest Xen source, taking $XEN_VERSION"
    rm -f "$SRC"/xen/*
    apt_pool "$SRC/xen" "main/x/xen/xen_$XEN_VERSION.orig.tar.xz" $XEN_ORIG_SHA256
    apt_pool "$SRC/xen" "main/x/xen/xen_$XEN_VERSION-0+deb13u1.debian.tar.xz" $XEN_DEBIAN_SHA256
}

unpack_xen() {
    local tree=$SRC/xen-4.20.new patch
    rm -rf "$tree" "$SRC/xen-4.20"
    mkdir -p "$tree"
    tar xf "$SRC"/xen/xen_*.orig.tar.xz -C "$tree" --strip-components=1
    tar xf "$SRC"/xen/xen_*.debian.tar.xz -C "$tree"
    while read -r patch; do
        case $patch in ''|'#'*) continue ;; esac
        patch -d "$tree" -p1 -s < "$tree/debian/patches/$patch"
    done < "$tree/debian/patches/series"
    mv "$tree" "$SRC/xen-4.20"
}

fetch_tfa() {
    apt_root trixie arm64
    apt_source "$SRC/tfa" arm-trusted-firmware
    ln -sf "$(cd "$SRC" && echo tfa/arm-trusted-firmware_*.orig.tar.xz)" "$SRC/tfa.tar.xz"
}

[ -d "$SRC/xen-4.20" ] || {
    step "fetch Xen's source" fetch_xen
    [ ! -e "$SRC/xen/xen_$XEN_VERSION.orig.tar.xz" ] ||
        echo "-- (Xen $XEN_VERSION: the mirror lists another version but does not hold it)"
    step "unpack Xen's source" unpack_xen
}
[ -e "$SRC/tfa.tar.xz" ] || step "fetch the firmware's source" fetch_tfa
