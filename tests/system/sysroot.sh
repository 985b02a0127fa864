#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes what cross-building for arm64 needs, from packages of this machine's
# own suite (so that it fits the cross compiler): build/cache/sysroot, and the
# flags to use it, build/cache/sysroot/flags.mk. For a Dom0 that is older than
# this machine it is one of Dom0's suite, C library included.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh
. ./apt.sh

PACKAGES=(libevent-dev libjansson-dev libsystemd-dev libsmartcols-dev
          libncurses-dev libfdt-dev libxen-dev libyajl-dev uuid-dev zlib1g-dev)
FROM=$HOST_SUITE
[ "$SYSROOT" = "$CACHE/sysroot" ] || FROM=$SUITE

# Linker scripts name libraries by their path in the running system.
own_c_library() {
    local script
    for script in libc.so libm.so; do
        [ ! -f "$1/$script" ] || [ -L "$1/$script" ] || sed -i "s, /, $SYSROOT/,g" "$1/$script"
    done
}

make_sysroot() {
    local link target lib
    apt_root "$FROM" arm64
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
    # Linker scripts of the C library here would shadow the compiler's own.
    if [ "$FROM" = "$HOST_SUITE" ]; then
        rm -f "$SYSROOT.new/$lib"/{libc.so,libm.so,libc.a,libm.a,crt*.o,libpthread.a}
    else
        own_c_library "$SYSROOT.new/$lib"
    fi
    mv "$SYSROOT.new" "$SYSROOT"
}

alone "${SYSROOT##*/}"
if ! fresh "$SYSROOT.stamp" "$FROM" "$SYSROOT" "$SELF"; then
    step "make the arm64 sysroot of $FROM" make_sysroot
    made "$SYSROOT.stamp" "$FROM" "$SYSROOT" "$SELF"
fi
