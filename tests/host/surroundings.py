# SPDX-License-Identifier: GPL-2.0-or-later
"""What the daemon stands on gives way: Xen, xenstored, memory, the clock. What
is to happen then is in scmi-medd(8), FAILURES."""
import errno
import mmap
import os
import signal
import struct
import subprocess
import time

from hostile import paths, request
from kills import OPERATIONS, STRIDE, run_armed, soon_free
from rig import GPIO, PRODUCT, RTC, SANITIZED, RigError, wait_for

ERRORS = (errno.EIO, errno.ENOSPC, errno.ENOMEM)
# Exit statuses that scmi-medd(8) knows, but 0 and 2; never a signal.
EXITS = {1, 3, 4, 5, 6, 7, 8, 9, 10, 11}
FLOOD = 1000
# The others allocate no differently; with this stride each path is come by.
MEMORY_OPERATIONS = ("a grant", "a refusal", "an attach", "a reload")
MEMORY_STRIDE = 3


def settle(rig, operation):
    """What is wrong after an operation in which something failed: it must have
    been done, or have failed and said why."""
    if hasattr(operation, "client") and operation.client:
        _, text = operation.client.communicate(timeout=60)
        done = operation.client.returncode == 0
    elif operation.create:
        status, text = operation.create.result()
        done = status == 0
    else:
        done, text = True, ""
    wrong = None if done or (text.strip() and "scmi-medd did not answer" not in text) else f"the user is told {text!r}"
    for domid in list(rig.domains):
        rig.store.introduce(domid)
        rig.destroy(domid)
    return wrong


def failing_steps(tap, rig):
    """Each hypercall, and each request to xenstored, fails once."""
    for name, least, make in OPERATIONS:
        step, hit, wrong = 1 - STRIDE, True, None
        while hit and not wrong:
            step += STRIDE
            # It counts its steps from its start on.
            rig.daemon.kill()
            rig.start()
            operation = make()
            operation.begin(rig)
            rig.xen("fault 0")
            operation.act(rig)
            died = run_armed(rig, f"fail {step} {ERRORS[step % len(ERRORS)]}", operation.is_over)
            hit = rig.was_hit
            if died:
                status = rig.daemon.process.returncode
                wrong = None if status in EXITS else f"exit status {status}"
                rig.start()
            wrong = wrong or settle(rig, operation) or soon_free(rig, 25)
        tap.ok(not wrong and step > least, f"{name}, each of {step - 1} steps fails: it is done, or the user is told "
               "why, and nothing leaks", f"step {step}: {wrong}")


class Memory:
    """An allocation of the daemon that fails, see fake-memory.c."""

    def __init__(self, rig):
        with open(rig.path("memory"), "w+b") as file:
            file.write(bytes(24))
            file.flush()
            self.map = mmap.mmap(file.fileno(), 24)
        library = os.path.join(os.path.dirname(rig.xencall), "fake-memory.so")
        self.env = {"LD_PRELOAD": f"{rig.xencall} {library}"}

    def arm(self, number):
        """Which allocation from now on is to fail; 0: none."""
        self.map[:] = struct.pack("=QQQ", number, 0, 0)

    def has_failed(self):
        """Whether it came to that."""
        return struct.unpack("=QQQ", self.map)[2] > 0


def went_well(rig, daemon):
    """What is wrong with a daemon that is to go on, or to end with a known status;
    in the latter case there is a new one then."""
    if rig.medctl("status").returncode == 0:
        return None
    status = daemon.wait() if rig.daemon is daemon else None
    rig.start()
    return None if status in EXITS else f"exit status {status}"


def soon_well(rig, daemon):
    """What is wrong a moment later. A message of xenstored's that the daemon had no
    memory for is missing, which it may notice only with the next one."""
    try:
        return soon_free(rig, 25)
    except RigError:
        return went_well(rig, daemon) or soon_free(rig, 25)


