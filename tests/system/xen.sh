#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the hypervisor for arm64, from the same source with the same options.
#
# usage: xen.sh [plain]
#
# Without argument the patched one, build/board/xen, Debian 13's; with
# SCMI_MED_DEBIAN=12 build/board-12/xen. With "plain" the one that it is
# compared with, unpatched: build/board/xen-plain.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh
./sources.sh

SOURCE=$CACHE/src/xen-$XEN
PATCH=$TOP/hypervisor-patch
case ${1:-} in
'') NAME=xen TREE=$BOARD/src/xen-$XEN INPUTS=("$PATCH" "$SELF") ;;
plain) NAME=xen-plain TREE=$BOARD/src/xen-$XEN-plain INPUTS=("$SELF") ;;
*) die "usage: xen.sh [plain]" ;;
esac

# The tree as it was unpacked.
copy() {
    [ -d "$TREE" ] && [ ! "$SOURCE" -nt "$TREE/touched" ] && return
    rm -rf "$TREE" "$TREE.copy"
    mkdir -p "${TREE%/*}"
    cp -a "$SOURCE" "$TREE.copy"
    : > "$TREE.copy/touched"
    mv "$TREE.copy" "$TREE"
}

# Brings the tree up to date. Files that stay the same are not touched, so that
# make compiles again only what a change concerns.
prepare() {
    local file
    copy
    rm -rf "$TREE.new"
    cp -a "$SOURCE" "$TREE.new"
    : > "$TREE.new/before"
    sleep 0.1
    "$PATCH/apply.sh" "$TREE.new"
    (cd "$TREE.new" && find . -type f -cnewer before) > "$TREE.list"
    # What this patch touches, and what an earlier one did.
    sort -u "$TREE.list" "$TREE/touched" > "$TREE.both"
    mv "$TREE.both" "$TREE/touched"
    while read -r file; do
        if [ ! -e "$TREE.new/$file" ]; then
            rm -f "$TREE/$file"
        elif ! cmp -s "$TREE.new/$file" "$TREE/$file"; then
            mkdir -p "$(dirname "$TREE/$file")"
            cp "$TREE.new/$file" "$TREE/$file"
            # A file restored has its old date.
            touch "$TREE/$file"
        fi
    done < "$TREE/touched"
    mv "$TREE.list" "$TREE/touched"
    rm -rf "$TREE.new"
}

build() {
    export XEN_TARGET_ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-
    # Debian 13's gcc suspects 4.17's __irq_to_desc() in vain.
    [ "$XEN" != 4.17 ] || export EXTRA_CFLAGS_XEN_CORE=-Wno-error=array-bounds
    cp "$TREE/debian/xen-kconfig" "$TREE/xen/.config.new"
    cmp -s "$TREE/xen/.config.new" "$TREE/xen/.config.debian" || {
        cp "$TREE/xen/.config.new" "$TREE/xen/.config"
        mv "$TREE/xen/.config.new" "$TREE/xen/.config.debian"
    }
    make -C "$TREE/xen" olddefconfig
    make -C "$TREE/xen" -j"$(nproc)" build
    cp "$TREE/xen/xen-syms" "$BOARD/$NAME-syms"
    cp "$TREE/xen/xen" "$BOARD/$NAME.new"
    mv "$BOARD/$NAME.new" "$BOARD/$NAME"
}

alone "$NAME$TWIN"
if ! fresh "$BOARD/$NAME.stamp" "${INPUTS[@]}" || [ ! -f "$BOARD/$NAME" ]; then
    if [ "$NAME" = xen ]; then
        step "apply the patch to Xen $XEN" prepare
        step "build Xen $XEN for arm64" build
    else
        step "copy Xen $XEN" copy
        step "build Xen $XEN, unpatched, for arm64" build
    fi
    made "$BOARD/$NAME.stamp" "${INPUTS[@]}"
fi
