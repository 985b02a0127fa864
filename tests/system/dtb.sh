#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: dtb.sh [NAME [SED-EXPRESSION]]
# Makes the host device tree build/board/NAME.dtb (default: board): QEMU's own,
# with Xen's boot information and board.dts, as changed by the expression.
# DOM0_EXTRA, XEN_EXTRA: more words for Dom0's and Xen's command lines.
# DOM0_KERNEL, DOM0_INITRD: what Dom0 boots, if not Debian; the latter may be empty.
# MORE_DTS: text of a further device tree overlay.
set -euo pipefail
cd "$(dirname "$0")"
. ./common.sh

NAME=${1:-board}
EDIT=${2:-}
DOM0_KERNEL=${DOM0_KERNEL:-$KERNEL/vmlinuz}
DOM0_INITRD=${DOM0_INITRD-$BOARD/dom0.initrd}
MORE_DTS=${MORE_DTS:-"/ { };"}
. ./machine.sh

alone "dtb$TWIN-$NAME"
WORK=$BOARD/dtb/$NAME
mkdir -p "$WORK"

size_of() {
    printf '0x%x' "$(stat -L -c %s "$1")"
}

qemu-system-aarch64 "${MACHINE[@]/virt,/virt,dumpdtb=$WORK/qemu.dtb,}" > /dev/null 2>&1 || true
[ -s "$WORK/qemu.dtb" ] || die "QEMU did not write its device tree"

module() {
    printf 'module@%s { compatible = "multiboot,%s", "multiboot,module"; reg = <0x0 %s 0x0 %s>; };' \
        "${2#0x}" "$1" "$2" "$(size_of "$3")"
}

cat > "$WORK/boot.dts" <<EOF
/dts-v1/;
/plugin/;
&{/chosen} {
    ranges;
    #address-cells = <2>;
    #size-cells = <2>;
    xen,xen-bootargs = "$XEN_ARGS";
    xen,dom0-bootargs = "$DOM0_ARGS";
    $(module kernel $KERNEL_ADDR "$DOM0_KERNEL")
    ${DOM0_INITRD:+$(module ramdisk $INITRD_ADDR "$DOM0_INITRD")}
};
EOF
sed "$EDIT" board.dts > "$WORK/board.dts"
echo "/dts-v1/; /plugin/; $MORE_DTS" > "$WORK/more.dts"
for part in boot board more; do
    dtc -q -@ -I dts -O dtb -o "$WORK/$part.dtbo" "$WORK/$part.dts"
done
fdtoverlay -i "$WORK/qemu.dtb" -o "$WORK/board.dtb" "$WORK"/{boot,board,more}.dtbo

# Of the secure world, which neither Xen nor Dom0 can reach.
for node in /pl011@9040000 /pl061@90b0000 /secram@e000000 /secflash@0 /secure-chosen \
            /gpio-restart /gpio-poweroff /gpio-keys; do
    fdtput -r "$WORK/board.dtb" "$node"
done
# Memory without its last MiB, where the SCMI pages are.
fdtput -t x "$WORK/board.dtb" /memory@40000000 reg 0 40000000 0 7ff00000
for property in kaslr-seed rng-seed; do
    fdtput -d "$WORK/board.dtb" /chosen "$property" 2> /dev/null || true
done
# The same as before stays as it is: a saved state of the board is still good.
cmp -s "$WORK/board.dtb" "$BOARD/$NAME.dtb" || mv "$WORK/board.dtb" "$BOARD/$NAME.dtb"
