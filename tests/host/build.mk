# SPDX-License-Identifier: GPL-2.0-or-later
# The programs that stand in for Xen, for xl and for the machine. Read behind
# the Makefile at the top, by run.sh.

HT := $(B)/tests/host

$(HT)/hypervisor.o: tests/host/hypervisor.c $(XEN_STUBS)
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CFLAGS) $(XEN_CFLAGS) -I. $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<

$(HT)/hypervisor: $(HT)/hypervisor.o $(XEN_OBJS) $(XEN_WORLD) | $(XT)/board.dtb
	$(say) LINK $@
	$(Q)$(CC) $(EXTRA_CFLAGS) -o $@ $^ -lcmocka -lfdt -lpthread

$(HT)/create: $(HT)/create.o $(B)/libcore.a
	$(say) LINK $@
	$(Q)$(CC) $(EXTRA_CFLAGS) -o $@ $^ $(EXTRA_LDFLAGS) -lfdt -lxenstore

$(HT)/fake-%.so: tests/host/fake-%.c tests/host/protocol.h \
    hypervisor-patch/xen/include/public/arch-arm/scmi-med.h
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) -std=gnu11 -O2 -g $(WARN) -fPIC -shared $(CPPFLAGS_ALL) \
	    -Ihypervisor-patch/xen/include -o $@ $< -ldl

.PHONY: host-rig rig-programs
rig-programs: $(HT)/hypervisor $(HT)/create $(HT)/fake-xencall.so \
    $(HT)/fake-xenstored.so $(HT)/fake-memory.so $(B)/scmi-medd $(B)/scmi-medctl

# With the sanitizers in, but for what is preloaded.
host-rig:
	$(Q)$(MAKE) --no-print-directory -f Makefile -f tests/host/build.mk \
	    B=$(BSAN) CFLAGS='-O1 -g' EXTRA_CFLAGS='$(SANITIZE)' HARDEN=-fPIC \
	    rig-programs
