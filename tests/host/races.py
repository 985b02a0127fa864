# SPDX-License-Identifier: GPL-2.0-or-later
"""The world changes while the daemon serves a request."""
import signal
import time

from kills import STRIDE, is_stopped, set_kill, stop
from hostile import paths, request
from rig import GPIO, RTC, SANITIZED, wait_for

# With the sanitizers, some of the times are enough.
TIMES = 25 if SANITIZED else 100


def impatient(tap, rig):
    """A request that is withdrawn, or becomes another, while it is served."""
    domid = rig.domain("one")
    base = f"/libxl/{domid}/scmi"
    for _ in range(TIMES):
        request(rig, domid, paths(RTC))
        rig.store.remove(base)
    rig.listing("status")
    tap.equal((rig.bound(), rig.permitted()), ({}, {}), f"withdrawn {TIMES} times: nothing stays")
    for _ in range(TIMES):
        request(rig, domid, paths(RTC))
        rig.store.remove(base)
        request(rig, domid, paths(GPIO))
        wait_for(lambda: rig.store.text(base + "/state") == "granted", "the last one is granted")
        if rig.bound().get(domid, (0, 0))[1] != [11]:
            break
        rig.store.remove(base)
    tap.equal((rig.bound()[domid][1], list(rig.permitted().values())), ([11], [2]),
              f"changed {TIMES} times: what is asked for last is what is granted")


def stopped_at(rig, step):
    """A fresh daemon, stopped after this step of serving a domain. Returns the
    domain, None if it has answered before."""
    rig.daemon.kill()
    rig.start()
    daemon = rig.daemon
    domid = rig.domain("one")
    stop(rig)
    request(rig, domid, paths(RTC))
    set_kill(rig, f"stop {step}")
    daemon.process.send_signal(signal.SIGCONT)
    wait_for(lambda: is_stopped(daemon.process) or "1 domain," in daemon.status,
             "the daemon is stopped or done")
    set_kill(rig, None)
    if rig.store.text(f"/libxl/{domid}/scmi/state") == "requested":
        return domid
    daemon.process.send_signal(signal.SIGCONT)
    rig.destroy(domid)
    return None


def each_step(tap, rig, name, change):
    """Stops the daemon after each step up to the answer, changes the world,
    and lets it go on. The change returns a look at what became of it, which
    returns what is wrong."""
    step, wrong = 1, None
    while not wrong and (domid := stopped_at(rig, step)):
        look = change(domid, step)
        rig.daemon.process.send_signal(signal.SIGCONT)
        # The first answer comes when it is through with the request, the
        # second when it has seen the change, too.
        rig.listing("status")
        rig.listing("status")
        wrong = look()
        if domid in rig.domains:
            rig.destroy(domid)
        wrong = wrong or rig.bound() or rig.permitted()
        step += STRIDE
    tap.ok(not wrong and step > 20, f"{name} after each of {step - 1} steps", f"{step - STRIDE}: {wrong}")


def withdrawn(tap, rig):
    """xl gives up, and the request is withdrawn."""
    def change(domid, _):
        rig.store.remove(f"/libxl/{domid}/scmi")
        return lambda: rig.bound() or rig.permitted()
    each_step(tap, rig, "nothing stays, withdrawn", change)


def asked_again(tap, rig):
    """The domain asks for something else."""
    def change(domid, _):
        rig.store.remove(f"/libxl/{domid}/scmi")
        request(rig, domid, paths(GPIO))

        def look():
            wait_for(lambda: rig.store.text(f"/libxl/{domid}/scmi/state") == "granted",
                     "the second request is granted")
            bound = rig.bound()
            return None if [d for _, d in bound.values()] == [[11]] and \
                list(rig.permitted().values()) == [2] else bound
        return look
    each_step(tap, rig, "what was asked for last is granted, asked", change)


def asked_later(tap, rig):
    """The request is gone for one step, and then there is another."""
    def change(domid, step):
        rig.store.remove(f"/libxl/{domid}/scmi")
        set_kill(rig, f"stop {step + 1}")
        rig.daemon.process.send_signal(signal.SIGCONT)
        # It stops soon, or has nothing more to do.
        deadline = time.monotonic() + 0.1
        while not is_stopped(rig.daemon.process) and time.monotonic() < deadline:
            time.sleep(0.002)
        set_kill(rig, None)
        request(rig, domid, paths(GPIO))

        def look():
            wait_for(lambda: rig.store.text(f"/libxl/{domid}/scmi/state") != "requested",
                     "the second request is answered")
            return rig.store.text(f"/libxl/{domid}/scmi/error")
        return look
    each_step(tap, rig, "the second request is granted, made", change)


def destroyed(tap, rig):
    """The domain is destroyed."""
    def change(domid, _):
        rig.destroy(domid)
        return lambda: rig.bound() or rig.permitted()
    each_step(tap, rig, "nothing stays, destroyed", change)


def replaced(tap, rig):
    """The domain is destroyed, and the next one has its domid."""
    def change(domid, _):
        rig.destroy(domid)
        again = rig.domain("other")
        assert again == domid
        return lambda: rig.bound() or rig.permitted()
    each_step(tap, rig, "the next one has nothing, replaced", change)


SCENARIOS = [impatient, withdrawn, asked_again, asked_later, destroyed, replaced]
