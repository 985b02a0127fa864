# SPDX-License-Identifier: GPL-2.0-or-later
"""The policy file of a daemon that runs, and of one that starts."""
import contextlib
import os
import signal
import subprocess

from rig import GPIO, RTC, RigError, wait_for



def write(rig, text):
    """Puts a policy where the daemon looks."""
    with open(rig.path("policy.conf"), "w", encoding="utf-8") as file:
        file.write(text)
        os.fchmod(file.fileno(), 0o644)


def reload(rig, *words):
    """SIGHUP; waits until the daemon's log has these words once more."""
    before = rig.daemon.said()
    rig.daemon.process.send_signal(signal.SIGHUP)
    wait_for(lambda: all(rig.daemon.said().count(w) > before.count(w) for w in words),
             f"the daemon has logged {words}")


def share_clock(rig):
    """A host tree in which the clock of GPIO is that of RTC."""
    tree = rig.path("shared.dtb")
    clock = subprocess.run(["fdtget", "-t", "x", rig.dtb, RTC, "clocks"], check=True,
                           capture_output=True, text=True).stdout.split()
    subprocess.run(["cp", rig.dtb, tree], check=True)
    subprocess.run(["fdtput", "-t", "x", tree, GPIO, "clocks", *clock], check=True)
    return tree


@contextlib.contextmanager
def daemon(rig, *args):
    """A daemon with a host tree and a policy of its own; the usual one after."""
    rig.daemon.kill(signal.SIGTERM)
    try:
        yield rig.start("--policy", rig.path("policy.conf"), *args)
    finally:
        rig.daemon.kill(signal.SIGTERM)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(rig.path("policy.conf"))
        rig.start()


def sharing(tap, rig):
    """Devices that share a clock, without a policy, with one, with a wrong one."""
    def refused(name, domid):
        _, status, text = rig.create("two", GPIO)
        tap.ok(status == 1 and all(w in text for w in (
            RTC, GPIO, "clock 1 (protocol 0x14", f"domain {domid} (one)", '"allow clock 1"')),
               f"{name}, the second domain is refused", (status, text))
        tap.equal(rig.permitted(), {3: 1}, "the firmware has heard nothing of it")

    with daemon(rig, "--fdt", share_clock(rig)):
        one, status, text = rig.create("one", RTC)
        tap.equal((status, text), (0, ""), "the first domain")
        refused("without a policy", one)
        write(rig, "allow clock 2\n")
        reload(rig, "1 allowed, 0 pinned, 0 forbidden")
        refused("with another clock allowed", one)
        write(rig, "allow clock 1\n")
        reload(rig, "1 allowed")
        two, status, text = rig.create("two", GPIO)
        tap.equal((status, text), (0, ""), "allowed, it gets its device")
        rig.destroy(two)
        write(rig, "# nothing is allowed\nallow clocks 1\n")
        reload(rig, "keeping the policy", "policy.conf:2: \"clocks\" is no kind of resource")
        two, status, text = rig.create("two", GPIO)
        tap.equal((status, text), (0, ""), "a wrong policy leaves the old one in force")
        rig.destroy(two)
        os.unlink(rig.path("policy.conf"))
        reload(rig, "no policy any more")
        refused("with the policy gone", one)


def words(tap, rig):
    """Domains that are pinned, devices that are forbidden."""
    write(rig, f"pin web 7\nforbid {GPIO}\n")
    with daemon(rig):
        web, status, text = rig.create("web", RTC)
        tap.equal((status, text, rig.bound().get(web)), (0, "", (7, [10])),
                  "a pinned domain gets its agent")
        _, status, text = rig.create("other", GPIO)
        tap.ok(status == 1 and "forbidden" in text and GPIO in text and "policy.conf:2" in text,
               "a forbidden device is refused", (status, text))
        for line, reason in ((f"forbid {GPIO}0", f'policy.conf:1: device "{GPIO}0" is not in'),
                             ("pin web 2", "policy.conf:1: guests cannot have agent 2"),
                             ("pin web 99", "policy.conf:1: there is no agent 99")):
            write(rig, line)
            reload(rig, reason)
            done = rig.medctl("reload")
            tap.ok(done.returncode == 3 and reason in done.stderr, f"{line}: scmi-medctl reload says why", done)
        _, status, text = rig.create("other", GPIO)
        tap.ok(status == 1 and "forbidden" in text, "it still is after three wrong policies",
               (status, text))
        write(rig, "")
        done = rig.medctl("reload")
        tap.equal((done.returncode, done.stdout, done.stderr), (0, "", ""), "scmi-medctl reload")
        tap.ok("0 allowed, 0 pinned, 0 forbidden" in rig.daemon.said(), "the log says what was read")
        _, status, text = rig.create("other", GPIO)
        tap.equal((status, text), (0, ""), "with an empty policy it is not")


def start(tap, rig):
    """A daemon that finds a wrong policy does not start."""
    for name, text, mode, reason in (
            ("wrong", "\nallow\n", 0o644, "policy.conf:2: it does not say what to allow"),
            ("not for this host", "forbid /nothing\n", 0o644, "policy.conf:1: device"),
            ("that others may write", "", 0o666, "chmod 0644"),
            ("too large", "\n" * 65537, 0o644, "65536 bytes")):
        write(rig, text)
        os.chmod(rig.path("policy.conf"), mode)
        try:
            with daemon(rig):
                tap.ok(False, f"with a policy {name} it does not start")
        except RigError as error:
            tap.ok("ended with 11:" in str(error) and reason in str(error),
                   f"with a policy {name} it ends, with its own status and the reason", error)


SCENARIOS = [sharing, words, start]
