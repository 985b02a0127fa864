# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced by every script of the board: where things are, progress, stamps.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=$TOP/build
CACHE=$BUILD/cache

# Which Debian Dom0 and the guests run, and so which Xen; 13 unless told.
DEBIAN=${SCMI_MED_DEBIAN:-13}
case $DEBIAN in
13) SUITE=trixie XEN=4.20 TWIN='' ;;
12) SUITE=bookworm XEN=4.17 TWIN=-12 ;;
*)
    echo "${0##*/}: SCMI_MED_DEBIAN is $DEBIAN; there are boards with Debian 12 and 13" >&2
    exit 1
    ;;
esac
BOARD=$BUILD/board$TWIN
ROOTFS=$CACHE/rootfs$TWIN
KERNEL=$CACHE/kernel$TWIN
# What is built here runs with a C library not older than this machine's; for
# an older Dom0 it is built with that one's.
HOST_SUITE=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
SYSROOT=$CACHE/sysroot
[ "$SUITE" != bookworm ] || [ "$HOST_SUITE" = bookworm ] || SYSROOT=$CACHE/sysroot$TWIN
export DEBIAN SUITE XEN TWIN ROOTFS KERNEL HOST_SUITE SYSROOT

# The script itself, from where it is after cd: an input of what it makes.
SELF=${0##*/}
export TOP BUILD CACHE BOARD SELF
mkdir -p "$CACHE" "$BOARD" "$BUILD/lock"
# depmod and mke2fs are not in everybody's path. Compilers by way of ccache: what has
# been compiled once, here or for another test, is not compiled again.
PATH=/usr/lib/ccache:$PATH:/usr/sbin:/sbin
export CCACHE_DIR=$CACHE/ccache CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=2G

die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# step TITLE COMMAND...: one line when it starts, one with the time it took.
# What the command prints goes to a log that is shown if it fails.
step() {
    local title=$1 start=$SECONDS log
    shift
    log=$BUILD/log/${title//[^A-Za-z0-9.]/-}.log
    mkdir -p "$BUILD/log"
    echo "-- $title ..."
    # In the background, where a failure inside the command still ends it.
    "$@" > "$log" 2>&1 &
    if ! wait $!; then
        tail -n 20 "$log" | cut -c 1-300 >&2
        die "$title failed, see $log"
    fi
    echo "-- $title: done in $((SECONDS - start)) s"
}

# alone NAME: from here to its end this script is the only one that makes NAME. Several
# may be started at once; those that come later find it made.
alone() {
    exec 9> "$BUILD/lock/$1"
    flock 9
}

# together COMMAND...: what needs nothing of each other, at the same time.
together() {
    local command pid pids=() status=0
    for command in "$@"; do
        $command &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid" || status=1
    done
    return $status
}

# inputs_of FILE-OR-TEXT...: a checksum over files, folders and plain words.
inputs_of() {
    local x
    for x in "$@"; do
        if [ -d "$x" ]; then
            find "$x" -type f -not -name '*.pyc' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
        elif [ -f "$x" ]; then
            sha256sum "$x"
        else
            echo "$x"
        fi
    done | sha256sum | cut -d' ' -f1
}

# fresh STAMP INPUT...: true if STAMP was made from just these inputs. If not,
# it goes: what it stands for is about to be made again, perhaps in vain.
fresh() {
    local stamp=$1
    shift
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(inputs_of "$@")" ] && return
    rm -f "$stamp"
    return 1
}

# made STAMP INPUT...: says so.
made() {
    local stamp=$1
    shift
    inputs_of "$@" > "$stamp"
}
