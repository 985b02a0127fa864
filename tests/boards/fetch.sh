#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: fetch.sh bookworm|trixie
# Prints the folder with all arm64 device trees of that Debian suite's kernel
# package, the one that the emulated board boots; fetches it if it is not there yet.
set -euo pipefail
cd "$(dirname "$0")/../system"

case $1 in
bookworm) export SCMI_MED_DEBIAN=12 ;;
*) export SCMI_MED_DEBIAN=13 ;;
esac
./kernel.sh >&2
. ./common.sh
printf '%s\n' "$KERNEL"/usr/lib/linux-image-*
