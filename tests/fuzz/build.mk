# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz targets: with driver.c they are test programs that go through their
# corpus and a little beyond; with libFuzzer they look for what is new.
# Included by the Makefile at the top, behind tests/xen/build.mk.

FZ := $(B)/tests/fuzz
FUZZ_XEN := $(patsubst tests/fuzz/%.c,$(FZ)/%,$(wildcard tests/fuzz/fuzz-xen-*.c))
FUZZ_CORE := $(patsubst tests/fuzz/%.c,$(FZ)/%,$(filter-out tests/fuzz/fuzz-xen-%,$(wildcard tests/fuzz/fuzz-*.c)))
# Replaced by `make fuzz`.
FUZZ_MAIN = $(FZ)/driver.o

$(FZ)/fuzz-xen-%.o: tests/fuzz/fuzz-xen-%.c $(XEN_STUBS)
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CFLAGS) $(XEN_CFLAGS) -I. $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<

$(FZ)/fuzz-policy.o $(FZ)/fuzz-request.o $(FZ)/fuzz-control.o: CPPFLAGS_ALL += -DBOARD_DTB='"$(BOARD_DTB)"'

$(FZ)/driver.o: CPPFLAGS_ALL += -DCORPUS='"$(abspath tests/fuzz/corpus)"'

$(FUZZ_XEN): $(FZ)/%: $(FZ)/%.o $(XEN_OBJS) $(XEN_WORLD) $(FUZZ_MAIN) | $(XT)/board.dtb
	$(say) LINK $@
	$(Q)$(CC) $(EXTRA_CFLAGS) $(FUZZ_LDFLAGS) -o $@ $^ -lcmocka -lfdt -lpthread

$(FUZZ_CORE): $(FZ)/%: $(FZ)/%.o $(call objs,$(FAKE_SRCS)) $(B)/libcore.a $(FUZZ_MAIN) | $(XT)/board.dtb
	$(say) LINK $@
	$(Q)$(CC) $(EXTRA_CFLAGS) $(FUZZ_LDFLAGS) -o $@ $^ $(EXTRA_LDFLAGS) \
	    -levent_core -ljansson -lsystemd -lfdt -lxenctrl -lxencall -lxenstore \
	    -lsmartcols

CHECK_PROGS += $(FUZZ_XEN) $(FUZZ_CORE)

# How long each target is fuzzed, in seconds.
FUZZ_TIME ?= 600
BFUZZ := build/host-fuzz

.PHONY: fuzz fuzz-programs
fuzz-programs: $(FUZZ_XEN) $(FUZZ_CORE)

fuzz:
	@tests/system/host.sh fuzz
	$(Q)$(MAKE) --no-print-directory B=$(BFUZZ) CC=clang CFLAGS='-O1 -g' HARDEN=-fPIC \
	    EXTRA_CFLAGS='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined' \
	    FUZZ_MAIN= FUZZ_LDFLAGS=-fsanitize=fuzzer fuzz-programs
	@tests/fuzz/fuzz.sh $(BFUZZ)/tests/fuzz $(FUZZ_TIME)