def without_memory(tap, rig):
    """Each allocation fails once."""
    if SANITIZED:
        tap.skip("memory runs out", "the sanitizers have an allocator of their own")
        return
    memory = Memory(rig)
    for name, least, make in OPERATIONS:
        if name not in MEMORY_OPERATIONS:
            continue
        number, hit, wrong = 1 - MEMORY_STRIDE, True, None
        while hit and not wrong:
            number += MEMORY_STRIDE
            rig.daemon.kill()
            daemon = rig.start(env=memory.env)
            operation = make()
            operation.begin(rig)
            operation.act(rig)
            memory.arm(number)
            os.kill(daemon.process.pid, signal.SIGCONT)
            wait_for(lambda: daemon.process.poll() is not None or operation.is_over(), f"it is done ({number})")
            rig.medctl("status")
            hit = memory.has_failed()
            memory.arm(0)
            wrong = went_well(rig, daemon) or settle(rig, operation)
            wrong = wrong or soon_well(rig, daemon)
        tap.ok(not wrong and number > least, f"{name}, each of {number - 1} allocations fails: it is done, or the user "
               "is told why, and nothing leaks", f"allocation {number}: {wrong}")
    rig.daemon.kill()


def stalled(tap, rig):
    """xenstored stalls: the watchdog is not fed, and guests do not notice."""
    one, _, _ = rig.create("one", RTC)
    rig.daemon.kill()
    daemon = rig.start(env={"WATCHDOG_USEC": "400000"})
    wait_for(lambda: daemon.last_fed, "the watchdog is fed")
    tap.ok(True, "while all is well the watchdog is fed")
    rig.xenstored.send_signal(signal.SIGSTOP)
    # It asks xenstored for the domain's name, and waits.
    with subprocess.Popen([os.path.join(PRODUCT, "scmi-medctl"), "--socket", rig.path("control"), "agents"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True) as client:
        wait_for(lambda: time.monotonic() - daemon.last_fed > 2, "the watchdog is not fed any more")
        tap.ok(True, "xenstored stalls: it is not fed any more")
        tap.ok("forwarded=1" in rig.xen(f"call {one}"), "the guest goes on")
        rig.xenstored.send_signal(signal.SIGCONT)
        wait_for(lambda: time.monotonic() - daemon.last_fed < 1, "the watchdog is fed again")
        _, text = client.communicate(timeout=60)
        tap.ok(client.returncode == 0 or "scmi-medd" in text, "scmi-medctl waits, or says for whom",
               (client.returncode, text))
    tap.equal(rig.bound(), {one: (3, [10])}, "xenstored goes on: so does the daemon")
    tap.equal(rig.create("two", GPIO)[1:], (0, ""), "and serves the next")


def resident(rig):
    """The daemon's own memory, in KiB."""
    with open(f"/proc/{rig.daemon.process.pid}/statm", encoding="ascii") as file:
        _, size, shared = (int(word) for word in file.read().split()[:3])
    return (size - shared) * os.sysconf("SC_PAGE_SIZE") // 1024


def flood(tap, rig):
    """A thousand domains at once, and one that asks again and again."""
    sizes = []
    for turn in range(3):
        for domid in range(2000, 2000 + FLOOD):
            rig.store.transaction({f"/local/domain/{domid}/name": f"d{domid}", f"/libxl/{domid}/type": "pvh"})
            if domid % 20 == 0:
                request(rig, domid, paths(RTC))
        domid, status, text = rig.create(f"real{turn}", RTC)
        tap.equal((status, text), (0, ""), f"among {FLOOD} others a domain is served")
        tap.equal(rig.bound(), {domid: (3, [10])}, "and it alone")
        rig.destroy(domid)
        for other in range(2000, 2000 + FLOOD):
            rig.store.remove(f"/local/domain/{other}")
            rig.store.remove(f"/libxl/{other}")
        rig.listing("status")
        wait_for(lambda: not rig.bound(), "the domain is gone")
        sizes.append(resident(rig))
    if not SANITIZED:
        tap.ok(sizes[2] - sizes[1] < 64, "its memory does not grow with the third time", sizes)
    domid = rig.domain("restless")
    for _ in range(2000):
        request(rig, domid, paths(GPIO))
    tap.equal(rig.create("patient", RTC)[1:], (0, ""), "one that asks 2000 times keeps no other waiting")


SCENARIOS = [failing_steps, without_memory, stalled, flood]
