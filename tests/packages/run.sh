#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What can be said of the packages without installing them, as TAP: lintian's
# opinion, apt's, and that they have what `make install` installs. For Debian 13;
# with SCMI_MED_DEBIAN=12 for 12. What they do is tested on the board, whose Dom0
# is made from them: test-packages.py.
# shellcheck disable=SC2317 # called by test_that
set -euo pipefail
cd "$(dirname "$0")/../system"
. ./common.sh
. ./apt.sh

OUT=$BUILD/deb$TWIN
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
count=0 failed=0

# test_that NAME COMMAND...: one result; what the command prints is shown if it fails.
test_that() {
    local name=$1 result=ok
    shift
    count=$((count + 1))
    # In the background, where a failure inside the command still ends it.
    "$@" > "$WORK/output" 2>&1 &
    wait $! || result='not ok'
    echo "$result $count - Debian $DEBIAN: $name"
    if [ "$result" != ok ]; then
        failed=1
        sed 's/^/#   /' "$WORK/output"
    fi
}

is_lintian_clean() {
    lintian --no-tag-display-limit --allow-root --fail-on error,warning "$OUT"/*.changes
}

# Nothing is installed; apt says whether this Debian has what they depend on.
can_be_installed() {
    apt_root "$SUITE" arm64
    apt-get -q -s install "$OUT"/scmi-med_*.deb "$OUT"/scmi-med-libxl_*.deb \
        "$OUT"/scmi-med-hypervisor-source_*.deb
}

# What `make install` installs, and what the packages have beyond their own
# papers, the hooked libxenlight, and the line for the dynamic linker.
same_files() {
    local deb
    flock "$BUILD/lock/host" make -s -C "$TOP" install DESTDIR="$WORK/root" > /dev/null
    (cd "$WORK/root" && find . -type f | sort) > "$WORK/installed"
    for deb in "$OUT"/scmi-med_*.deb "$OUT"/scmi-med-libxl_*.deb; do
        dpkg-deb --fsys-tarfile "$deb" | tar -t
    done | grep -v '/$' | grep -vE '^\./(etc/ld\.so\.conf\.d|usr/share/(doc|lintian)|usr/lib/[^/]*-linux-gnu/scmi-med)/' |
        sed '/\/man\//s/\.gz$//' | sort > "$WORK/packaged"
    [ -s "$WORK/packaged" ]
    diff "$WORK/installed" "$WORK/packaged"
}

# With another PREFIX systemd starts what is installed, and libxl finds the plugin.
elsewhere() {
    local root=$WORK/elsewhere unit word words
    flock "$BUILD/lock/host" make -s -C "$TOP" install DESTDIR="$root" PREFIX=/usr/local > /dev/null
    unit=$root/usr/local/lib/systemd/system/scmi-medd.service
    words=$(sed -n 's/^Exec\(Start\|Paths\)=//p' "$unit" | tr ' ' '\n' | sed 's/^-//' | grep scmi)
    for word in $words /usr/lib/xen/libxl-hook.so; do
        ls -l "$root$word"
    done
}

# debian/rules by itself has no libxenlight to put into them, and says so first.
alone_says_so() {
    local said
    if said=$(cd "$TOP" && env -i PATH="$PATH" debian/rules override_dh_auto_configure 2>&1); then return 1; fi
    echo "$said"
    echo "$said" | grep -q 'built by "make deb"'
}

# The hooked libxenlight takes the place of Debian's, and is not to be weaker.
is_hardened() {
    local library debian=$ROOTFS/usr/lib/aarch64-linux-gnu/libxenlight.so.$XEN
    dpkg-deb --fsys-tarfile "$OUT"/scmi-med-libxl_*.deb | tar -x -C "$WORK" --wildcards '*/libxenlight.so.*'
    for library in "$debian" "$WORK"/usr/lib/*/scmi-med/libxenlight.so.*; do
        echo "$library"
        readelf -W --dyn-syms "$library" > "$WORK/symbols"
        grep -w __stack_chk_fail "$WORK/symbols"
        grep -E '__[a-z]*printf_chk\>' "$WORK/symbols"
        readelf -W --program-headers "$library" | grep GNU_RELRO
    done
}

# tools_of VERSION: a mirror that has Xen's tools in this version. They depend on
# nothing, so that nothing else can be in the way.
tools_of() {
    local version=$1 series
    series=$(echo "$version" | cut -d. -f1,2)
    mkdir -p "$WORK/mirror"
    printf 'Package: %s\nVersion: %s\nArchitecture: arm64\nFilename: ./%s.deb\nSize: 1\nDescription: -\n\n' \
        xen-utils-common "$version" a "xen-utils-$series" "$version" b \
        "libxenmisc$series" "$version" c > "$WORK/mirror/Packages"
}

# offered VERSION ACTION: what apt would do with Dom0, our packages in it, when
# the mirror has these tools.
offered() {
    local deb
    tools_of "$1"
    mkdir -p "$WORK"/apt/{lists/partial,cache/archives/partial,etc/apt.conf.d,etc/preferences.d}
    cp "$ROOTFS/var/lib/dpkg/status" "$WORK/apt/status"
    for deb in "$OUT"/scmi-med_*.deb "$OUT"/scmi-med-libxl_*.deb; do
        dpkg-deb -f "$deb" | sed '/^Package:/a Status: install ok installed'
        echo
    done >> "$WORK/apt/status"
    echo "deb [trusted=yes arch=arm64] file:$WORK/mirror ./" > "$WORK/apt/etc/sources.list"
    cat > "$WORK/apt/conf" << END
Dir "$WORK/apt/";
Dir::Etc "$WORK/apt/etc/";
Dir::Etc::Parts "$WORK/apt/etc/apt.conf.d";
Dir::State "$WORK/apt/";
Dir::State::status "$WORK/apt/status";
Dir::Cache "$WORK/apt/cache";
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "root";
END
    export APT_CONFIG=$WORK/apt/conf
    apt-get -q update
    apt-get -s "$2"
}

# With another release of Xen the hook would be gone: not without a word.
next_is_held_back() {
    local next=4.$((${XEN#4.} + 1)).0-1
    offered "$next" upgrade > "$WORK/upgrade"
    cat "$WORK/upgrade"
    grep -A3 'kept back' "$WORK/upgrade" | grep -qw xen-utils-common
    if grep -qE '^(Inst|Remv) ' "$WORK/upgrade"; then return 1; fi
    offered "$next" dist-upgrade > "$WORK/upgrade"
    cat "$WORK/upgrade"
    if grep -q '^Inst xen-utils-common' "$WORK/upgrade"; then
        grep -q '^Remv scmi-med-libxl' "$WORK/upgrade"
    fi
}

# A fix of the same release gets in, and nothing of ours has to go.
fix_gets_in() {
    offered "$XEN.99-1" upgrade > "$WORK/upgrade"
    cat "$WORK/upgrade"
    grep -q '^Inst xen-utils-common' "$WORK/upgrade"
    ! grep -q '^Remv ' "$WORK/upgrade"
}

test_that 'lintian has nothing against the packages' is_lintian_clean
test_that 'apt finds what they depend on' can_be_installed
test_that "they have what make install installs" same_files
test_that "make install takes another PREFIX" elsewhere
test_that "debian/rules alone says what builds them" alone_says_so
test_that "their libxenlight is hardened as Debian's is" is_hardened
test_that "a fix of Xen $XEN gets in beside them" fix_gets_in
test_that "the next release of Xen does not, in silence" next_is_held_back
echo "1..$count"
exit $failed
