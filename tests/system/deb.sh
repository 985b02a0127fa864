#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds Debian's packages for arm64 and lets lintian check them:
#   build/deb/*.deb
# for Debian 13; with SCMI_MED_DEBIAN=12 in build/deb-12. The hooked libxenlight
# is that of the board, from libxl.sh.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh
. ./apt.sh
./libxl.sh

OUT=$BUILD/deb$TWIN
TREE=$OUT/scmi-med

# Which source package the hooked libxenlight is from.
XEN_SOURCE=$(dpkg-parsechangelog -l "$CACHE/src/xen-$XEN/debian/changelog" -S Version)
LIBXL=$BOARD/libxl
# libxenlight's neighbours, to be found by dpkg-shlibdeps.
XEN_LIBS=$BOARD/src/libxl-$XEN/tools/libs
XEN_LIBS=$XEN_LIBS/ctrl:$XEN_LIBS/guest
export XEN_SOURCE LIBXL XEN_LIBS

# The C library that the sysroot, or the cross compiler, is of.
case $HOST_SUITE$SYSROOT in
bookworm* | *-12) LIBC=2.36 ;;
*) LIBC=2.41 ;;
esac

# The packages of the libraries, which are not installed here for arm64. The
# names are Debian 12's; where 13 has others, it provides these as well.
write_shlibs() {
    cat << EOF
libc 6 libc6 (>= $LIBC)
ld-linux-aarch64 1 libc6 (>= $LIBC)
libevent_core-2.1 7 libevent-core-2.1-7t64 | libevent-core-2.1-7
libjansson 4 libjansson4 (>= 2.14)
libsystemd 0 libsystemd0 (>= 252)
libsmartcols 1 libsmartcols1 (>= 2.38)
libfdt 1 libfdt1 (>= 1.6)
libyajl 2 libyajl2
libuuid 1 libuuid1 (>= 2.38)
libxencall 1 libxencall1 (>= 4.17)
libxenstore 4 libxenstore4 (>= 4.17)
libxentoollog 1 libxentoollog1 (>= 4.17)
libxenevtchn 1 libxenevtchn1 (>= 4.17)
libxenhypfs 1 libxenhypfs1 (>= 4.17)
libxentoolcore 1 libxentoolcore1 (>= 4.17)
libxengnttab 1 libxengnttab1 (>= 4.17)
libxenforeignmemory 1 libxenforeignmemory1 (>= 4.17)
libxendevicemodel 1 libxendevicemodel1 (>= 4.17)
libxenctrl $XEN libxenmisc$XEN
libxenguest $XEN libxenmisc$XEN
EOF
}

copy() {
    rm -rf "$OUT"
    mkdir -p "$TREE"
    tar -C "$TOP" -c --exclude=./build --exclude=./.git --exclude=__pycache__ . | tar -x -C "$TREE"
    write_shlibs > "$TREE/debian/shlibs.local"
    # One version for each Debian: they are for different releases of Xen.
    sed -i "1s/(\(.*\))/(\1+deb$DEBIAN)/" "$TREE/debian/changelog"
}

build() {
    cd "$TREE"
    # What it needs is in the sysroot, not among this machine's packages (-d).
    DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage -aarm64 -b -d -us -uc -Pcross,nocheck
}

# The whole of it, to be seen also if it passes.
check() {
    lintian --version
    lintian --no-tag-display-limit --allow-root --fail-on error,warning "$OUT"/*.changes
}

# Nothing is installed: apt says whether this Debian has what they depend on.
depends() {
    apt_root "$SUITE" arm64
    apt-get -q -s install "$OUT"/scmi-med_*.deb "$OUT"/scmi-med-libxl_*.deb \
        "$OUT"/scmi-med-hypervisor-source_*.deb
}

version=$(sed -n 's/^VERSION := //p' "$TOP/Makefile")
[ "$(dpkg-parsechangelog -l "$TOP/debian/changelog" -S Version)" = "$version" ] ||
    die "debian/changelog does not begin with version $version, which is the Makefile's"
step "copy the tree for packages of Debian $DEBIAN" copy
step "build packages for Debian $DEBIAN" build
step "check packages with lintian" check
step "check that Debian $DEBIAN has what the packages need" depends
rm -rf "$TREE"
ls "$OUT"/*.deb
