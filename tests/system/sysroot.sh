#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes what cross-building for arm64 needs, from packages of this machine's
# own suite (so that it fits the cross compiler): build/cache/sysroot, and the
# flags to use it, build/cache/sysroot/flags.mk.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh
. ./apt.sh

SYSROOT=$CACHE/sysroot
SUITE=$(. /etc/os-release && echo "$VERSION_CODENAME")
PACKAGES=(libevent-dev libjansson-dev libsystemd-dev libsmartcols-dev libfdt-dev
          libxen-dev libyajl-dev uuid-dev zlib1g-dev
          libncurses-dev)

make_sysroot() {
    local link target lib
    apt_root "$SUITE" arm64
    rm -rf "$SYSROOT" "$SYSROOT.new"
    apt_unpack "$SYSROOT.new" "${PACKAGES[@]}"
    # The cross compiler brings its own C library.
    rm -rf "$SYSROOT.new"/usr/share "$SYSROOT.new"/usr/bin "$SYSROOT.new"/usr/sbin
    find "$SYSROOT.new" -type l | while read -r link; do
        target=$(readlink "$link")
        case $target in
        /*) ln -sfn "$SYSROOT$target" "$link" ;;
        esac
    done
    lib=usr/lib/aarch64-linux-gnu
    mkdir -p "$SYSROOT.new/cross"
    cat > "$SYSROOT.new/flags.mk" <<EOF
ARM64_CPPFLAGS := -isystem $SYSROOT/usr/include -isystem $SYSROOT/usr/include/aarch64-linux-gnu
ARM64_LDFLAGS := -L$SYSROOT/$lib -L$SYSROOT/lib/aarch64-linux-gnu -Wl,-rpath-link,$SYSROOT/$lib:$SYSROOT/lib/aarch64-linux-gnu
EOF
    # Headers and linker scripts of the C library here would shadow the
    # compiler's own.
    rm -f "$SYSROOT.new/$lib"/{libc.so,libm.so,libc.a,libm.a,crt*.o,libpthread.a}
    mv "$SYSROOT.new" "$SYSROOT"
}

if ! fresh "$CACHE/sysroot.stamp" "$SUITE" "$SYSROOT" "$SELF"; then
    step "make the arm64 sysroot" make_sysroot
    made "$CACHE/sysroot.stamp" "$SUITE" "$SYSROOT" "$SELF"
fi
