#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes what the board boots:
#   build/board/dom0.img       Dom0's disk: Debian, our packages, the guests
#   build/board/dom0.initrd    finds that disk
# Debian 13; with SCMI_MED_DEBIAN=12 the same in build/board-12.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh

ROOT=$BOARD/root
VERSION=$(cat "$KERNEL/version")
MODULES=$KERNEL/usr/lib/modules/$VERSION

# initrd FOLDER FILE: packs a folder.
pack_initrd() {
    mkdir -p "$1"/{bin,dev,proc,sys,mnt}
    cp "$ROOTFS/usr/bin/busybox" "$1/bin/busybox"
    (cd "$1" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet | gzip -1) > "$2"
}

make_initrds() {
    local work module file
    work=$BOARD/initrd
    rm -rf "$work"
    mkdir -p "$work/dom0/modules" "$work/guest"
    for module in virtio_mmio virtio_blk crc16 crc32c_generic libcrc32c mbcache jbd2 ext4; do
        # One that is built in has no file.
        file=$(find "$MODULES" -name "$module.ko*" | head -n 1)
        case $file in
        *.xz) xz -dc "$file" > "$work/dom0/modules/$module.ko" ;;
        ?*) cp "$file" "$work/dom0/modules/" ;;
        esac
    done
    install -m 0755 dom0/init "$work/dom0/init"
    install -m 0755 guest/init "$work/guest/init"
    pack_initrd "$work/dom0" "$BOARD/dom0.initrd"
    pack_initrd "$work/guest" "$BOARD/guest.initrd"
}

# The modules that Dom0 needs, and no more.
copy_modules() {
    local to=$ROOT/usr/lib/modules/$VERSION/kernel part
    mkdir -p "$to"
    cp "$MODULES"/modules.{order,builtin,builtin.modinfo} "${to%/kernel}/"
    for part in drivers/xen drivers/block drivers/virtio fs/ext4 fs/jbd2 fs/mbcache.ko \
                fs/mbcache.ko.xz fs/autofs lib crypto; do
        [ -e "$MODULES/kernel/$part" ] || continue
        mkdir -p "$to/${part%/*}"
        cp -r "$MODULES/kernel/$part" "$to/${part%/*}/"
    done
    depmod -b "$ROOT/usr" "$VERSION"
}

configure_dom0() {
    local etc=$ROOT/etc unit
    mkdir -p "$etc/systemd/system/serial-getty@hvc0.service.d" "$etc/systemd/journald.conf.d" "$etc/modules-load.d"
    printf '[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin root --keep-baud 115200 %%I dumb\n' \
        > "$etc/systemd/system/serial-getty@hvc0.service.d/auto.conf"
    # Nothing that a test board needs, and each costs seconds.
    for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
                fstrim.timer systemd-networkd.service systemd-resolved.service \
                systemd-timesyncd.service systemd-firstboot.service systemd-update-utmp.service \
                systemd-journal-flush.service systemd-journal-catalog-update.service \
                systemd-hwdb-update.service ldconfig.service xendomains.service \
                systemd-binfmt.service proc-sys-fs-binfmt_misc.automount \
                proc-sys-fs-binfmt_misc.mount modprobe@configfs.service modprobe@drm.service \
                modprobe@fuse.service sys-fs-fuse-connections.mount sys-kernel-config.mount \
                dev-hugepages.mount dev-mqueue.mount sys-kernel-tracing.mount \
                systemd-random-seed.service systemd-logind.service systemd-user-sessions.service \
                systemd-update-done.service systemd-udev-load-credentials.service \
                systemd-tmpfiles-clean.timer systemd-hostnamed.socket systemd-creds.socket \
                systemd-sysext.socket systemd-initctl.socket systemd-pcrextend.socket \
                systemd-pcrlock.socket systemd-ask-password-console.path \
                systemd-ask-password-wall.path; do
        ln -sf /dev/null "$etc/systemd/system/$unit"
    done
    # Of all devices systemd waits only for these.
    mkdir -p "$etc/systemd/system/systemd-udev-trigger.service.d"
    printf '[Service]\nExecStart=\nExecStart=-udevadm trigger --action=add --sysname-match=%s\n' \
        'hvc0 --sysname-match=vda' > "$etc/systemd/system/systemd-udev-trigger.service.d/few.conf"
    echo dom0 > "$etc/hostname"
    printf '/dev/vda / ext4 defaults,noatime 0 1\nxenfs /proc/xen xenfs defaults,nofail 0 0\n' > "$etc/fstab"
    printf '%s\n' xen-evtchn xen-gntdev xen-gntalloc xenfs xen-privcmd > "$etc/modules-load.d/xen.conf"
    echo 4b1fd0d5c3c64a5aa7e1f8d5c3b2a190 > "$etc/machine-id"
    printf '[Journal]\nStorage=volatile\n' > "$etc/systemd/journald.conf.d/volatile.conf"
    mkdir -p "$etc/default"
    echo 'XENCONSOLED_ARGS="--log=guest --log-dir=/var/log/xen/console"' > "$etc/default/xen"
    mkdir -p "$etc/xen"
    echo 'autoballoon="off"' > "$etc/xen/xl.conf"
}

