#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: run.sh [XEN_TREE...]
# Puts the part in Xen into each release that there are hooks for, and builds it
# in the ways that nothing else builds it. Debian's sources are those that the
# boards' Xen is built from; other releases, not in Debian, are looked for among
# the given trees, which stay as they are. Prints TAP.
set -euo pipefail
cd "$(dirname "$0")/../.."

APPLY=hypervisor-patch/apply.sh
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
LOG=$WORK/log
count=0 failed=0
export XEN_TARGET_ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-
# As in tests/system/common.sh.
PATH=/usr/lib/ccache:$PATH
export CCACHE_DIR=$PWD/build/cache/ccache CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=2G

# result NAME COMMAND...: what the command printed is shown if it fails.
result() {
    local name=$1
    shift
    count=$((count + 1))
    if "$@" > "$LOG" 2>&1; then
        echo "ok $count - $name"
    else
        echo "not ok $count - $name"
        failed=$((failed + 1))
        tail -n 20 "$LOG" | cut -c 1-300 | sed 's/^/#   /'
    fi
}

version_of() {
    sed -n 's/^export XEN_\(SUB\)\?VERSION[[:space:]]*=[[:space:]]*\([0-9]*\).*/\2/p' "$1/xen/Makefile" |
        paste -sd .
}

# The point release, as in ".2".
point_of() {
    sed -n 's/^export XEN_EXTRAVERSION[[:space:]]*?*=[[:space:]]*\([0-9.]*\).*/\1/p' "$1/xen/Makefile"
}

sum() {
    (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
}

# refuses TREE PATTERN: apply.sh fails for this reason, and changes nothing.
refuses() {
    local before said
    before=$(sum "$1")
    if said=$("$APPLY" "$1" 2>&1); then
        echo "it was applied"
        return 1
    fi
    echo "$said"
    [[ $said =~ $2 ]] && [ "$before" = "$(sum "$1")" ]
}

checks() {
    local before
    before=$(sum "$1")
    "$APPLY" --check "$1" && "$APPLY" --check --flask "$1" && [ "$before" = "$(sum "$1")" ]
}

# configure TREE OPTION...: "NAME=y" or "NAME=n"; they must be what comes out.
configure() {
    local tree=$1 option
    shift
    printf 'CONFIG_%s\n' EXPERT=y UNSUPPORTED=y "$@" > "$tree/xen/.config"
    make -C "$tree/xen" olddefconfig
    for option in "$@"; do
        case $option in
        *=y) grep -qx "CONFIG_$option" "$tree/xen/.config" ;;
        *=n) ! grep -q "^CONFIG_${option%=n}=y" "$tree/xen/.config" ;;
        esac || { echo "$option is not to be had"; return 1; }
    done
}

build() {
    # Newer compilers suspect 4.17's __irq_to_desc() in vain.
    make -C "$1/xen" -j"$(nproc)" EXTRA_CFLAGS_XEN_CORE=-Wno-error=array-bounds build
}

has_symbol() {
    "${CROSS_COMPILE}nm" "$1/xen/xen-syms" | grep " $2$" > /dev/null
}

# What was a domain's is free for others only when the domain's devices are off.
after_devices() {
    awk '/pci_release_devices\(d\)/ { off = NR } /(scmi_med_domain_destroy|sci_relinquish_resources)\(d\)/ { end = NR }
         END { exit !(off && end > off) }' "$1/xen/arch/arm/domain.c"
}

with_flask() {
    "$APPLY" --flask "$1" && after_devices "$1" && configure "$1" XSM=y XSM_FLASK=y XSM_FLASK_POLICY=y SCMI_MED=y && build "$1" &&
        has_symbol "$1" do_scmi_med_op && [ -s "$1/xen/xsm/flask/policy.bin" ]
}

# The hooks alone are harmless, and the hypercall is not there.
without_mediation() {
    local other=()
    # Where there is a choice of drivers another one is taken.
    [ ! -d "$1/xen/arch/arm/firmware" ] || other=(SCMI_SMC=y)
    configure "$1" XSM=n "${other[@]}" SCMI_MED=n && build "$1" && ! has_symbol "$1" do_scmi_med_op
}

# An update of a release may add to the hooks of XSM, or drop some, beside ours.
other_update() {
    sed -i -E '/int \(\*hypfs_op\)|\.hypfs_op +=/i/* another hook */' \
        "$1/xen/include/xsm/xsm.h" "$1/xen/xsm/dummy.c" "$1/xen/xsm/flask/hooks.c"
    "$APPLY" --check --flask "$1"
}

# One hook has lost its place: someone else's change.
does_not_fit() {
    sed -i 's/handle_existing_apis/handle_other_apis/; s/sci_handle_call/other_handle_call/' \
        "$1/xen/arch/arm/vsmc.c" "$1"/xen/arch/arm/firmware/*.c 2> /dev/null || true
    sed -i 's/CONFIG_/CONFIGURE_/; s/obj-y/obj-yes/' "$1/xen/arch/arm/Makefile"
    refuses "$1" "the hooks for Xen $2 do not fit"
}

other_release() {
    sed -i 's/^\(export XEN_SUBVERSION[[:space:]]*=\).*/\1 16/' "$1/xen/Makefile"
    refuses "$1" "is Xen 4.16; there are hooks for: 4.17 4.18"
}

# release VERSION SOURCE
release() {
    cp -a "$2" "$WORK/tree"
    result "$1: --check says that it fits, and does no more" checks "$WORK/tree"
    result "$1: so does the hook in libxl" libxl-plugin/apply.sh --check "$WORK/tree"
    result "$1: it builds with FLASK and its policy" with_flask "$WORK/tree"
    result "$1: once is enough" refuses "$WORK/tree" "has been patched already"
    result "$1: it builds without mediation" without_mediation "$WORK/tree"
    rm -rf "$WORK/tree"
    mkdir -p "$WORK/tree/tools"
    # What the hooks are about is enough to see whether they fit.
    cp -a "$2/xen" "$WORK/tree/"
    cp -a "$2/tools/flask" "$WORK/tree/tools/"
    result "$1: they fit other updates of the release" other_update "$WORK/tree"
    result "$1: hooks that do not fit change nothing" does_not_fit "$WORK/tree" "$(version_of "$2")"
    result "$1: nor do they in a release that is not known" other_release "$WORK/tree"
    rm -rf "$WORK/tree"
}

result "what is no tree of Xen is refused" refuses "$PWD/tests" "is no source tree of Xen"
for hooks in $(printf '%s\n' hypervisor-patch/patches/* | sort -V); do
    version=${hooks##*/}
    sources=()
    for tree in "build/cache/src/xen-$version" "$@"; do
        [ ! -d "$tree" ] || [ "$(version_of "$tree")" != "$version" ] || sources+=("$tree")
    done
    for tree in "${sources[@]}"; do
        release "$version$(point_of "$tree")" "$tree"
    done
    if [ ${#sources[@]} = 0 ]; then
        count=$((count + 1))
        echo "ok $count - $version # SKIP its source is not in Debian: make check-trees XEN_TREES=FOLDER"
    fi
done
echo "1..$count"
[ "$failed" = 0 ]
