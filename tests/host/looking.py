# SPDX-License-Identifier: GPL-2.0-or-later
"""scmi-medctl monitor and top, for one who looks and for scripts."""
import contextlib
import json
import os
import signal
import subprocess
import threading

from hostile import INTERFACE, answers, connect
from policies import daemon as with_policy
from policies import write as write_policy
from rig import DENIES, DISK, GPIO, OK, PRODUCT, RESET_AGENT, RTC, wait_for


class Monitor:
    """A scmi-medctl monitor whose lines are kept as they come."""

    def __init__(self, rig, *args):
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            [os.path.join(PRODUCT, "scmi-medctl"), "--socket", rig.path("control"), *args,
             "monitor"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        rig.processes.append(self.process)
        self.lines = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.wait("watching")

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)

    def wait(self, text, count=1):
        """Waits until so many lines have the text."""
        wait_for(lambda: sum(text in line for line in list(self.lines)) >= count or
                 self.process.poll() is not None, f"the monitor says {text!r}")

    def events(self):
        """What it has printed as JSON, but for the first."""
        return [json.loads(line) for line in list(self.lines)][1:]

    def end(self, number=signal.SIGINT):
        """Ends it; (exit status, what it complained of)."""
        if number:
            self.process.send_signal(number)
        status = self.process.wait(30)
        self.reader.join()
        return status, self.process.stderr.read()


@contextlib.contextmanager
def monitor(rig, *args):
    """A monitor that is ended in any case."""
    watch = Monitor(rig, *args)
    try:
        yield watch
    finally:
        if watch.process.poll() is None:
            watch.end(signal.SIGKILL)


def set_limits(rig, limits):
    """Many events, one after the other."""
    with contextlib.closing(connect(rig)) as client:
        for limit in limits:
            client.sendall(json.dumps({"method": f"{INTERFACE}.SetLimit",
                                       "parameters": {"agent": 3, "limit": limit}}).encode() + b"\0")
            answers(client, 1)


def events(tap, rig):
    """Each event is told as it happens, with what it is about."""
    def told(event, text, **fields):
        watch.wait(f'"event":"{event}"')
        got = [e for e in watch.events() if e["event"] == event]
        tap.ok(got and text in got[-1]["message"] and
               all(got[-1][k] == v for k, v in fields.items()), f"{event}: {text}", watch.lines)

    write_policy(rig, "")
    with with_policy(rig), monitor(rig, "--json") as watch:
        one, _, _ = rig.create("one", RTC)
        told("granted", "granted agent 3", domid=one, domain="one", agent=3, devices=[RTC])
        two, _, _ = rig.create("two", RTC)
        told("refused", f"held by domain {one} (one)", domid=two, agent=None, priority=4)
        rig.medctl("attach", "one", DISK)
        told("attached", DISK, domid=one, agent=3)
        rig.medctl("detach", "one", DISK)
        told("detached", DISK, domid=one, agent=3)
        told("restored", f'Dom0 has device "{DISK}" back', domid=None)
        rig.medctl("limit", "3", "77")
        told("limit", "agent 3 may make 77 calls", agent=3)
        rig.destroy(one)
        told("released", "has lost agent 3, which is reset", domid=one, agent=3)
        three, _, _ = rig.create("three", RTC)
        rig.xen(f"fault {DENIES} {RESET_AGENT}")
        rig.destroy(three)
        told("quarantined", "is quarantined", domid=three, agent=3, priority=3)
        rig.xen(f"fault {OK}")
        rig.medctl("reset", "3")
        told("reset", "agent 3 was reset", agent=3)
        rig.daemon.process.send_signal(signal.SIGHUP)
        told("tree_read", "3 devices hang on SCMI")
        told("policy_read", "0 allowed")
        times = [e["time_us"] for e in watch.events()]
        tap.ok(times == sorted(times), "each has its time", times)
        ids = [e["message_id"] for e in watch.events()]
        tap.ok(all(len(i) == 32 for i in ids), "and its ID in the log", ids)
        said = rig.daemon.said()
        tap.ok(all(e["message"] in said for e in watch.events()), "all of it is in the log", said)


def monitor_ends(tap, rig):
    """For people, a line each; how it ends."""
    with monitor(rig) as watch:
        one, _, _ = rig.create("one", RTC)
        watch.wait("granted")
        tap.ok(watch.lines[1].endswith(f" granted     domain {one} (one): granted agent 3: {RTC}\n"),
               "time, event, message", watch.lines)
        tap.equal(watch.end(signal.SIGINT), (0, ""), "SIGINT ends it")
    for number in (signal.SIGTERM, signal.SIGHUP):
        with monitor(rig) as watch:
            tap.equal(watch.end(number), (0, ""), f"{number.name} does")
    with monitor(rig) as watch:
        rig.daemon.process.send_signal(signal.SIGTERM)
        status, text = watch.end(None)
        tap.ok(status == 2 and "scmi-medd has ended" in text, "the daemon's end ends it, and is told",
               (status, text))
    done = rig.medctl("monitor")
    tap.ok(done.returncode == 2 and "systemctl start" in done.stderr, "no daemon", done)
    rig.daemon.wait()
    rig.start()
    tap.equal(rig.medctl("monitor", "x").returncode, 1, "an argument too many")


def monitor_pipes(tap, rig):
    """Nobody reads any longer: at once, without waiting for an event."""
    command = [os.path.join(PRODUCT, "scmi-medctl"), "--socket", rig.path("control"), "monitor"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        process.stdout.close()
        tap.equal((process.wait(30), process.stderr.read()), (0, ""), "the pipe is closed: it ends")
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
                              text=True, timeout=60, check=False)
    tap.ok(done.returncode == 1 and "cannot write the output" in done.stderr, "a full disk is told", done)


def many_monitors(tap, rig):
    """One that is stopped holds up nobody, and is told what it missed; there are eight."""
    with contextlib.ExitStack() as stack:
        stuck = stack.enter_context(monitor(rig, "--json"))
        stuck.process.send_signal(signal.SIGSTOP)
        others = [stack.enter_context(monitor(rig, "--json")) for _ in range(7)]
        done = rig.medctl("monitor")
        tap.ok(done.returncode == 3 and "as many monitors" in done.stderr, "a ninth is refused", done)
        # More than the socket and the daemon keep for it.
        set_limits(rig, range(1, 2001))
        others[0].wait("may make 2000 calls")
        tap.equal([e["event"] for e in others[0].events()], ["limit"] * 2000,
                  "who reads is told all of it, beside one who does not")
        stuck.process.send_signal(signal.SIGCONT)
        stuck.wait('"event":"lost"')
        set_limits(rig, [5000])
        stuck.wait("may make 5000 calls")
        seen = stuck.events()
        missed = sum(e["lost"] for e in seen)
        tap.ok(missed and sum(e["event"] == "limit" for e in seen) + missed == 2001,
               f"the other one is told how many it missed: {missed}", seen[-3:])
        gap = next(n for n, e in enumerate(seen) if e["event"] == "lost")
        tap.ok(f"make {gap} calls" in seen[gap - 1]["message"], "at the right place", seen[gap - 1:gap + 2])


SCENARIOS = [events, monitor_ends, monitor_pipes, many_monitors]
