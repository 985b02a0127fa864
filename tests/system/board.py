#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The emulated board: starts it, types commands into Dom0, reads its firmware.

usage: board.py boot [DTB]         boot, then a terminal on Dom0's console
       board.py run COMMAND...     boot, run commands in Dom0, print their output

The second time it goes on from the state that the first boot reached, if
nothing was built since: seconds instead of half a minute. SCMI_MED_FRESH=1
boots always; SCMI_MED_KEEP_LOGS=FOLDER keeps the consoles' logs;
SCMI_MED_SLOW=N makes every time-out N times as long, instead of twice.
SCMI_MED_GDB=PORT lets gdb attach there once it has booted, see gdb.sh.

As a module: class Board.
"""
import atexit
import base64
import fcntl
import os
import re
import select
import shlex
import shutil
import signal
import sys
import tempfile
import termios
import threading
import time
import tty

from console import Console
from qemu import BOARD, BoardError, Qemu, images

# Half a minute on a quiet machine, several times that on a busy one.
BOOT_TIMEOUT = 300
SLOW = float(os.environ.get("SCMI_MED_SLOW", "2"))

# What Xen and the terminal hold at once.
CHUNK = 32
LINE_MAX = 4000

PANIC = re.compile(r"^\(XEN\).*Panic on CPU", re.MULTILINE)


class Result:
    """What a command in Dom0 printed, and its exit status."""

    def __init__(self, status, output):
        self.status = status
        self.output = output

    def __repr__(self):
        return f"exit status {self.status}:\n{self.output}"


class Board:
    """One run of the board. Its disk is a throw-away copy."""

    def __init__(self, dtb="board"):
        """dtb: name of a host device tree in build/board."""
        self.folder = tempfile.mkdtemp(prefix="scmi-med-board-")
        self.dtb = os.path.join(BOARD, dtb + ".dtb")
        self.ready = os.path.join(BOARD, "ready", dtb)
        self.qemu = None
        self.serial = None
        self.console = Console()
        self.seen = {"dom0": 0, "xen": 0, "all": 0}     # what wait() has passed
        self.commands = 0
        self.to_undo = []       # see scenario.py
        atexit.register(self.stop)
        if (threading.current_thread() is threading.main_thread()
                and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL):
            # So that atexit's functions run then, too.
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    def path(self, name):
        """A file of this run."""
        return os.path.join(self.folder, name)

    # ---- On and off ---------------------------------------------------------
    def start(self, drive=None, state=None, program=None):
        """Switches the board on, with Debian as Dom0 or a program, and waits for nothing."""
        drive = drive or f"file={BOARD}/dom0.img,format=raw,snapshot=on"
        self.qemu = Qemu(self.folder, self.dtb, drive, state, program)
        self.serial = self.qemu.connect("console")

    def stop(self):
        """Switches it off and removes its files. Harmless if it is off."""
        if self.serial:
            self.serial.close()
            self.serial = None
        if self.qemu:
            self.qemu.stop()
            self.qemu = None
        keep = os.environ.get("SCMI_MED_KEEP_LOGS")
        if keep and os.path.isdir(self.folder):
            os.makedirs(keep, exist_ok=True)
            for name in os.listdir(self.folder):
                if name.endswith(".log"):
                    shutil.copy(self.path(name), os.path.join(
                        keep, f"{os.path.basename(self.folder)}-{name}"))
        shutil.rmtree(self.folder, ignore_errors=True)

    def boot(self, fresh=False):
        """Switches on and waits for Dom0's shell.

        Goes on from a saved state unless fresh, and saves one for next time.
        """
        if fresh or os.environ.get("SCMI_MED_FRESH"):
            self._boot_from_reset()
            return
        os.makedirs(self.ready, exist_ok=True)
        with open(self.ready + ".lock", "w", encoding="utf-8") as lock:
            # Of several boards started at once, one boots for all.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._is_ready():
                self._make_ready()
            self._restore()

    def _boot_from_reset(self, drive=None):
        self.start(drive)
        self.wait(r"root@dom0:~# ", BOOT_TIMEOUT)
        # A shell that leaves the echo to the kernel: send() needs it.
        self.type("stty sane cols 4000; echo UP''-UP; PS1= PS2= exec bash --norc --noediting\n")
        self.wait("^UP-UP$")
        self.run("set +mH; unset HISTFILE; dmesg -n 1; systemctl is-system-running --wait", BOOT_TIMEOUT)

    def _key(self):
        """Changes if something was built after the state was saved."""
        files = [file for file, _ in images(self.dtb)] + [f"{BOARD}/flash.bin", f"{BOARD}/dom0.img"]
        files += [shutil.which("qemu-system-aarch64"), __file__,
                  os.path.join(os.path.dirname(os.path.abspath(__file__)), "qemu.py"),
                  os.path.join(os.path.dirname(os.path.abspath(__file__)), "machine.sh")]
        lines = []
        for file in files:
            s = os.stat(file)
            lines.append(f"{file} {s.st_size} {s.st_mtime_ns}\n")
        return "".join(lines)

    def _is_ready(self):
        try:
            with open(os.path.join(self.ready, "key"), encoding="utf-8") as f:
                return f.read() == self._key()
        except OSError:
            return False

    def _make_ready(self):
        """Boots once, and keeps the machine's state at Dom0's shell."""
        key = self._key()
        os.system("qemu-img create -q -f qcow2 -F raw "
                  f"-b {shlex.quote(BOARD)}/dom0.img {shlex.quote(self.path('disk'))}")
        self._boot_from_reset("file=disk,format=qcow2")
        self.qemu.save()
        self.serial.close()
        self.qemu.stop()
        self.qemu = self.serial = None
        shutil.rmtree(self.ready)
        os.makedirs(self.ready)
        for name in ("disk", "state", "console.log", "secure.log"):
            shutil.move(self.path(name), self.ready)
        with open(os.path.join(self.ready, "key"), "w", encoding="utf-8") as f:
            f.write(key)
        for name in os.listdir(self.folder):
            os.unlink(self.path(name))

    def _restore(self):
        """Goes on from the saved state; its logs are this run's too."""
        for name in ("console.log", "secure.log"):
            shutil.copy(os.path.join(self.ready, name), self.folder)
        self.console = Console()
        with open(self.path("console.log"), "rb") as f:
            self.console.feed(f.read())
        self.seen = {name: len(getattr(self.console, name)) for name in self.seen}
        # Newer than what the saved shell has answered.
        self.commands += 1000
        self.start(f"file={self.ready}/disk,format=qcow2,snapshot=on", f"{self.ready}/state")
        self.qemu.go_on(self.serial)
        self.run("true", 120)

    # ---- The console --------------------------------------------------------
    def read(self, timeout):
        """Takes in what the console prints within a time; stops at the first."""
        if not select.select([self.serial], [], [], max(0, timeout))[0]:
            return
        data = self.serial.recv(65536)
        if not data:
            raise BoardError(f"QEMU went away: {self.qemu.log()}\n{self.console.all[-3000:]}")
        self.console.feed(data)

    def wait(self, pattern, timeout=60, source="dom0"):
        """Waits until a pattern is printed by "dom0", "xen", or in "all".

        Returns the match; the next call for this source looks behind it.
        """
        deadline = time.monotonic() + timeout * SLOW
        regex = re.compile(pattern, re.MULTILINE)
        while True:
            m = regex.search(getattr(self.console, source), self.seen[source])
            if m:
                self.seen[source] = m.end()
                return m
            left = deadline - time.monotonic()
            if left <= 0:
                raise BoardError(f"no {pattern!r} within {timeout} s; the console ends with:\n"
                                 + self.console.all[-3000:])
            if PANIC.search(self.console.xen):
                raise BoardError("Xen panicked:\n" + self.console.all[-8000:])
            self.read(left)

    def type(self, text):
        """Types text, as slow as a person: nobody says whether it arrives."""
        for char in text:
            self.serial.sendall(char.encode())
            time.sleep(0.005)

    def send(self, text):
        """Types text into Dom0's shell, and sees it echoed.

        What is typed faster than Dom0 takes it is lost in Xen, which keeps
        few characters.
        """
        if max(len(line.encode()) for line in text.split("\n")) > LINE_MAX:
            raise ValueError(f"a line has more than {LINE_MAX} bytes: {text[:60]} ...")
        while text:
            n = CHUNK
            # Seen last, it might be the start of a line of Xen.
            while text[:n].endswith(("(", "(X", "(XE", "(XEN", "(XEN)")):
                n += 1
            self.serial.sendall(text[:n].encode())
            for char in text[:n]:
                self.wait(re.escape(char), 60)
            text = text[n:]

    # ---- Dom0 ---------------------------------------------------------------
    def run(self, command, timeout=60):
        """Runs a shell command in Dom0; returns its Result."""
        self.commands += 1
        self.send(f"{{ {command}\n}} </dev/null 2>&1; echo END-{self.commands}-$?-\n")
        start = self.seen["dom0"]
        try:
            m = self.wait(rf"END-{self.commands}-(\d+)-$", timeout)
        except BoardError:
            self.type("\x03")   # the next command shall find a shell
            raise
        return Result(int(m.group(1)), self.console.dom0[start:m.start()].strip("\n"))

    def ok(self, command, timeout=60):
        """Runs a command that must succeed; returns its output."""
        result = self.run(command, timeout)
        if result.status != 0:
            raise BoardError(f"{command!r}: {result}")
        return result.output

    def until(self, command, pattern, timeout=60):
        """Repeats a command until its output has the pattern; returns the output."""
        deadline = time.monotonic() + timeout * SLOW
        while True:
            output = self.run(command, timeout).output
            if re.search(pattern, output, re.MULTILINE):
                return output
            if time.monotonic() > deadline:
                raise BoardError(f"no {pattern!r} from {command!r} within {timeout} s:\n{output[-2000:]}")
            time.sleep(0.3)

    def file_wait(self, path, pattern, timeout=60):
        """Waits until a file has a pattern of grep -E.

        Asks again and again. A loop within Dom0 would be cheaper, but a Dom0 that
        nobody types to has been seen to miss its timer for minutes.
        """
        try:
            self.until(f"grep -aqE {shlex.quote(pattern)} {path} 2> /dev/null && echo FOUND", "^FOUND$", timeout)
        except BoardError:
            raise BoardError(f"no {pattern!r} in {path} within {timeout} s:\n"
                             + self.run(f"tail -n 30 {path}").output[-2000:]) from None

    def put(self, path, text):
        """Writes a file in Dom0."""
        data = base64.encodebytes(text.encode()).decode()
        self.ok(f"base64 -d > {shlex.quote(path)} <<'EOF'\n{data}EOF")

    # ---- Guests -------------------------------------------------------------
    def guest_log(self, name):
        """All that a guest has printed on its console."""
        return self.run(f"cat /var/log/xen/console/guest-{name}.log").output.replace("\r", "")

    def guest_wait(self, name, pattern, timeout=90):
        """Waits until a guest has printed a pattern; returns its log."""
        self.file_wait(f"/var/log/xen/console/guest-{name}.log", pattern, timeout)
        return self.guest_log(name)

    def guest_run(self, name, command, timeout=60):
        """Runs a command in a guest's shell; returns its Result."""
        self.commands += 1
        mark = f"-{self.commands}-"
        tty_path = f"$(xenstore-read /local/domain/$(xl domid {name})/console/tty)"
        line = f"echo BEG''IN{mark}; {{ {command}; }} 2>&1; echo E''ND{mark}$?"
        self.ok(f"printf '%s\\n' {shlex.quote(line)} > {tty_path}")
        output = self.until(
            f"sed -n '/^BEGIN{mark}/,$p' /var/log/xen/console/guest-{name}.log", rf"END{mark}\d+", timeout)
        m = re.search(rf"BEGIN{mark}\s*\n(.*?)END{mark}(\d+)", output.replace("\r", ""), re.DOTALL)
        return Result(int(m.group(2)), m.group(1).strip("\n"))

    # ---- Below Dom0 ---------------------------------------------------------
    def xen_log(self):
        """Xen's own messages so far."""
        self.read(0)
        return self.console.xen

    def firmware_now(self):
        """Where the firmware's log ends, for firmware(start=...)."""
        return os.path.getsize(self.path("secure.log"))

    def firmware(self, pattern="", start=0):
        """The firmware's events, in order: see firmware/README.md.

        Each is a dict: "kind" is its first word, the rest its name=value
        pairs as int. Only those that begin with a pattern, from a place on.
        """
        with open(self.path("secure.log"), "rb") as log:
            log.seek(start)
            text = log.read()
        # A flood makes it long: one search, and no line that is not asked for.
        events = []
        for m in re.finditer(rb"^scmi: (?=" + pattern.encode() + rb")(?P<line>[^\r\n]*)\r?\n",
                             text, re.MULTILINE):
            kind, *pairs = m["line"].decode("utf-8", "replace").split()
            event = {"kind": kind}
            for pair in pairs:
                name, _, value = pair.partition("=")
                event[name] = int(value, 0)
            events.append(event)
        return events

    def firmware_agent(self, agent):
        """The state that the firmware last printed of an agent."""
        state = {"devices": 0, "clocks": 0, "powers": 0}
        for event in self.firmware(f"agent id={agent} "):
            state = {name: event[name] for name in state}
        return state


