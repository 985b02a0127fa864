#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds Debian's packages for arm64, from which the board's Dom0 is made:
#   build/deb/*.deb
# for Debian 13; with SCMI_MED_DEBIAN=12 in build/deb-12. The hooked libxenlight
# is that of the board, from libxl.sh. With DEBEMAIL, and DEBFULLNAME, in the
# environment they are the packages' maintainer.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh
./sources.sh
./sysroot.sh
./rootfs.sh
./libxl.sh

OUT=$BUILD/deb$TWIN
TREE=$OUT/scmi-med
LIBS=$OUT/libs
PARTS=(Makefile README.md ctl daemon debian doc hypervisor-patch include lib
       libxl-plugin systemd)

# Which source package the hooked libxenlight is from.
XEN_SOURCE=$(dpkg-parsechangelog -l "$CACHE/src/xen-$XEN/debian/changelog" -S Version)
LIBXL=$BOARD/libxl
export XEN_SOURCE LIBXL LIBS

# library_packages: Dom0's packages of libraries, each as if it were being built
# here too: dpkg-shlibdeps takes from them what ours depend on, since none is
# installed on this machine for arm64.
library_packages() {
    local info=$ROOTFS/var/lib/dpkg/info file package to lib kind
    for file in "$info"/*.shlibs; do
        package=$(basename "$file" .shlibs)
        to=$LIBS/${package%:*}
        mkdir -p "$to/DEBIAN"
        for kind in shlibs symbols; do
            [ ! -e "$info/$package.$kind" ] || cp "$info/$package.$kind" "$to/DEBIAN/$kind"
        done
        grep -E '^(/usr)?/lib/.*\.so(\.|$)' "$info/$package.list" | while read -r lib; do
            mkdir -p "$to${lib%/*}"
            cp -a "$ROOTFS$lib" "$to$lib"
        done
    done
}

copy() {
    rm -rf "$OUT"
    mkdir -p "$TREE"
    tar -C "$TOP" -c --exclude=__pycache__ "${PARTS[@]}" | tar -x -C "$TREE"
    library_packages
    # One version for each Debian: they are for different releases of Xen.
    sed -i "1s/(\(.*\))/(\1+deb$DEBIAN)/" "$TREE/debian/changelog"
    [ -z "${DEBEMAIL:-}" ] ||
        WHO="${DEBFULLNAME:-$DEBEMAIL} <$DEBEMAIL>" perl -p -i \
            -e 's/scmi-med maintainers <[^>]*>/$ENV{WHO}/' "$TREE"/debian/{changelog,control}
}

build() {
    cd "$TREE"
    # What it needs is in the sysroot, not among this machine's packages (-d).
    DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" \
        dpkg-buildpackage -aarm64 -b -d -us -uc -Pcross,nocheck
}

version=$(sed -n 's/^VERSION := //p' "$TOP/Makefile")
[ "$(dpkg-parsechangelog -l "$TOP/debian/changelog" -S Version)" = "$version" ] ||
    die "debian/changelog does not begin with version $version, which is the Makefile's"
INPUTS=("$SELF" common.sh "${DEBFULLNAME:-} ${DEBEMAIL:-}" "$BOARD/libxl.stamp" "$ROOTFS.stamp" "$SYSROOT.stamp")
for part in "${PARTS[@]}"; do
    INPUTS+=("$TOP/$part")
done
alone "deb$TWIN"
if ! fresh "$OUT.stamp" "${INPUTS[@]}"; then
    step "copy the tree for packages of Debian $DEBIAN" copy
    step "build packages for Debian $DEBIAN" build
    rm -rf "$TREE" "$LIBS"
    made "$OUT.stamp" "${INPUTS[@]}"
fi
