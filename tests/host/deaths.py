# SPDX-License-Identifier: GPL-2.0-or-later
"""Daemons that are not there, stall, or cannot start."""
import os
import signal
import time

from kills import stop, waiting_request
from rig import DISK, GPIO, RTC, Daemon, RigError, wait_for


def without_daemon(tap, rig):
    """Domains live, die and fail without a daemon."""
    one, _, _ = rig.create("one", RTC)
    two, _, _ = rig.create("two", GPIO)
    rig.daemon.kill()
    tap.ok("forwarded=1" in rig.xen(f"call {one}"), "a running domain does not notice")
    # As systemd does where it is stopped.
    os.unlink(rig.path("control.lock"))
    domid = rig.domain("three")
    create = rig.create_begin(domid, [RTC])
    status, text = create.result()
    tap.ok(status == 1 and "systemctl start scmi-medd" in text,
           "a new one with a device fails, and is told the remedy", (status, text))
    tap.ok(create.seconds < 2, "at once", create.seconds)
    tap.equal(rig.create("plain")[1:], (0, ""), "one without starts as ever")
    done = rig.medctl("agents")
    tap.ok(done.returncode == 2 and "systemctl start scmi-medd" in done.stderr and not done.stdout,
           "scmi-medctl ends with 2", done)
    rig.destroy(one)
    tap.equal(rig.permitted(), {4: 2}, "one that dies loses everything all the same")
    rig.start()
    tap.equal(rig.bound(), {two: (4, [11])}, "the next daemon knows what goes on")
    tap.equal(rig.create("four", RTC)[1:], (0, ""), "and grants what is free")


def restarting(tap, rig):
    """A daemon that is being started again."""
    for kill in (signal.SIGTERM, signal.SIGKILL):
        rig.daemon.kill(kill)
        domid = rig.domain("early")
        create = rig.create_begin(domid, [RTC])
        time.sleep(1)
        tap.ok(create.process.poll() is None, f"{kill.name}: xl waits for the next one")
        rig.start()
        tap.equal(create.result(), (0, ""), "and is served by it")
        rig.store.introduce(domid)
        rig.destroy(domid)
    rig.daemon.kill()
    create = rig.create_begin(rig.domain("hopeless"), [RTC], timeout_ms=300)
    status, text = create.result()
    tap.ok(status == 1 and "systemctl start scmi-medd" in text, "not for ever", (status, text))
    tap.ok(create.seconds >= 0.3, "but a little", create.seconds)
    rig.start()


def stopped(tap, rig):
    """A daemon that is there but does nothing."""
    stop(rig)
    domid = rig.domain("one")
    create = rig.create_begin(domid, [RTC], timeout_ms=300)
    status, text = create.result()
    tap.ok(status == 1 and "did not answer within 300 ms" in text, "xl gives up", (status, text))
    tap.equal(rig.store.text(f"/libxl/{domid}/scmi/state"), None, "and takes the request back")
    os.kill(rig.daemon.process.pid, signal.SIGCONT)
    tap.equal((rig.bound(), rig.permitted()), ({}, {}), "a daemon that wakes up grants nothing")
    rig.destroy(domid)
    tap.equal(rig.create("two", RTC)[1:], (0, ""), "but serves the next")


def second(tap, rig):
    """A second daemon."""
    one, _, _ = rig.create("one", RTC)
    other = Daemon(rig)
    tap.ok(not other.wait_ready(), "does not get ready")
    tap.equal(other.wait(), 12, "and ends with 12")
    tap.ok("another scmi-medd is running" in other.said(), "and says why", other.said())
    tap.equal(rig.bound(), {one: (3, [10])}, "the first goes on")
    tap.equal(rig.create("two", GPIO)[1:], (0, ""), "and serves")


def ends(tap, rig):
    """SIGTERM, SIGINT, and a new start."""
    one, _, _ = rig.create("one", RTC)
    for number in (signal.SIGTERM, signal.SIGINT):
        tap.equal(rig.daemon.kill(number), 0, f"{number.name}: exit status 0")
        tap.ok(not os.path.exists(rig.path("control")), "its socket is gone")
        tap.equal(rig.permitted(), {3: 1}, "the permission stays")
        rig.start()
        tap.equal(rig.bound(), {one: (3, [10])}, "the next one knows of it")


