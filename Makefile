# SPDX-License-Identifier: GPL-2.0-or-later
#
# One make for everything; `make help` says what there is. All that is made or
# fetched goes below build/.

VERSION := 0.1.0

# ---- Where things go, and with what they are made ---------------------------
B            ?= build/host
PREFIX       ?= /usr
SBINDIR      ?= $(PREFIX)/sbin
MANDIR       ?= $(PREFIX)/share/man
BASHDIR      ?= $(PREFIX)/share/bash-completion/completions
UNITDIR      ?= $(PREFIX)/lib/systemd/system
# Where the hooked libxenlight looks for its plugin, whatever PREFIX is.
PLUGINDIR    ?= /usr/lib/xen
DESTDIR      ?=

CC           ?= gcc
PKG_CONFIG   ?= pkg-config
CFLAGS       ?= -O2 -g
WARN         := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
                -Wpointer-arith -Wvla -Wformat=2 -Werror
HARDEN       := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIC
SANITIZE     := -fsanitize=address,undefined -fno-sanitize-recover=all \
                -fno-omit-frame-pointer
CPPFLAGS_ALL := -I. -Iinclude -Ihypervisor-patch/xen/include/public/arch-arm \
                -D_GNU_SOURCE -DSCMI_MED_VERSION_STRING='"$(VERSION)"'

# Set for the sanitized test build, and by the build for another machine.
EXTRA_CFLAGS   ?=
EXTRA_CPPFLAGS ?=
EXTRA_LDFLAGS  ?=

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-8s %s\n'
endif

# Libraries are found only when something is compiled.
pc = $(shell $(PKG_CONFIG) $(1) libevent jansson libsystemd xencontrol \
       xencall xenstore smartcols ncursesw 2>/dev/null)

# ---- Sources: every .c file of a folder belongs to its program --------------
LIB_SRCS    := $(wildcard lib/*.c lib/*/*.c)
DAEMON_SRCS := $(wildcard daemon/*.c daemon/*/*.c)
CTL_SRCS    := $(wildcard ctl/*.c ctl/*/*.c)
PLUGIN_SRCS := $(wildcard libxl-plugin/*.c)
FAKE_SRCS   := $(wildcard tests/fake/*.c)
UNIT_SRCS   := $(wildcard tests/unit/*/test-*.c)

# Made below, from the interface's description.
INTERFACE   := ctl/client/interface-table.c

objs        = $(patsubst %.c,$(B)/%.o,$(1))
# What tests link: everything but the main functions.
CORE_OBJS  := $(call objs,$(filter-out %/main.c,$(LIB_SRCS) $(DAEMON_SRCS) \
                $(CTL_SRCS) $(PLUGIN_SRCS)) $(INTERFACE))
UNIT_PROGS := $(patsubst %.c,$(B)/%,$(UNIT_SRCS))
# Further test programs, each printing TAP, are appended by the included files.
CHECK_PROGS :=

.PHONY: all
all: $(B)/scmi-medd $(B)/scmi-medctl $(B)/scmi-med.so

# ---- Compile and link -------------------------------------------------------
define compile
	$(say) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 $(CFLAGS) $(WARN) $(HARDEN) $(CPPFLAGS_ALL) \
	    $(EXTRA_CPPFLAGS) $(EXTRA_CFLAGS) $(call pc,--cflags) -MMD -MP -c -o $@ $<
endef

$(B)/%.o: %.c
	$(compile)

$(B)/%.o: $(B)/%.c
	$(compile)

$(B)/$(INTERFACE): doc/org.scmimed.varlink ctl/client/interface.awk
	$(say) AWK $@
	@mkdir -p $(@D)
	$(Q)awk -f ctl/client/interface.awk $< > $@.new && mv $@.new $@

# Has this file's text in it.
$(B)/daemon/control/methods.o: doc/org.scmimed.varlink

$(B)/scmi-medd: $(call objs,$(DAEMON_SRCS) $(LIB_SRCS))
	$(say) LINK $@
	$(Q)$(CC) $(EXTRA_CFLAGS) -o $@ $^ $(EXTRA_LDFLAGS) \
	    -levent_core -ljansson -lsystemd -lfdt -lxenctrl -lxencall -lxenstore

