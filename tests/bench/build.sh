#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes what the benchmarks need: the firmware, the patched Xen and the one it
# is compared with, and the measuring program, build/board/bench/program.
set -euo pipefail
cd "$(dirname "$0")/../system"
. ./common.sh

./sources.sh
./firmware/build.sh
./xen.sh
./xen.sh plain
step "build the measuring program" "$TOP/tests/bench/program/build.sh" "$BOARD/bench"
