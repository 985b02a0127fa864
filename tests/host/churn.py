# SPDX-License-Identifier: GPL-2.0-or-later
"""Domains come and go, again and again: nothing may grow with it."""
import mmap
import os
import struct

from rig import NR_GUEST_AGENTS, RTC, SANITIZED, Create, RigError

# The sanitizers keep what is freed, so that memory says nothing; they look for
# leaks by themselves when the daemon ends, and a few cycles are enough for that.
CYCLES = 100 if SANITIZED else 1000
ALIVE = 250
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


class Steps:
    """Counts the daemon's hypercalls and what it asks of xenstored, see fake-xencall.c."""

    def __init__(self, rig):
        with open(rig.path("steps"), "w+b") as file:
            file.write(bytes(8))
            file.flush()
            self.map = mmap.mmap(file.fileno(), 8)

    def count(self):
        """Until now."""
        return struct.unpack("=Q", self.map)[0]


def cycle(rig, tree, bound=0):
    """A domain gets a device, and dies; returns what is wrong. So many domains
    have an agent before and after."""
    domid = rig.domain("churn")
    result = Create(rig, domid, tree, 20000, ()).result()
    rig.processes.pop()
    rig.store.introduce(domid)
    permitted = len(rig.permitted())
    rig.daemon.wait_status(f"{bound + 1} domain")
    rig.destroy(domid)
    rig.daemon.wait_status(f"{bound} domain")
    return None if result == (0, "") and permitted == 1 else (result, permitted)


def nodes(store, path="/"):
    """How many nodes xenstore has."""
    below = store.list(path)
    return 1 + sum(nodes(store, f"{path.rstrip('/')}/{name}") for name in below)


def resident(pid):
    """Memory of a process that is its own, in KiB."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        _, size, shared = (int(word) for word in file.read().split()[:3])
    return (size - shared) * PAGE_KIB


def state(rig):
    """What must be the same again after a cycle."""
    return {"descriptors": len(os.listdir(f"/proc/{rig.daemon.process.pid}/fd")),
            "nodes": nodes(rig.store), "bound": rig.bound(), "permitted": rig.permitted(),
            "status": rig.daemon.status}


def cycles(tap, rig):
    """Many domains, one after the other."""
    tree = rig.guest_tree([RTC])
    pid = rig.daemon.process.pid
    wrong, memory = None, []
    # What is allocated once, and what the journal of the fake Xen needs.
    for _ in range(20):
        wrong = wrong or cycle(rig, tree)
    before = state(rig)
    for n in range(CYCLES):
        if n % (CYCLES // 10) == 0:
            memory.append(resident(pid))
        wrong = wrong or cycle(rig, tree)
    memory.append(resident(pid))
    tap.ok(not wrong, f"{CYCLES} domains get the device, and lose it", wrong)
    tap.equal(state(rig), before, "descriptors, nodes, agents and permissions are as before")
    tap.ok(rig.daemon.process.pid == pid and rig.daemon.process.poll() is None, "it is the same daemon")
    name = "its memory does not grow"
    if SANITIZED:
        tap.skip(name, "the sanitizers keep what was freed; they look for leaks themselves")
    else:
        print(f"# its memory, after each tenth: {', '.join(map(str, memory))} KiB")
        # A leak of 16 bytes in a cycle would be seen in the second half.
        tap.ok(memory[-1] - memory[5] < 8, name, memory)


def others(rig, tree):
    """As many domains that live meanwhile; all other agents are theirs."""
    for n in range(ALIVE):
        domid = rig.domain(f"other{n}")
        rig.store.introduce(domid)
        if n < NR_GUEST_AGENTS - 1:
            status = Create(rig, domid, tree, 20000, ()).result()
            if status != (0, ""):
                raise RigError(f"domain {domid} gets no agent: {status}")


def cost(tap, rig):
    """What a domain costs the daemon, alone and among many."""
    with_agent, with_device = rig.path("agent.dtb"), rig.path("device.dtb")
    os.rename(rig.guest_tree([], scmi_node=True), with_agent)
    os.rename(rig.guest_tree([RTC]), with_device)
    steps = Steps(rig)
    rig.daemon.kill()
    rig.start()
    costs = []
    for alive in (1, ALIVE):
        if alive == ALIVE:
            others(rig, with_agent)
        counts, wrong, bound = [], None, len(rig.bound())
        for _ in range(20):
            start = steps.count()
            wrong = wrong or cycle(rig, with_device, bound)
            counts.append(steps.count() - start)
        tap.ok(not wrong, f"with {alive} alive, domains get the device, and lose it", wrong)
        costs.append(sorted(counts)[len(counts) // 2])
        print(f"# with {alive} alive, a domain costs {costs[-1]} hypercalls and requests to xenstored")
    tap.ok(costs[0] > 20 and costs[1] <= costs[0], "it costs no more among many", costs)


SCENARIOS = [cycles, cost]