$(B)/scmi-medctl: $(call objs,$(CTL_SRCS) $(INTERFACE) $(LIB_SRCS))
	$(say) LINK $@
	$(Q)$(CC) $(EXTRA_CFLAGS) -o $@ $^ $(EXTRA_LDFLAGS) \
	    -ljansson -lsmartcols -lncursesw -lfdt

$(B)/scmi-med.so: $(call objs,$(PLUGIN_SRCS))
	$(say) LINK $@
	$(Q)$(CC) $(EXTRA_CFLAGS) -shared -Wl,-z,defs -o $@ $^ $(EXTRA_LDFLAGS) \
	    -lfdt -lxenstore

$(B)/libcore.a: $(CORE_OBJS)
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

$(UNIT_PROGS): %: %.o $(call objs,$(FAKE_SRCS)) $(B)/libcore.a
	$(say) LINK $@
	$(Q)$(CC) $(EXTRA_CFLAGS) -o $@ $^ $(EXTRA_LDFLAGS) \
	    -lcmocka -levent_core -ljansson -lsystemd -lfdt -lxenctrl -lxencall \
	    -lxenstore -lsmartcols -lpthread

# What the benchmark of the resolver runs.
$(B)/tests/bench/resolve: $(B)/tests/bench/resolve.o $(B)/libcore.a
	$(say) LINK $@
	$(Q)$(CC) $(EXTRA_CFLAGS) -o $@ $^ $(EXTRA_LDFLAGS) \
	    -lsystemd -lfdt -lxenctrl -lxencall

$(B)/tests/bench/grow: $(B)/tests/bench/grow.o
	$(say) LINK $@
	$(Q)$(CC) $(EXTRA_CFLAGS) -o $@ $^ $(EXTRA_LDFLAGS) -lfdt

# Tests of the host tree's reader read the emulated board's, and one that has
# all that no board has.
BOARD_DTB := $(abspath $(B)/tests/xen/board.dtb)
EVERYTHING_DTB := $(abspath $(B)/tests/boards/trees/everything.dtb)
$(B)/tests/unit/%.o: CPPFLAGS_ALL += -DBOARD_DTB='"$(BOARD_DTB)"' \
    -DEVERYTHING_DTB='"$(EVERYTHING_DTB)"'
$(UNIT_PROGS): | $(B)/tests/xen/board.dtb \
    $(B)/tests/boards/trees/everything.dtb

$(B)/tests/boards/trees/%.dtb: tests/boards/trees/%.dts
	@mkdir -p $(@D)
	$(Q)dtc -q -I dts -O dtb -o $@ $<

.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
-include tests/xen/build.mk
-include tests/fuzz/build.mk

# ---- Tests ------------------------------------------------------------------
# Test programs are built in a folder of their own, with the sanitizers in.
BSAN := build/host-san

.PHONY: check check-tools sources check-unit check-host check-boards check-trees check-board build-unit unit-progs
unit-progs: $(UNIT_PROGS) $(CHECK_PROGS)
	@printf '%s\n' $^ > $(B)/check-progs

build-unit: FORCE
	@tests/system/host.sh unit
	$(Q)$(MAKE) --no-print-directory B=$(BSAN) CFLAGS='-O1 -g' \
	    EXTRA_CFLAGS='$(SANITIZE)' HARDEN=-fPIC unit-progs

check-unit: build-unit
	@tests/run unit

check-host: build-unit
	@tests/run host

check-boards: build-unit
	@tests/run boards

# XEN_TREES: more source trees of Xen, of releases that are not in Debian.
check-trees: sources
	@tests/run trees $(XEN_TREES)

check-board: board board-12
	@tests/run board board-12

# Builds, too, each part beside the tests that do not wait for it.
check:
	@tests/system/host.sh unit board
	@tests/run --build lint unit host boards trees packages board board-12

check-tools:
	@tests/system/host.sh lint deb

sources:
	@tests/system/host.sh board
	@tests/system/sources.sh
	@SCMI_MED_DEBIAN=12 tests/system/sources.sh

# ---- The emulated board -----------------------------------------------------
.PHONY: board board-12 demo bench arm64 xen-4.17 xen-4.20
board-12: export SCMI_MED_DEBIAN := 12
board board-12:
	@tests/system/host.sh unit
	@tests/system/host.sh board
	@tests/system/build.sh

demo: board
	@tests/system/demo

