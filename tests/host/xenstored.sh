#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fetches Debian's xenstored, of the Xen whose libraries are installed here, and
# prints where it is: below build/cache/xenstored. Nothing is installed, and
# none of the package's scripts runs.
set -euo pipefail
cd "$(dirname "$0")/../system"
# shellcheck source=tests/system/common.sh
. ./common.sh
# shellcheck source=tests/system/apt.sh
. ./apt.sh

# shellcheck disable=SC2016 # dpkg-query's own
XEN=$(dpkg-query -W -f '${source:Upstream-Version}' libxen-dev |
          grep -oE '^[0-9]+\.[0-9]+') || die "libxen-dev is not installed"
PACKAGE=xen-utils-$XEN
FOLDER=$CACHE/xenstored
XENSTORED=$FOLDER/$XEN/usr/lib/xen-$XEN/bin/xenstored

download() {
    rm -rf "$FOLDER/debs"
    mkdir -p "$FOLDER/debs"
    (cd "$FOLDER/debs" && apt-get -q download "$PACKAGE")
}

fetch() {
    # The machine's lists may be absent, or older than what the mirror holds.
    download || {
        apt_root "$(. /etc/os-release && echo "$VERSION_CODENAME")" \
            "$(dpkg --print-architecture)"
        retry download
    }
    rm -rf "$FOLDER/$XEN.new" "${FOLDER:?}/$XEN"
    mkdir "$FOLDER/$XEN.new"
    dpkg-deb --fsys-tarfile "$FOLDER"/debs/*.deb |
        tar -x -C "$FOLDER/$XEN.new" "./usr/lib/xen-$XEN/bin/xenstored"
    mv "$FOLDER/$XEN.new" "$FOLDER/$XEN"
    rm -r "$FOLDER/debs"
}

alone xenstored
[ -x "$XENSTORED" ] || step "fetch $PACKAGE for its xenstored" fetch >&2
if missing=$(ldd "$XENSTORED" | grep 'not found'); then
    die "$XENSTORED does not run here: $missing"
fi
echo "$XENSTORED"
