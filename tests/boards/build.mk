# SPDX-License-Identifier: GPL-2.0-or-later
# What the comparison over all boards runs. Read behind the Makefile at the top,
# by run.sh.

$(B)/tests/boards/cost: $(B)/tests/boards/cost.o
	$(say) LINK $@
	$(Q)$(CC) $(EXTRA_CFLAGS) -o $@ $^

.PHONY: boards-rig
boards-rig: $(B)/scmi-medctl $(B)/tests/boards/cost $(XT)/board.dtb \
    $(patsubst tests/boards/trees/%.dts,$(B)/tests/boards/trees/%.dtb,\
    $(wildcard tests/boards/trees/*.dts))
	$(Q)$(MAKE) --no-print-directory B=$(BSAN) CFLAGS='-O1 -g' \
	    EXTRA_CFLAGS='$(SANITIZE)' HARDEN=-fPIC $(BSAN)/scmi-medctl