copy_guests() {
    local to=$ROOT/root/guest file
    mkdir -p "$to"
    cp guest/*.cfg "$to/"
    for file in guest/*.dts; do
        dtc -q -I dts -O dtb -o "$to/$(basename "$file" .dts).dtb" "$file"
    done
    cp "$KERNEL/vmlinuz" "$to/vmlinuz"
    cp "$BOARD/guest.initrd" "$to/initrd"
    "$TOP/tests/guest/build.sh" "$BOARD/guest"
    cp "$BOARD/guest/probe" "$BOARD/guest/probe32" "$to/"
}

# dpkg installs our packages, in a machine of its own: so does all that tests the
# board test them, with what their scripts and triggers do.
install_packages() {
    local disk=$1 log=$BOARD/install.log
    rm -f "$log"
    timeout 900 qemu-system-aarch64 -machine virt -cpu cortex-a57 -smp 2 -m 512 \
        -nodefaults -no-reboot -display none -serial "file:$log" \
        -kernel "$KERNEL/vmlinuz" -initrd "$BOARD/dom0.initrd" \
        -append 'console=ttyAMA0 rw quiet install' \
        -drive "file=$disk,format=raw,if=none,id=disk" -device virtio-blk-device,drive=disk
    cat "$log"
    grep -q '^PACKAGES INSTALLED' "$log" || die "Dom0's dpkg did not install the packages"
}

make_image() {
    make_initrds
    rm -rf "$ROOT"
    cp -a "$ROOTFS" "$ROOT"
    copy_modules
    configure_dom0
    copy_guests
    mkdir "$ROOT/root/packages"
    cp "${PACKAGES[@]}" "$ROOT/root/packages/"
    cp dom0/install dom0/light "$ROOT/root/"
    rm -f "$BOARD/dom0.img.new"
    truncate -s 512M "$BOARD/dom0.img.new"
    # In Dom0 all belongs to root, whoever builds this.
    fakeroot mke2fs -q -t ext4 -E root_owner=0:0 -d "$ROOT" "$BOARD/dom0.img.new"
    install_packages "$BOARD/dom0.img.new"
    mv "$BOARD/dom0.img.new" "$BOARD/dom0.img"
}

PACKAGES=()
for deb in "$BUILD/deb$TWIN"/*.deb; do
    case $deb in *-dbgsym_*) ;; *) PACKAGES+=("$deb") ;; esac
done
INPUTS=("$SELF" dom0 guest "$TOP/tests/guest" "$BUILD/deb$TWIN.stamp" "$ROOTFS.stamp" "$KERNEL/version")
alone "image$TWIN"
if ! fresh "$BOARD/image.stamp" "${INPUTS[@]}"; then
    step "make Dom0's disk with Debian $DEBIAN" make_image
    made "$BOARD/image.stamp" "${INPUTS[@]}"
fi
