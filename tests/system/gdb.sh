#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: gdb.sh xen|firmware PORT [OPTION...]
# Attaches gdb to the board that runs with SCMI_MED_GDB=PORT, with the symbols of
# Xen, or of the firmware at EL3. Further options are gdb's. While gdb has it the
# whole board stands still. Breakpoints: hbreak; code is shared by all CPUs.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh

case ${1:-} in
xen) symbols=$BOARD/xen-syms ;;
firmware) symbols=$BOARD/tfa/qemu/release/bl31/bl31.elf ;;
*) die "usage: gdb.sh xen|firmware PORT [OPTION...]" ;;
esac
[[ ${2:-} =~ ^[0-9]+$ ]] || die "which port? The board is started with SCMI_MED_GDB=PORT"
[ -f "$symbols" ] || die "$symbols is missing: make board"
command -v gdb-multiarch > /dev/null || die "gdb-multiarch is missing: apt-get install gdb-multiarch"
exec gdb-multiarch -q -nx -ex 'set architecture aarch64' -ex "target remote 127.0.0.1:$2" \
    "${@:3}" "$symbols"
