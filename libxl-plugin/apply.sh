#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-only
# usage: apply.sh [--check] XEN_TREE
# Adds the hook to libxl in a source tree of Xen. If it does not fit, says why and
# changes nothing.
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
light=tools/libs/light
[ -f "$tree/$light/libxl_arm.c" ] || die "$tree is no source tree of Xen"
[ ! -e "$tree/$light/libxl_hook.c" ] || die "$tree has been patched already"

if ! log=$(cat "$here"/patches/4.20/*.patch | patch -d "$tree" -p1 -N -F0 --dry-run 2>&1); then
    echo "$log" >&2
    die "the hook does not fit $tree; nothing was changed"
fi
[ -z "$check" ] || exit 0
cat "$here"/patches/4.20/*.patch | patch -d "$tree" -p1 -N -F0 -s
cp "$here/$light"/libxl_hook.[ch] "$tree/$light/"
echo "apply.sh: libxl in $tree has the hook now"
