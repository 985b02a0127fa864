#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unpacks what Dom0 runs, from Debian's arm64 packages: systemd, Xen's tools, what our
# packages need: build/cache/rootfs, of Debian 13; with SCMI_MED_DEBIAN=12
# build/cache/rootfs-12.
# Packages are unpacked, not configured: no foreign code runs here. What their
# maintainer scripts would have done, and Dom0 needs, is done by hand, and dpkg's
# database is as if they had been installed.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh
. ./apt.sh
. ./dpkg.sh

case $SUITE in
bookworm) LIBEVENT=libevent-core-2.1-7 ;;
*) LIBEVENT=libevent-core-2.1-7t64 ;;
esac
PACKAGES=(systemd-sysv udev dbus kmod iproute2 busybox-static procps psmisc
          "xen-utils-$XEN" xen-utils-common xenstore-utils base-files base-passwd
          bash coreutils util-linux mount login passwd grep sed gawk findutils
          hostname init sysvinit-utils ncurses-base debianutils dash diffutils
          tar gzip libc-bin "$LIBEVENT" libjansson4 libsystemd0
          libsmartcols1 libncursesw6 libfdt1 patch)

configure_root() {
    local r=$1 f p
    for f in passwd group; do
        [ -s "$r/etc/$f" ] || cp "$r/usr/share/base-passwd/$f.master" "$r/etc/$f"
    done
    sed -i 's/^root:\*:/root::/' "$r/etc/passwd"
    echo 'messagebus:x:100:100::/nonexistent:/usr/sbin/nologin' >> "$r/etc/passwd"
    echo 'messagebus:x:100:' >> "$r/etc/group"
    for p in auth account password session session-noninteractive; do
        echo "$p required pam_permit.so" | sed 's/-noninteractive / /' > "$r/etc/pam.d/common-$p"
    done
    cp "$r/usr/share/base-files/dot.bashrc" "$r/root/.bashrc"
    cp "$r/usr/share/base-files/profile" "$r/etc/profile"
    cp "$r/usr/share/libc-bin/nsswitch.conf" "$r/etc/nsswitch.conf"
    [ -e "$r/usr/bin/awk" ] || ln -s gawk "$r/usr/bin/awk"
    [ -e "$r/usr/bin/sh" ] || ln -s dash "$r/usr/bin/sh"
    rm -rf "$r/var/run" "$r/var/lock"
    ln -s /run "$r/var/run"
    ln -s /run/lock "$r/var/lock"
    mkdir -p "$r"/var/log/xen/console "$r"/var/lib/xen "$r"/etc/systemd/system/multi-user.target.wants
    # systemd starts Xen's tools, as after installing Debian's packages.
    [ ! -e "$r/usr/lib/systemd/system/xen.service" ] ||
        ln -sf /usr/lib/systemd/system/xen.service "$r/etc/systemd/system/multi-user.target.wants/"
    # Debian 12's have an init script only.
    for p in 2 3 4 5; do
        mkdir -p "$r/etc/rc$p.d"
        ln -sf ../init.d/xen "$r/etc/rc$p.d/S01xen"
    done
    rm -rf "$r"/usr/share/{doc,man,locale,info,lintian}
}

make_root() {
    local folder
    apt_root "$SUITE" arm64
    rm -rf "$ROOTFS" "$ROOTFS.new"
    # Debian 12's packages still have files in /bin and so on, and rely on what
    # was there before them.
    for folder in bin sbin lib; do
        mkdir -p "$ROOTFS.new/usr/$folder"
        ln -s "usr/$folder" "$ROOTFS.new/$folder"
    done
    apt_unpack "$ROOTFS.new" "${PACKAGES[@]}"
    configure_root "$ROOTFS.new"
    dpkg_database "$ROOTFS.new" "${APT_DEBS[@]}"
    mv "$ROOTFS.new" "$ROOTFS"
}

alone "rootfs$TWIN"
fresh "$ROOTFS.stamp" "$SELF" dpkg.sh "${PACKAGES[@]}" || {
    step "fetch and unpack the root file system of Debian $DEBIAN" make_root
    made "$ROOTFS.stamp" "$SELF" dpkg.sh "${PACKAGES[@]}"
}
