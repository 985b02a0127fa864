# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sourced, also by board.py: the machine that QEMU emulates, and where its
# parts are in memory. BOARD_CPUS: how many it has, if not 2.

# Without acpi=off QEMU puts an ACPI device where the GPIO controller is.
MACHINE=(-machine 'virt,secure=on,virtualization=on,gic-version=3,acpi=off'
         -cpu cortex-a57 -smp "${BOARD_CPUS:-2}" -m 2048 -nodefaults -no-reboot -display none
         -global virtio-mmio.force-legacy=false)

XEN_ADDR=0x40200000
KERNEL_ADDR=0x44000000
DTB_ADDR=0x4a000000
INITRD_ADDR=0x4b000000

XEN_ARGS="console=dtuart dtuart=/pl011@9000000 dom0_mem=640M dom0_max_vcpus=2 bootscrub=0 loglvl=all guest_loglvl=all console_timestamps=boot ${XEN_EXTRA:-}"
# xenstored=c: the C xenstored in place of Debian's default, which is in OCaml.
DOM0_ARGS="console=hvc0 rw loglevel=5 quiet ${DOM0_EXTRA:-}"
