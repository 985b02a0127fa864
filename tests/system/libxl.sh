#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds libxl with the hook for Dom0, what the plugin is compiled against, and the
# libxenctrl that the daemon is linked with (in Dom0 it is Debian's own):
#   build/board/libxl/libxenlight.so.4.20
#   build/board/libxl/include
#   build/board/libxl/libxenctrl.so
# and with SCMI_MED_DEBIAN=12 the same of Xen 4.17 in build/board-12.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh
./sources.sh
./sysroot.sh

TREE=$BOARD/src/libxl-$XEN
OUT=$BOARD/libxl
PATCH=$TOP/libxl-plugin
# The package tells which version of Xen's source the library is from.
INPUTS=("$SELF" "$PATCH/patches" "$PATCH/tools" "$PATCH/apply.sh" "$CACHE/src/xen-$XEN/debian/changelog")

# The libraries below libxl, in the order in which they need each other.
LIBS=(toolcore toollog evtchn gnttab call foreignmemory devicemodel hypfs ctrl guest store light)

prepare() {
    rm -rf "$TREE" "$TREE.new"
    mkdir -p "${TREE%/*}"
    cp -a "$CACHE/src/xen-$XEN" "$TREE.new"
    "$PATCH/apply.sh" "$TREE.new"
    mv "$TREE.new" "$TREE"
}

# buildflags KIND: those that Debian's own libxenlight is compiled with, the
# hardening among them. They hold for the folder that this is called in.
buildflags() {
    dpkg-architecture -aarm64 -f -c dpkg-buildflags --get "$1"
}

build() {
    local s=$SYSROOT how=-idirafter inc lib l flags
    # With a C library of its own, its headers go before the compiler's.
    [ "$s" = "$CACHE/sysroot" ] || how=-isystem
    inc="$how $s/usr/include $how $s/usr/include/aarch64-linux-gnu"
    lib=$s/usr/lib/aarch64-linux-gnu
    flags="-L$lib -L$s/lib/aarch64-linux-gnu -Wl,-rpath-link,$lib:$s/lib/aarch64-linux-gnu"
    export PKG_CONFIG_LIBDIR=$lib/pkgconfig
    cd "$TREE"
    for l in config.guess config.sub; do
        [ -e "$l" ] || ln -s "/usr/share/misc/$l" "$l"
    done
    ./autogen.sh
    # Paths as in Debian's packages, whose libxenlight this one replaces.
    ./configure --host=aarch64-linux-gnu --prefix=/usr --sysconfdir=/etc --localstatedir=/var \
        --with-libexec-leaf-dir="xen-$XEN" --libexecdir=/usr/lib \
        --with-system-qemu=/usr/libexec/xen-qemu-system-i386 \
        --disable-docs --disable-stubdom --disable-xen --disable-ocamltools --disable-golang \
        --disable-pygrub --disable-seabios --disable-ovmf --disable-qemu-traditional \
        --disable-rombios --disable-systemd --disable-xsmpolicy --disable-pvshim --disable-9pfs \
        PYTHON=/usr/bin/python3 CPPFLAGS="$inc" CFLAGS="-g -O2 $inc" LDFLAGS="$flags"
    flags="$(buildflags LDFLAGS) $flags"
    inc="$(buildflags CFLAGS) $(buildflags CPPFLAGS) $inc"
    export EXTRA_CFLAGS_XEN_TOOLS="$inc -Wno-error" APPEND_LDFLAGS="$flags"
    local make=(make -j"$(nproc)" XEN_TARGET_ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-)
    "${make[@]}" -C tools/include build
    for l in "${LIBS[@]}"; do
        "${make[@]}" -C "tools/libs/$l"
    done
}

collect() {
    local tools=$TREE/tools header
    rm -rf "$OUT.new"
    mkdir -p "$OUT.new/include"
    cp "$tools/libs/light/libxenlight.so.$XEN.0" "$OUT.new/libxenlight.so.$XEN"
    cp "$tools/libs/ctrl/libxenctrl.so.$XEN.0" "$OUT.new/libxenctrl.so"
    for header in "$tools"/include/*.h "$tools"/include/xen* "$tools"/libs/light/libxl_hook.h; do
        cp -rL "$header" "$OUT.new/include/"
    done
    rm -rf "$OUT"
    mv "$OUT.new" "$OUT"
}

alone "libxl$TWIN"
if ! fresh "$BOARD/libxl.stamp" "${INPUTS[@]}"; then
    step "patch libxl $XEN" prepare
    step "build libxl $XEN for arm64" build
    step "collect libxl $XEN" collect
    made "$BOARD/libxl.stamp" "${INPUTS[@]}"
fi
