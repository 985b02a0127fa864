#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: run.sh [FOLDER...]
# Checks every device tree of Debian's arm64 kernels (or those in the folders)
# with scmi-medctl and with a second reader, and compares. Prints TAP.
set -euo pipefail
cd "$(dirname "$0")/../.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
mkdir -p build/lock
if ! flock build/lock/host make -j"$(nproc)" -f Makefile -f tests/boards/build.mk boards-rig > "$log" 2>&1; then
    sed 's/^/# /' "$log"
    echo "not ok 1 - the programs are built"
    echo "1..1"
    exit 1
fi

folders=("$@")
if [ ${#folders[@]} = 0 ]; then
    for suite in bookworm trixie; do
        if folder=$(tests/boards/fetch.sh "$suite" 2> "$log"); then
            folders+=("$folder")
        else
            sed 's/^/# /' "$log"
            echo "ok - device trees of $suite # SKIP Debian's kernel package cannot be had"
            echo "1..1"
        fi
    done
fi
for folder in "${folders[@]}"; do
    echo -n "# ${folder##*/}: "
    find "$folder" -name '*.dtb' -o -name '*.dtbo' | LC_ALL=C sort |
        build/host/tests/boards/cost build/host/scmi-medctl check
done
# What no board has, and what none should.
own=build/host/tests/boards/trees
status=0
tests/boards/compare.py build/host-san/scmi-medctl "$own" "${folders[@]}" || status=1
tests/boards/broken.py build/host-san/scmi-medctl 400 "$own"/*.dtb build/host/tests/xen/board.dtb || status=1
exit $status
