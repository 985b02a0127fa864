# SPDX-License-Identifier: GPL-2.0-or-later
"""kill -9 at each step of everything, and what the next daemon makes of it.

A step is what others can see: a hypercall, a request to xenstored. They are
counted by what is preloaded (fake-xencall.c), so that a new one is covered as
soon as it is there. Between one step and the next nothing can be seen, so that to
die after each is to die anywhere.
"""
import contextlib
import os
import signal
import subprocess
import time

from rig import (DENIES, DISK, GPIO, OK, PRODUCT, RTC, SANITIZED, SET_DEVICE, Create, Daemon,
                 RigError, wait_for)
from xenstore import Xenstore

# With the sanitizers, which are slow, some of the steps are enough.
STRIDE = 4 if SANITIZED else 1


def set_kill(rig, text, name="kill"):
    """When the daemon is to die, see fake-xencall.c; None: not at all."""
    path = rig.path(name)
    if text is None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
    else:
        with open(path + ".new", "w", encoding="ascii") as file:
            file.write(text)
        os.rename(path + ".new", path)


def is_stopped(process):
    """Whether SIGSTOP has come to effect."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        return file.read().rsplit(")", 1)[1].split()[0] == "T"


def xenstored_answers(rig):
    """Whether it does within a second."""
    store = Xenstore(rig.path("xenstored"), 1)
    try:
        store.list("/")
        return True
    except TimeoutError:
        return False
    finally:
        store.close()


def stop(rig):
    """The daemon does not go on until it gets SIGCONT. Not in the middle of what it
    writes to xenstored: that would wait for the rest, and serve nobody."""
    process = rig.daemon.process
    while True:
        process.send_signal(signal.SIGSTOP)
        wait_for(lambda: is_stopped(process), "the daemon is stopped")
        if xenstored_answers(rig):
            return
        process.send_signal(signal.SIGCONT)
        time.sleep(0.1)


def waiting_request(rig, domid, *devices, **more):
    """A request that the daemon, which is stopped, has not seen yet."""
    stop(rig)
    create = rig.create_begin(domid, devices or [RTC], **more)
    wait_for(lambda: rig.store.text(f"/libxl/{domid}/scmi/state") == "requested",
             "the request is written")
    return create


def run_armed(rig, kill, is_over):
    """Lets the daemon go on, to die at a step. Whether it did so before all was over."""
    daemon = rig.daemon
    set_kill(rig, kill)
    os.kill(daemon.process.pid, signal.SIGCONT)
    wait_for(lambda: daemon.process.poll() is not None or is_over(), "the daemon is dead or done")
    # What it does behind that is over when it has answered twice, well or not.
    for _ in range(2):
        rig.medctl("status")
    rig.was_hit = not os.path.exists(rig.path("kill"))
    set_kill(rig, None)
    if rig.medctl("status").returncode == 0:
        return False
    daemon.wait()
    return True


def all_free(rig):
    """What is wrong if nobody is to have anything."""
    lost = [a for a in rig.listing("agents") if a["role"] == "guest" and a["state"] != "free"]
    nodes = [d for d in rig.store.list("/libxl") if rig.store.list(f"/libxl/{d}/scmi")]
    return lost or nodes or rig.permitted() or (rig.firmware()[1][0] != 4 and "Dom0 lacks its device")


def soon_free(rig, seconds=10):
    """The same, a moment later: the daemon hears of a domain's death from xenstored."""
    with contextlib.suppress(RigError):
        wait_for(lambda: not all_free(rig), "all is free again", seconds)
    return all_free(rig)


def has(rig, domid, *devices):
    """What is wrong if the domain, and it alone, is to have these devices."""
    bound, mask = rig.bound(), sum(1 << (device - 10) for device in devices)
    if list(bound) != [domid] or bound[domid][1] != list(devices):
        return bound
    if rig.permitted() != ({bound[domid][0]: mask} if mask else {}):
        return rig.permitted()
    return None


