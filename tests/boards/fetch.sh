#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: fetch.sh SUITE
# Prints the folder with all arm64 device trees of that Debian suite's kernel
# package; fetches them if they are not there yet.
set -euo pipefail
cd "$(dirname "$0")"
. ../system/common.sh
. ../system/apt.sh

SUITE=$1
FOLDER=$CACHE/dtb/$SUITE

fetch() {
    local package deb new=$FOLDER.new
    apt_root "$SUITE" arm64
    package=$(apt-cache depends linux-image-arm64 | sed -n 's/^ *Depends: //p')
    [ -n "$package" ] || die "Debian $SUITE has no linux-image-arm64"
    rm -rf "$new"
    mkdir -p "$new"
    (cd "$new" && retry apt-get -q download "$package")
    for deb in "$new"/*.deb; do
        dpkg-deb --fsys-tarfile "$deb" |
            tar -x -C "$new" --strip-components=4 --wildcards './usr/lib/linux-image-*/*'
        rm "$deb"
    done
    echo "$package" > "$new/package"
    mv "$new" "$FOLDER"
}

[ -f "$FOLDER/package" ] || fetch >&2
echo "$FOLDER"
