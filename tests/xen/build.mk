# SPDX-License-Identifier: GPL-2.0-or-later
# The in-Xen files, unmodified, on the build host: every header of Xen's that
# they include is harness.h. Included by the Makefile at the top.

XT       := $(B)/tests/xen
XEN_DIR  := hypervisor-patch/xen/arch/arm/scmi-med
XEN_OBJS := $(patsubst $(XEN_DIR)/%.c,$(XT)/%.o,$(wildcard $(XEN_DIR)/*.c))
XEN_WORLD := $(addprefix $(XT)/,world.o commands.o memory.o tree.o firmware.o)
XEN_TESTS := $(patsubst tests/xen/%.c,$(XT)/%,$(wildcard tests/xen/test-*.c))

XEN_STUBS := $(XT)/include/stamp
XEN_HEADERS := $(addprefix $(XT)/include/,$(shell \
    sed -n 's,^\#include <\(\(xen\|asm\|xsm\)/.*\)>,\1,p' $(XEN_DIR)/*.[ch] \
    hypervisor-patch/xen/arch/arm/include/asm/scmi-med.h | \
    grep -vx asm/scmi-med.h | sort -u))

# Xen's own warnings, not ours: it is Xen's code.
XEN_CFLAGS = -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Werror -DCONFIG_SCMI_MED \
    -DTREE_FILE='"$(abspath $(XT)/board.dtb)"' -include tests/xen/harness.h -Itests/xen \
    -I$(XEN_DIR) -I$(XT)/include -Ihypervisor-patch/xen/include \
    -Ihypervisor-patch/xen/arch/arm/include

$(XEN_STUBS): $(wildcard $(XEN_DIR)/*.[ch]) tests/xen/build.mk
	@mkdir -p $(sort $(dir $(XEN_HEADERS)))
	@for header in $(XEN_HEADERS); do echo '#include "harness.h"' > $$header; done
	@touch $@

$(XT)/%.o: $(XEN_DIR)/%.c $(XEN_STUBS)
	$(say) CC $<
	$(Q)$(CC) $(CFLAGS) $(XEN_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<

$(XT)/%.o: tests/xen/%.c $(XEN_STUBS)
	$(say) CC $<
	$(Q)$(CC) $(CFLAGS) $(XEN_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<

$(XT)/board.dtb: tests/xen/base.dts tests/system/board.dts
	@mkdir -p $(@D)
	$(Q)dtc -q -@ -I dts -O dtb -o $(XT)/base.dtb $<
	$(Q)dtc -q -@ -I dts -O dtb -o $(XT)/board.dtbo tests/system/board.dts
	$(Q)fdtoverlay -i $(XT)/base.dtb -o $@ $(XT)/board.dtbo

$(XEN_TESTS): $(XT)/%: $(XT)/%.o $(XEN_OBJS) $(XEN_WORLD) | $(XT)/board.dtb
	$(say) LINK $@
	$(Q)$(CC) $(EXTRA_CFLAGS) -o $@ $^ -lcmocka -lfdt -lpthread

CHECK_PROGS += $(XEN_TESTS)