class Granted:
    """A domain gets devices."""

    def __init__(self, *devices, ids=(10,)):
        self.devices, self.ids = devices, ids
        self.domid = self.create = None

    def begin(self, rig):
        """Before the daemon is stopped."""

    def act(self, rig):
        """What it is about; the daemon is stopped."""
        self.domid = rig.domain("victim")
        self.create = waiting_request(rig, self.domid, *self.devices)

    def is_over(self):
        """Whether there is nothing to wait for."""
        return self.create.process.poll() is not None

    def check(self, rig):
        """What is wrong in the end; all that was made is gone then."""
        result = self.create.result()
        if result != (0, ""):
            return result
        wrong = has(rig, self.domid, *self.ids)
        if not wrong and 12 in self.ids and rig.firmware()[1][0]:
            wrong = "Dom0 still has it, too"
        rig.store.introduce(self.domid)
        rig.destroy(self.domid)
        return wrong


class Refused(Granted):
    """A domain wants what another has."""

    def __init__(self):
        super().__init__(RTC)
        self.holder = None

    def begin(self, rig):
        self.holder, _, _ = rig.create("holder", RTC)

    def check(self, rig):
        status, text = self.create.result()
        if status != 1 or f"held by domain {self.holder}" not in text:
            return status, text
        rig.destroy(self.domid)
        wrong = has(rig, self.holder, 10)
        rig.destroy(self.holder)
        return wrong


class RolledBack(Granted):
    """The firmware denies the second device: so often, or (0) always from then on."""

    def __init__(self, times):
        super().__init__(RTC, GPIO)
        self.times = times

    def begin(self, rig):
        rig.xen(f"fault {DENIES} {SET_DEVICE} 1 {self.times}")

    def check(self, rig):
        status, text = self.create.result()
        rig.xen(f"fault {OK}")
        if status == 1 and "firmware" in text:
            wrong = None
        else:
            # The daemon died behind the one denial, and the next one tried again.
            wrong = (status, text) if status or not self.times else has(rig, self.domid, 10, 11)
        rig.store.introduce(self.domid)
        rig.destroy(self.domid)
        # What the firmware does not take back is kept from everybody, until:
        for agent in [a["agent"] for a in rig.listing("agents") if a["state"] == "quarantined"]:
            wrong = wrong or (self.times and f"agent {agent} is quarantined")
            rig.medctl("reset", str(agent))
        return wrong


class Revoked(Granted):
    """A domain dies; Dom0 gets its device back."""

    def begin(self, rig):
        self.domid, _, _ = rig.create("victim", DISK)

    def act(self, rig):
        stop(rig)
        rig.destroy(self.domid)
        self.rig = rig

    def is_over(self):
        return self.rig.firmware()[1][0] == 4

    def check(self, rig):
        return None


