#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: host.sh unit|lint|board|bench|fuzz|deb ...
# Installs what this machine lacks for the unit tests, for the static checks, for the
# emulated board, for the benchmarks, for libFuzzer, or for the checks of packages.
# Says what it is going to install; does nothing if all is there.
set -euo pipefail

die() {
    echo "host.sh: $*" >&2
    exit 1
}

unit=(gcc make pkg-config libc6-dev libevent-dev libjansson-dev libsystemd-dev
      libsmartcols-dev libncurses-dev libfdt-dev libxen-dev libcmocka-dev
      device-tree-compiler jq python3 python3-pyte)
board=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross binutils-aarch64-linux-gnu
       binutils-arm-linux-gnueabihf
       qemu-system-arm qemu-utils gdb-multiarch debian-archive-keyring dpkg-dev patch bison flex
       bc libssl-dev cpio e2fsprogs fakeroot xz-utils kmod autoconf m4
       autotools-dev acpica-tools checkpolicy debhelper ccache)

# The sanitizers' part of clang has its version in its name.
fuzz=()
if [[ " $* " = *' fuzz '* ]]; then
    for version in $(apt-cache depends clang 2> /dev/null | sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p'); do
        fuzz+=("libclang-rt-$version-dev")
    done
fi

# On arm64 the compiler is no cross compiler, but has the same name.
if [ "$(dpkg --print-architecture 2> /dev/null)" = arm64 ]; then
    board=("${board[@]/*-aarch64-linux-gnu/}")
    board=("${board[@]/libc6-dev-arm64-cross/}")
fi

wanted=("${unit[@]}")
[ $# -gt 0 ] || die "usage: host.sh unit|lint|board|bench|fuzz|deb ..."
for what in "$@"; do
    case $what in
    unit) ;;
    lint) wanted+=(clang-tidy codespell cppcheck git mandoc shellcheck) ;;
    board) wanted+=("${board[@]}") ;;
    bench) wanted+=("${board[@]}" valgrind) ;;
    deb) wanted+=("${board[@]}" lintian) ;;
    fuzz) wanted+=(clang "${fuzz[@]}") ;;
    *) die "usage: host.sh unit|lint|board|bench|fuzz|deb ..." ;;
    esac
done

if ! grep -q '^ID=debian$' /etc/os-release || ! command -v apt-get > /dev/null; then
    die "this is no Debian; what is needed is, by Debian's names: ${wanted[*]}"
fi
missing=()
for package in "${wanted[@]}"; do
    [ -n "$package" ] || continue
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null || true)
    [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=()
elif command -v sudo > /dev/null; then
    as_root=(sudo)
else
    die "please install as root: apt-get install ${missing[*]}"
fi
echo "-- installing ${#missing[@]} packages with apt-get: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The lists may be old or absent, and a mirror may be busy for a moment.
for attempt in 1 2 3; do
    if "${as_root[@]}" apt-get update > "$log" 2>&1 &&
       "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y \
           --no-install-recommends "${missing[@]}" >> "$log" 2>&1; then
        echo "-- installed in $SECONDS s"
        exit 0
    fi
    echo "-- attempt $attempt failed"
    sleep $((attempt * 3))
done
tail -n 20 "$log" >&2
die "apt-get could not install the packages"
