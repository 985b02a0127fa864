#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: apply.sh [--check] XEN_TREE
# Puts SCMI mediation into a source tree of Xen: copies the new files, patches
# the existing ones. Either all of it or, with a message that says why, nothing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

die() {
    echo "apply.sh: $*" >&2
    exit 1
}

check=
if [ "${1:-}" = --check ]; then
    check=yes
    shift
fi
[ $# = 1 ] || die "usage: apply.sh [--check] XEN_TREE"
tree=$1
[ -f "$tree/xen/Makefile" ] || die "$tree is no source tree of Xen"

number() {
    sed -n "s/^export $1[[:space:]]*=[[:space:]]*\([0-9]*\).*/\1/p" "$tree/xen/Makefile"
}
version=$(number XEN_VERSION).$(number XEN_SUBVERSION)
patches=$here/patches/$version
[ -d "$patches" ] ||
    die "$tree is Xen $version; there are patches for: $(cd "$here/patches" && echo *)"
[ ! -e "$tree/xen/arch/arm/scmi-med" ] || die "$tree has been patched already"

# All hooks in one go, so that a dry run tells whether every one of them fits.
if ! log=$(cat "$patches"/*.patch | patch -d "$tree" -p1 -N -F0 --dry-run 2>&1); then
    echo "$log" >&2
    die "the hooks for Xen $version do not fit $tree; nothing was changed"
fi
[ -z "$check" ] || exit 0
cat "$patches"/*.patch | patch -d "$tree" -p1 -N -F0 -s
cp -r "$here/xen" "$tree/"
echo "apply.sh: $tree (Xen $version) has SCMI mediation now"
