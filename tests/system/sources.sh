#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fetches Debian's sources of Xen, which it unpacks with Debian's patches, and of
# Trusted Firmware-A, always Debian 13's: build/cache/src/{xen-VERSION,tfa.tar.xz}.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh
. ./apt.sh

SRC=$CACHE/src

# If the mirror lists a version whose files it does not hold, this one will do.
case $XEN in
4.20)
    PINNED=4.20.3+127-gc42374a105 PINNED_DEBIAN=0+deb13u1
    ORIG_SHA256=df0831854a55a8f31cb3cb85036f2edc928e2ef098d77f815f5714bfafac68f3
    DEBIAN_SHA256=b1f909d626f3d4ba6965ba291dd97b0dfbbe48bb8e2510913cbc1760c5e8cb3e
    ;;
4.17)
    PINNED=4.17.5+72-g01140da4e8 PINNED_DEBIAN=1
    ORIG_SHA256=53922f4d0a02c577f2ea9d63f65989cd88715779eebeed879ca1d314103ee06e
    DEBIAN_SHA256=5bcf3812c64585e270e0b3fa6ee8fd16dff7b9bc0f61375d648c64672484c4d9
    ;;
esac
FETCHED=$SRC/xen$TWIN

fetch_xen() {
    apt_root "$SUITE" arm64
    if apt_source "$FETCHED" xen; then
        return
    fi
    echo "the mirror does not hold the newest Xen source, taking $PINNED"
    rm -f "$FETCHED"/*
    apt_pool "$FETCHED" "main/x/xen/xen_$PINNED.orig.tar.xz" "$ORIG_SHA256"
    apt_pool "$FETCHED" "main/x/xen/xen_$PINNED-$PINNED_DEBIAN.debian.tar.xz" "$DEBIAN_SHA256"
}

unpack_xen() {
    local tree=$SRC/xen-$XEN.new patch
    rm -rf "$tree" "$SRC/xen-$XEN"
    mkdir -p "$tree"
    tar xf "$FETCHED"/xen_*.orig.tar.xz -C "$tree" --strip-components=1
    tar xf "$FETCHED"/xen_*.debian.tar.xz -C "$tree"
    while read -r patch; do
        case $patch in ''|'#'*) continue ;; esac
        patch -d "$tree" -p1 -s < "$tree/debian/patches/$patch"
    done < "$tree/debian/patches/series"
    mv "$tree" "$SRC/xen-$XEN"
}

fetch_tfa() {
    apt_root trixie arm64
    apt_source "$SRC/tfa" arm-trusted-firmware
    ln -sf "$(cd "$SRC" && echo tfa/arm-trusted-firmware_*.orig.tar.xz)" "$SRC/tfa.tar.xz"
}

alone "source$TWIN"
[ -d "$SRC/xen-$XEN" ] || {
    step "fetch the source of Xen $XEN" fetch_xen
    [ ! -e "$FETCHED/xen_$PINNED.orig.tar.xz" ] ||
        echo "-- (Xen $PINNED: the mirror lists another version but does not hold it)"
    step "unpack the source of Xen $XEN" unpack_xen
}
alone source-tfa
[ -e "$SRC/tfa.tar.xz" ] || step "fetch the firmware's source" fetch_tfa
