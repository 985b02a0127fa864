#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: run.sh [--plain | --sanitized] [SCENARIO...]
# The real daemon, client and plugin with Debian's real xenstored, on this
# machine, without Xen and without root: the programs as they are installed, and
# once more with the sanitizers in, unless it is to be one of them. Prints TAP.
set -euo pipefail
cd "$(dirname "$0")/../.."

products=(build/host build/host-san)
case ${1:-} in
--plain) products=(build/host); shift ;;
--sanitized) products=(build/host-san); shift ;;
esac

log=$(mktemp)
trap 'rm -f "$log"' EXIT
mkdir -p build/lock
if ! flock build/lock/host make -j"$(nproc)" -f Makefile -f tests/host/build.mk all host-rig > "$log" 2>&1; then
    sed 's/^/# /' "$log"
    echo "not ok 1 - the rig is built"
    echo "1..1"
    exit 1
fi
if ! xenstored=$(tests/host/xenstored.sh 2> "$log"); then
    sed 's/^/# /' "$log"
    echo "ok 1 - the rig # SKIP Debian's xenstored cannot be had"
    echo "1..1"
    exit 0
fi
status=0
for PRODUCT in "${products[@]}"; do
    export PRODUCT
    echo "# with $PRODUCT"
    # What is preloaded comes before the sanitizers' runtime, and may.
    ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0 \
        /usr/bin/python3 tests/host/scenarios.py "$xenstored" "$@" || status=1
done
exit $status