def reload(tap, rig):
    """SIGHUP reads the tree again."""
    tree = rig.path("host.dtb")
    with open(rig.dtb, "rb") as file:
        good = file.read()

    def send(content):
        with open(tree + ".new", "wb") as file:
            file.write(content)
        os.rename(tree + ".new", tree)
        size = len(rig.daemon.said())
        rig.daemon.process.send_signal(signal.SIGHUP)
        wait_for(lambda: len(rig.daemon.said()) > size, "it has read the tree")

    with open(tree, "wb") as file:
        file.write(good)
    rig.daemon.kill()
    rig.start("--fdt", tree)
    tap.equal([d["path"] for d in rig.listing("devices")], [RTC, GPIO, DISK], "its devices")
    send(b"no tree")
    tap.equal(len(rig.listing("devices")), 3, "a file that is no tree changes nothing")
    tap.ok("keeping what was read before" in rig.daemon.said(), "and that is said")
    send(good.replace(b"pl061@9030000", b"pl062@9030000"))
    tap.equal([d["path"] for d in rig.listing("devices")], [RTC, "/pl062@9030000", DISK],
              "another tree is taken")
    tap.equal(rig.create("one", "/pl062@9030000")[1:], (0, ""), "and used")


def cannot_start(tap, rig):
    """What keeps a daemon from starting has an exit status and a reason."""
    rig.daemon.kill()

    def fails(name, status, words, *args, **more):
        daemon = Daemon(rig, *args, **more)
        tap.ok(not daemon.wait_ready(), f"{name}: it does not get ready")
        got = daemon.wait()
        tap.ok(got == status and words in daemon.said(), f"{name}: exit status {status}",
               (got, daemon.said()))

    fails("bad option", 2, "help", "--nonsense")
    fails("no Xen", 3, "control domain", env={"FAKE_XEN": rig.path("nowhere")})
    for result, status, words in ((-1, 3, "refused the hypercall"), (-38, 4, "scmi-med patch"),
                                  (-95, 5, "same release"), (-5, 4, "does not work")):
        rig.xen(f"result {result}")
        fails(f"hypercall returns {result}", status, words)
    rig.xen("result 0")
    rig.xen("boot /chosen/xen/xen_scmi_config")
    fails("no container", 6, "xen,sci")
    rig.xen("boot")
    fails("no host tree", 7, "nonexistent", "--fdt", "/nonexistent")
    fails("a host tree that is none", 7, "host device tree", "--fdt", "/proc/version")
    fails("an empty host tree", 7, "host device tree", "--fdt", "/dev/null")
    fails("a socket path that is a folder", 9, "socket", "--socket", rig.folder)
    rig.stop_xenstored()
    fails("no xenstored", 8, "cannot reach xenstored")
    rig.start_xenstored()
    rig.start()
    tap.equal(rig.bound(), {}, "when all is well it starts")


def lacking_firmware(tap, rig):
    """Firmware without device permissions."""
    rig.daemon.kill()
    rig.xen("missing 0x200")
    rig.xen("boot")
    rig.start()
    tap.ok("does not keep agents apart" in rig.daemon.said(), "the daemon warns", rig.daemon.said())
    tap.ok("device-permissions" not in rig.listing("status")["firmware"]["features"],
           "scmi-medctl shows it")
    domid, status, text = rig.create("one", RTC)
    tap.ok(not status and domid in rig.bound(), "Xen keeps domains apart", (status, text))


def xenstored_gone(tap, rig):
    """xenstored dies: the daemon notices within its probe, and ends."""
    one, _, _ = rig.create("one", RTC)
    start = time.monotonic()
    rig.stop_xenstored()
    try:
        status = rig.daemon.wait(25)
    except Exception as error:
        raise RigError("the daemon has not noticed") from error
    tap.equal(status, 10, f"after {time.monotonic() - start:.0f} s it ends with 10")
    tap.ok("lost xenstored" in rig.daemon.said(), "and says why")
    tap.ok("forwarded=1" in rig.xen(f"call {one}"), "the guest goes on")
    rig.start_xenstored()
    rig.start()
    tap.equal(rig.bound(), {one: (3, [10])}, "with a new xenstored the view is right")


def xenstored_silent(tap, rig):
    """xenstored dies while the daemon waits for an answer."""
    domid = rig.domain("one")
    create = waiting_request(rig, domid, timeout_ms=2000)
    rig.xenstored.send_signal(signal.SIGSTOP)
    os.kill(rig.daemon.process.pid, signal.SIGCONT)
    time.sleep(0.5)
    start = time.monotonic()
    rig.stop_xenstored()
    tap.equal(rig.daemon.wait(25), 10, "it ends with 10")
    # It asks every 15 seconds whether xenstored is there.
    tap.ok(time.monotonic() - start < 12, "and does not wait to ask", time.monotonic() - start)
    tap.ok("Invalid argument" not in rig.daemon.said(), "and knows why", rig.daemon.said())
    create.result()
    rig.start_xenstored()
    rig.start()


SCENARIOS = [without_daemon, restarting, stopped, second, ends, reload, cannot_start, lacking_firmware,
             xenstored_gone, xenstored_silent]
