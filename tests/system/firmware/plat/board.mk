# SPDX-License-Identifier: GPL-2.0-or-later
# Included by TF-A's makefile of the platform.
BL31_SOURCES += drivers/scmi-msg/base.c drivers/scmi-msg/clock.c \
                drivers/scmi-msg/entry.c drivers/scmi-msg/power_domain.c \
                drivers/scmi-msg/reset_domain.c drivers/scmi-msg/smt.c \
                plat/qemu/board/board_base.c plat/qemu/board/board_doors.c \
                plat/qemu/board/board_fault.c plat/qemu/board/board_log.c \
                plat/qemu/board/board_resources.c plat/qemu/board/board_smc.c
PLAT_INCLUDES += -Idrivers/scmi-msg -Iplat/qemu/board
