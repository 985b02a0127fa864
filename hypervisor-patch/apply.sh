#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: apply.sh [--check] [--flask] XEN_TREE
# Puts SCMI mediation into a source tree of Xen: copies the new files, patches
# the existing ones. Either all of it or, with a message that says why, nothing.
#   --check   only say whether it would work
#   --flask   also a FLASK permission for the hypercall, and a line of policy
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

die() {
    echo "apply.sh: $*" >&2
    exit 1
}

check='' flask='' tree=
for arg in "$@"; do
    case $arg in
    --check) check=yes ;;
    --flask) flask=yes ;;
    -*) die "no option $arg; usage: apply.sh [--check] [--flask] XEN_TREE" ;;
    *) [ -z "$tree" ] || die "one tree at a time, please"; tree=$arg ;;
    esac
done
[ -n "$tree" ] || die "usage: apply.sh [--check] [--flask] XEN_TREE"
[ -f "$tree/xen/Makefile" ] || die "$tree is no source tree of Xen"

number() {
    sed -n "s/^export $1[[:space:]]*=[[:space:]]*\([0-9]*\).*/\1/p" "$tree/xen/Makefile"
}
version=$(number XEN_VERSION).$(number XEN_SUBVERSION)
known=$(cd "$here/patches" && printf '%s\n' * | sort -V)
newest=$(tail -n 1 <<< "$known")
patches=$here/patches/$version
# A tree that is younger than the hooks may still be as they expect it.
if [ ! -d "$patches" ] && [ "$(printf '%s\n' "$version" "$newest" | sort -V | tail -n 1)" = "$version" ]; then
    patches=$here/patches/$newest
fi
[ -d "$patches" ] || die "$tree is Xen $version; there are hooks for: ${known//$'\n'/ }"
[ ! -e "$tree/xen/arch/arm/scmi-med" ] || die "$tree has been patched already"

hooks=("$patches"/*.patch)
[ -z "$flask" ] || hooks+=("$patches"/flask/*.patch)
# All hooks in one go, so that a dry run tells whether every one of them fits.
if ! log=$(cat "${hooks[@]}" | patch -d "$tree" -p1 -N -F0 --dry-run 2>&1); then
    echo "$log" >&2
    die "the hooks for Xen ${patches##*/} do not fit $tree, which is Xen $version; nothing was changed"
fi
[ -z "$check" ] || exit 0
cat "${hooks[@]}" | patch -d "$tree" -p1 -N -F0 -s
cp -r "$here/xen" "$tree/"
echo "apply.sh: $tree (Xen $version) has SCMI mediation now"