# BENCH: which ones, if not all; tests/bench/run --help.
bench:
	@tests/system/host.sh bench
	@tests/bench/build.sh
	$(Q)$(MAKE) --no-print-directory $(B)/tests/bench/resolve $(B)/tests/bench/grow
	@tests/bench/run $(BENCH)

xen-4.17: export SCMI_MED_DEBIAN := 12
xen-4.20: export SCMI_MED_DEBIAN := 13
xen-4.17 xen-4.20:
	@tests/system/host.sh board
	@tests/system/xen.sh

# The product for an arm64 Dom0, in build/arm64/root, for debian/rules; needs the
# sysroot, and headers and libxenctrl of the Xen that it is for.
ARM64   ?= build/arm64
LIBXL   ?= build/board/libxl
SYSROOT ?= build/cache/sysroot
arm64:
	$(Q)$(MAKE) --no-print-directory B=$(ARM64) CC=aarch64-linux-gnu-gcc \
	    PKG_CONFIG=true \
	    EXTRA_CPPFLAGS='-isystem $(LIBXL)/include $(ARM64_CPPFLAGS)' \
	    EXTRA_LDFLAGS='-L$(LIBXL) $(ARM64_LDFLAGS)' DESTDIR=$(ARM64)/root install
-include $(SYSROOT)/flags.mk

# ---- Packages for Debian ----------------------------------------------------
# The board's Dom0 is made from them.
.PHONY: deb deb-12 check-deb
deb-12: export SCMI_MED_DEBIAN := 12
deb deb-12:
	@tests/system/host.sh board
	@tests/system/deb.sh

check-deb: deb deb-12
	@tests/system/host.sh deb
	@tests/run packages

# ---- Install ----------------------------------------------------------------
.PHONY: install
install: all
	install -D -m 0755 $(B)/scmi-medd $(DESTDIR)$(SBINDIR)/scmi-medd
	install -D -m 0755 $(B)/scmi-medctl $(DESTDIR)$(SBINDIR)/scmi-medctl
	install -D -m 0644 $(B)/scmi-med.so $(DESTDIR)$(PLUGINDIR)/libxl-hook.so
	install -D -m 0644 ctl/scmi-medctl.bash \
	    $(DESTDIR)$(BASHDIR)/scmi-medctl
	install -D -m 0644 systemd/scmi-medd.service \
	    $(DESTDIR)$(UNITDIR)/scmi-medd.service
	sed -i 's,/usr/sbin/scmi-med,$(SBINDIR)/scmi-med,g' \
	    $(DESTDIR)$(UNITDIR)/scmi-medd.service
	for page in doc/man/*.[58]; do \
	    install -D -m 0644 $$page \
	        $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}; \
	done

# ---- Housekeeping -----------------------------------------------------------
.PHONY: lint budget clean distclean help FORCE
lint:
	@tests/system/host.sh lint
	@tests/run lint

budget:
	@tests/budget

clean:
	rm -rf build/host build/host-* build/arm64 build/arm64-12 build/deb build/deb-12 \
	    build/deb.stamp build/deb-12.stamp

distclean:
	rm -rf build

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

FORCE:

## make              build scmi-medd, scmi-medctl and the libxl plugin
## make demo         boot the emulated board, create a guest, show its agent
## make check        all tests: lint, unit, host, boards, trees, packages, board
## make check-unit   the unit tests alone, without root
## make check-host   the real daemon and xenstored on this machine, without Xen
## make check-boards the device trees of all arm64 boards of Debian's kernels
## make check-trees  the hooks in each release of Xen; XEN_TREES= for more trees
## make check-board  the scenarios on the emulated board
## make bench        what calls and devices cost, in instructions; BENCH= for one
## make board        build everything that the board needs
## make board-12     the same with Debian 12 and its Xen
## make xen-4.20     build Debian 13's Xen with the patch applied
## make xen-4.17     the same with Debian 12's
## make deb          packages for Debian 13, in build/deb; deb-12: for Debian 12
## make check-deb    build both, and check them with lintian and apt
## make install      DESTDIR= as usual; the unit and libxl look below PREFIX=/usr
## make fuzz         look for new inputs: FUZZ_TIME= seconds for each target
## make lint         static checks
## make budget       print sizes; the in-Xen code and the hooks have limits
## make clean        remove what was built here; distclean: also what was fetched
