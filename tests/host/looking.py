# SPDX-License-Identifier: GPL-2.0-or-later
"""scmi-medctl monitor and top, for one who looks and for scripts."""
import contextlib
import fcntl
import json
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading

import pyte

from hostile import INTERFACE, answers, connect
from policies import daemon as with_policy
from policies import write as write_policy
from rig import DENIES, DISK, GPIO, OK, PRODUCT, RESET_AGENT, RTC, RigError, wait_for


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
        status = self.process.wait(120)
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
        told("tree_read", "3 devices use SCMI")
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
        tap.equal((process.wait(120), process.stderr.read()), (0, ""), "the pipe is closed: it ends")
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
                              text=True, timeout=180, check=False)
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


def raw_monitors(tap, rig):
    """Monitors that are no scmi-medctl."""
    def begin(**fields):
        client = connect(rig)
        client.sendall(json.dumps(dict({"method": f"{INTERFACE}.Monitor"}, **fields)).encode() + b"\0")
        return client

    with begin() as client:
        tap.equal(answers(client, 1)[0].get("error"), "org.varlink.service.ExpectedMore", "more has to be asked for")
        client.sendall(b'{"method":"org.scmimed.GetStatus"}\0')
        tap.ok("pid" in answers(client, 1)[0]["parameters"], "and then it is a client like any other")
    with begin(more=True) as client:
        tap.ok(answers(client, 1)[0]["continues"], "one that follows")
        client.sendall(b'{"method":"org.scmimed.GetStatus"}\0')
        tap.equal(answers(client, 1), [], "it is dropped when it calls")
    with begin(more=True) as client:
        client.shutdown(socket.SHUT_WR)
        tap.equal(len(answers(client, 2)), 1, "or when it has closed its end")
    descriptors = f"/proc/{rig.daemon.process.pid}/fd"
    before = len(os.listdir(descriptors))
    for _ in range(200):
        with begin(more=True) as client:
            set_limits(rig, [10000])
            client.recv(1)
    wait_for(lambda: len(os.listdir(descriptors)) == before, "the daemon has no descriptor of theirs any more")
    with begin(more=True) as client:
        tap.ok(answers(client, 1)[0]["continues"], "200 that went away without a word are forgotten")


ALTERNATE, NORMAL = "\x1b[?1049h", "\x1b[?1049l"
SWITCH = re.compile(rb"(?<=\x1b\[\?1049[hl])")
HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"


class Screen:
    """A terminal with a program on it, and what one sees."""

    def __init__(self, rig, *args, rows=24, columns=80, shell=(), term="xterm"):
        self.ours, theirs = pty.openpty()
        self.emulator = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.emulator)
        self.lock = threading.Lock()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(theirs)
        self.theirs = theirs
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            [*shell, os.path.join(PRODUCT, "scmi-medctl"), "--socket", rig.path("control"), *args],
            stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, text=True,
            preexec_fn=self.own_terminal,
            env=dict(os.environ, TERM=term))
        rig.processes.append(self.process)
        self.text = ""
        self.frames = []        # the screen whenever the program paused
        self.left_at = self.seen = 0
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    @staticmethod
    def own_terminal():
        """Makes standard input the terminal of a session of its own."""
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def _read(self):
        with contextlib.suppress(OSError):
            while data := os.read(self.ours, 65536):
                with self.lock:
                    for piece in SWITCH.split(data):
                        self.stream.feed(piece)
                        # The emulator has one screen for both.
                        if SWITCH.search(piece):
                            self.emulator.erase_in_display(2)
                            self.left_at = len(self.frames)
                    self.text += data.decode()
                    # A frame may come in pieces, but without a pause.
                    if not select.select([self.ours], [], [], 0.03)[0]:
                        self.frames.append([line.rstrip() for line in self.emulator.display])

    def resize(self, rows, columns):
        """As a window does that is drawn larger or smaller."""
        with self.lock:
            self.emulator.resize(rows, columns)
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait(self, condition, what):
        """Waits for a frame behind the last one waited for; returns it."""
        start = self.seen
        try:
            wait_for(lambda: any(condition(f) for f in self.frames[start:]), f"the screen shows {what}")
        except RigError as error:
            raise RigError(f"{error}; it shows {self.frames[-1:]}") from error
        self.seen = next(n + 1 for n, f in enumerate(self.frames) if n >= start and condition(f))
        return self.frames[self.seen - 1]

    def keys(self, text):
        """Somebody types."""
        os.write(self.ours, text.encode())

    def is_left(self):
        """The last thing that was done to the screen was to leave it."""
        return self.text.rfind(NORMAL) > self.text.rfind(ALTERNATE) and \
            self.text.rfind(SHOW_CURSOR) > self.text.rfind(HIDE_CURSOR)

    def wait_left(self, times=1):
        """Waits until the screen has been left so often."""
        wait_for(lambda: self.text.count(NORMAL) == times, "the screen is left")
        self.seen = self.left_at

    def is_restored(self):
        """Modes, screen and cursor are as before."""
        return (termios.tcgetattr(self.theirs) == self.before and self.is_left()
                and self.text.count(ALTERNATE) == self.text.count(NORMAL))

    def is_restored_soon(self):
        """The same of a program that may still be at it."""
        with contextlib.suppress(RigError):
            wait_for(self.is_restored, "all is as before")
        return self.is_restored()

    def end_of_text(self):
        """The same for a program that only prints: (status, complaints, lines)."""
        status, error = self.process.wait(120), self.process.stderr.read()
        os.close(self.theirs)
        self.reader.join()
        os.close(self.ours)
        return status, error, self.text.count("\n")

    def end(self):
        """Waits for the program's end: (exit status, what it complained of)."""
        status = self.process.wait(120)
        error = self.process.stderr.read()
        wait_for(self.is_left, "the screen is given back")
        restored = self.is_restored()
        os.close(self.theirs)
        self.reader.join()
        os.close(self.ours)
        return status, error, restored