class Live(Granted):
    """A domain that runs gets or loses a device."""

    def __init__(self, verb, device, before, after):
        super().__init__(RTC)
        self.verb, self.device, self.before, self.after = verb, device, before, after
        self.client = None

    def begin(self, rig):
        self.domid, _, _ = rig.create("victim", *([RTC, self.device] if self.verb == "detach" else [RTC]))

    def act(self, rig):
        stop(rig)
        self.client = subprocess.Popen(  # pylint: disable=consider-using-with
            [os.path.join(PRODUCT, "scmi-medctl"), "--socket", rig.path("control"), self.verb, "victim",
             self.device], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def is_over(self):
        return self.client.poll() is not None

    def check(self, rig):
        _, text = self.client.communicate(timeout=60)
        done = self.client.returncode == 0
        if not done and "scmi-medd" not in text:
            return f"the user is told: {text}"
        # Either it was done or it was not; and then it can be done again.
        wrong = has(rig, self.domid, *self.after)
        if wrong and not done and not has(rig, self.domid, *self.before):
            wrong = None
        again = rig.medctl(self.verb, "victim", self.device)
        wrong = wrong or has(rig, self.domid, *self.after)
        if not wrong and again.returncode not in (0, 3):
            wrong = again
        rig.destroy(self.domid)
        return wrong


class Reloaded(Granted):
    """The tree and the policy are read again."""

    def act(self, rig):
        stop(rig)
        self.daemon = rig.daemon
        self.daemon.is_ready = False
        os.kill(self.daemon.process.pid, signal.SIGHUP)

    def is_over(self):
        return self.daemon.is_ready

    def check(self, rig):
        domid, status, text = rig.create("later", RTC)
        wrong = (status, text) if status else has(rig, domid, 10)
        rig.destroy(domid)
        return wrong


OPERATIONS = (
    ("a grant", 40, lambda: Granted(RTC)),
    ("a grant of what Dom0 has", 50, lambda: Granted(DISK, ids=(12,))),
    ("a refusal", 30, Refused),
    ("a rollback", 40, lambda: RolledBack(1)),
    ("a rollback that the firmware denies", 40, lambda: RolledBack(0)),
    ("a revocation", 20, Revoked),
    ("an attach", 40, lambda: Live("attach", DISK, [10], [10, 12])),
    ("a detach", 20, lambda: Live("detach", DISK, [10, 12], [10])),
    ("a reload", 20, Reloaded),
)


def killed_anywhere(tap, rig):
    """kill -9 after each step of everything that the daemon does."""
    for name, least, make in OPERATIONS:
        step, died, wrong = 1 - STRIDE, True, None
        while died and not wrong:
            step += STRIDE
            rig.daemon.kill()
            rig.start()
            operation = make()
            operation.begin(rig)
            operation.act(rig)
            died = run_armed(rig, f"after {step}", operation.is_over)
            if died:
                rig.start()
            wrong = operation.check(rig)
            wrong = wrong or soon_free(rig)
        tap.ok(not wrong and step > least, f"{name}, killed after each of {step - 1} steps: nothing is lost, "
               "nothing leaked", f"step {step}: {wrong}")


def killed_at_start(tap, rig):
    """kill -9 after each step of the daemon's start, with a request waiting."""
    step, died, wrong = 1 - STRIDE, True, None
    while died and not wrong:
        step += STRIDE
        rig.daemon.kill()
        rig.start()
        operation = Granted(RTC)
        operation.act(rig)
        rig.daemon.kill()
        set_kill(rig, f"after {step}")
        rig.daemon = Daemon(rig)
        died = run_armed(rig, f"after {step}", operation.is_over)
        if died:
            rig.start()
        wrong = operation.check(rig)
    tap.ok(not wrong and step > 30, f"after each of {step - 1} steps: the domain gets its device",
           f"step {step}: {wrong}")


def killed_for_good(tap, rig):
    """The daemon dies in the middle, nobody starts it, and xl gives up."""
    for step in range(1, 57, 5):
        rig.daemon.kill()
        rig.start()
        domid = rig.domain("victim")
        create = waiting_request(rig, domid, timeout_ms=300)
        set_kill(rig, f"after {step}")
        os.kill(rig.daemon.process.pid, signal.SIGCONT)
        status, text = create.result()
        rig.daemon.wait()
        set_kill(rig, None)
        left = rig.store.text(f"/libxl/{domid}/scmi/state")
        tap.ok(status == 1 and "did not answer" in text and left is None or status == 0,
               f"after step {step}: xl ends", (status, text, left))
        rig.destroy(domid)
        tap.equal(rig.permitted(), {}, "destroyed, it has nothing")
        rig.start()
        tap.equal(rig.bound(), {}, "and the next daemon sees it so")


def killed_xl(tap, rig):
    """kill -9 of xl after each step of the plugin; its domain is destroyed then."""
    daemon, wrong, died, step = rig.daemon.process, None, True, 1 - STRIDE
    tree = rig.guest_tree([RTC])
    while died and not wrong:
        step += STRIDE
        domid = rig.domain("victim")
        set_kill(rig, f"after {step}", "kill-xl")
        create = Create(rig, domid, tree, 20000, (), env={"LD_PRELOAD": rig.xencall, "FAKE_KILL": "kill-xl"})
        status, text = create.result()
        died = status == -signal.SIGKILL
        set_kill(rig, None, "kill-xl")
        if not died and (status, text) != (0, ""):
            wrong = status, text
        rig.store.introduce(domid)
        rig.destroy(domid)
        wrong = wrong or soon_free(rig)
    tap.ok(not wrong and step > 15, f"after each of {step - 1} steps: nothing stays", f"step {step}: {wrong}")
    tap.ok(daemon.poll() is None, "and the daemon goes on")
    tap.equal(rig.create("next", RTC)[1:], (0, ""), "the next domain gets the device")


SCENARIOS = [killed_anywhere, killed_at_start, killed_for_good, killed_xl]