def terminal(board):
    """Connects the user's terminal with Dom0's console."""
    print("Dom0's console; ctrl-] ends\r", flush=True)
    board.type("stty sane; exec bash -l\n")
    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        while True:
            ready, _, _ = select.select([0, board.serial], [], [])
            if board.serial in ready:
                data = board.serial.recv(65536)
                if not data:
                    break
                os.write(1, data)
            if 0 in ready:
                data = os.read(0, 1024)
                if not data or b"\x1d" in data:
                    break
                board.type(data.decode("utf-8", "replace"))
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)


def main(argv):
    """Command line."""
    if not argv or argv[0] not in ("boot", "run"):
        print(__doc__, file=sys.stderr)
        return 2
    board = Board(argv[1] if argv[0] == "boot" and len(argv) > 1 else "board")
    start = time.monotonic()
    print("-- boot the board ...", flush=True)
    board.boot()
    print(f"-- boot the board: done in {time.monotonic() - start:.0f} s", flush=True)
    if port := os.environ.get("SCMI_MED_GDB"):
        board.qemu.monitor(f"gdbserver tcp:127.0.0.1:{int(port)}")
    if argv[0] == "boot":
        terminal(board)
        return 0
    status = 0
    for command in argv[1:]:
        result = board.run(command, 300)
        print(f"$ {command}\n{result.output}", flush=True)
        status = status or result.status
    return status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (BoardError, KeyboardInterrupt) as error:
        sys.exit(f"board.py: {error}")