# What a shell does with a job on its terminal: if that stops, it goes on when
# there is a line.
SHELL = """
import os, signal, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
job = os.fork()
if not job:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
os.waitpid(job, os.WUNTRACED)
os.tcsetpgrp(0, os.getpgrp())
sys.stdin.readline()
os.tcsetpgrp(0, job)
os.kill(job, signal.SIGCONT)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(job, 0)[1]))
"""


def has(*words):
    """Whether a frame has a line with all these words."""
    return lambda frame: any(all(w in line.split() for w in words) for line in frame)


def top(tap, rig):
    """On a terminal: the busiest first, as large as the window, until q."""
    one, _, _ = rig.create("one", RTC)
    two, _, _ = rig.create("two", GPIO)
    screen = Screen(rig, "-d", "0.1", "top")
    frame = screen.wait(has("two", "bound"), "the domains")
    tap.ok(has("-", "-", "-")(frame) and "not known yet" in frame[1], "at first there are no rates", frame)
    rig.xen(f"call {two}")
    frame = screen.wait(lambda f: re.match(r" *4 .* bound +(?!0\.0)\d", f[3]), "a call")
    tap.ok(frame[3].split()[1:4] == ["two", f"({two})", "bound"] and frame[3].split()[-1] == "1"
           and 0 < float(frame[3].split()[4]) <= 10, "who calls is on top, with the rate", frame)
    frame = screen.wait(lambda f: f[3].split()[:1] == ["1"] and has("4", "two", "0.0", "1")(f), "nobody calls")
    tap.ok(not re.search(r" [1-9]\d*\.| 0\.[1-9]", "\n".join(frame)), "afterwards no rate is left", frame)
    tap.ok(all(len(line) <= 80 for line in frame), "it fits the width", frame)
    heading = frame[2]
    screen.resize(6, 30)
    frame = screen.wait(lambda f: len(f) == 6 and f[2] != heading[:30].rstrip(), "another heading")
    tap.ok(all(len(line) <= 30 for line in frame), "the window is made smaller", frame)
    screen.resize(50, 140)
    frame = screen.wait(lambda f: len([line for line in f if line]) > 18, "all lines")
    tap.ok("DEVICES" in frame[2] and len([f for f in frame if f]) == 19, "and larger: there is more", frame)
    rig.destroy(one)
    three, _, _ = rig.create("three", RTC)
    screen.wait(has("3", "three", f"({three})", "bound"), "another domain")
    tap.ok(any(has("three", "-")(f) for f in screen.frames), "its rate is not known at first")
    rig.daemon.kill()
    screen.wait(lambda f: "scmi-medd cannot be reached" in f[1], "the daemon is gone")
    screen.resize(24, 80)
    frame = screen.wait(lambda f: f[3].startswith("AGENT"), "two lines of that, and the table")
    tap.ok(" ".join(frame[1:3]).endswith("start it with: systemctl start scmi-medd"),
           "on 80 columns, too, it says what to do", frame)
    rig.start()
    screen.wait(lambda f: "per second" in f[1], "it is back")
    screen.keys("xyz")
    screen.wait(has("two", "bound"), "other keys do nothing")
    screen.keys("q")
    tap.equal(screen.end(), (0, "", True), "q ends it, and the terminal is as before")


def top_signals(tap, rig):
    """However it ends, the terminal is as before."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        screen = Screen(rig, "top")
        screen.wait(has("AGENT"), "the table")
        tap.ok(not termios.tcgetattr(screen.theirs)[3] & termios.ICANON, "keys come one by one")
        screen.process.send_signal(number)
        tap.equal(screen.end(), (0, "", True), f"{number.name} restores the terminal")
    screen = Screen(rig, "--delay", "3600", "top", shell=(sys.executable, "-c", SHELL))
    screen.wait(has("AGENT"), "the table")
    screen.keys("\x1a")
    screen.wait_left()
    tap.ok(screen.is_restored_soon(), "Ctrl-Z restores the terminal, too")
    screen.keys("\n")
    screen.wait(has("AGENT"), "the table again")
    screen.keys(" ")
    screen.wait(lambda f: "per second: 0.0" in f[1], "the space bar does not wait for an hour")
    screen.keys("\x03")
    tap.equal(screen.end(), (0, "", True), "Ctrl-C ends it")
    screen = Screen(rig, "--delay", "3600", "top")
    screen.wait(has("AGENT"), "the table")
    screen.keys("\x1a")
    screen.wait_left()
    screen.wait(has("AGENT"), "the table again, as there is no shell to have it go on")
    screen.keys("q")
    tap.equal(screen.end(), (0, "", True), "without a shell, Ctrl-Z does not stop it for ever")
    tap.equal(Screen(rig, "top", term="dumb").end_of_text(), (0, "", 19), "on a dumb terminal, one table")
    screen = Screen(rig, "top", term="unheard-of")
    status, error, _ = screen.end_of_text()
    tap.ok(status == 1 and '"unheard-of": set TERM' in error, "a terminal that ncurses does not know", error)


def top_text(tap, rig):
    """For scripts."""
    two, _, _ = rig.create("two", GPIO)
    rig.xen(f"call {two}")
    done = rig.medctl("--delay", "0.1", "top")
    lines = done.stdout.splitlines()
    tap.ok(done.returncode == 0 and len(lines) == 19 and lines[1].startswith("per second: 0.0") and
           lines[3].split()[:4] == ["1", "Domain-0", "(0)", "bound"], "no terminal: one table", done)
    done = rig.medctl("--no-headings", "-d0.1", "-n3", "top")
    tap.ok(done.returncode == 0 and len(done.stdout.splitlines()) == 48, "three, without headings", done)
    done = rig.medctl("--json", "-d0.1", "-n2", "top")
    samples = [json.loads(line) for line in done.stdout.splitlines()]
    agents = {a["agent"]: a for a in samples[-1]["agents"]}
    tap.ok(len(samples) == 2 and samples[0]["seconds"] >= 0.1 and agents[3]["calls"] == 1 and
           agents[3]["calls_per_second"] == 0 and agents[3]["domain"] == "two", "as JSON", samples)
    for args in (("-d", "0"), ("-d", "x"), ("-d", "1s"), ("-d", "nan"), ("-n", "0"), ("-n", "1.5"), ("-n", "-1")):
        done = rig.medctl(*args, "top")
        tap.ok(done.returncode == 1 and args[1] in done.stderr, f"{' '.join(args)} is wrong usage", done)
    tap.equal(rig.medctl("top", "x").returncode, 1, "an argument too many")
    rig.daemon.kill()
    tap.equal(rig.medctl("top").returncode, 2, "no daemon")


SCENARIOS = [events, monitor_ends, monitor_pipes, many_monitors, raw_monitors, top, top_signals, top_text]
