#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The emulated board: starts it, types commands into Dom0, reads its firmware.

usage: board.py boot              boot, then a shell on Dom0's console
       board.py run COMMAND...    boot, run commands in Dom0, print their output

As a module: class Board.
"""
import atexit
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BOARD = os.path.join(TOP, "build/board")
CACHE = os.path.join(TOP, "build/cache")

# As in machine.sh.
MACHINE = ["-machine", "virt,secure=on,virtualization=on,gic-version=3,acpi=off",
           "-cpu", "cortex-a57", "-smp", "2", "-m", "2048", "-nodefaults", "-display", "none",
           "-global", "virtio-mmio.force-legacy=false"]
XEN_ADDR, KERNEL_ADDR = 0x40200000, 0x44000000
DTB_ADDR, INITRD_ADDR = 0x4a000000, 0x4b000000

# Half a minute on a quiet machine, several times that on a busy one.
BOOT_TIMEOUT = 300

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[>=]|\r")


class BoardError(Exception):
    """The board did not do what was waited for."""


class Result:
    """What a command in Dom0 printed, and its exit status."""

    def __init__(self, status, output):
        self.status = status
        self.output = output


class Board:
    """One run of the board. Its disk is a throw-away copy."""

    def __init__(self, dtb="board"):
        self.folder = tempfile.mkdtemp(prefix="scmi-med-board-")
        self.console = ""       # all that the first UART printed
        self.seen = 0           # how much of it wait() has passed
        self.commands = 0
        self.dtb = os.path.join(BOARD, dtb + ".dtb")
        self.qemu = None
        self.serial = None
        atexit.register(self.stop)

    def path(self, name):
        """A file of this run."""
        return os.path.join(self.folder, name)

    def start(self):
        """Switches the board on."""
        loads = []
        for file, addr in ((f"{BOARD}/xen", XEN_ADDR),
                           (f"{CACHE}/kernel/vmlinuz", KERNEL_ADDR),
                           (f"{BOARD}/dom0.initrd", INITRD_ADDR),
                           (self.dtb, DTB_ADDR)):
            loads += ["-device", f"loader,file={file},addr={addr:#x},force-raw=on"]
        drives = ["-drive", f"file={BOARD}/dom0.img,if=none,id=disk,format=raw,snapshot=on",
                  "-device", "virtio-blk-device,drive=disk"]
        serials = []
        for name in ("console", "secure"):
            serials += ["-chardev", f"socket,id={name},path={self.path(name)},server=on,wait=off,"
                        f"logfile={self.path(name + '.log')}", "-serial", f"chardev:{name}"]
        argv = ["qemu-system-aarch64", *MACHINE,
                "-drive", f"if=pflash,format=raw,readonly=on,file={BOARD}/flash.bin",
                *loads, *drives, *serials,
                "-monitor", f"unix:{self.path('monitor')},server=on,wait=off"]
        with open(self.path("qemu.log"), "wb") as log:
            self.qemu = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.serial = self.connect("console")

    def connect(self, name):
        """A connection to one of QEMU's sockets."""
        deadline = time.monotonic() + 20
        while True:
            s = socket.socket(socket.AF_UNIX)
            try:
                s.connect(self.path(name))
                return s
            except OSError:
                s.close()
                if time.monotonic() > deadline or self.qemu.poll() is not None:
                    with open(self.path("qemu.log"), encoding="utf-8") as log:
                        raise BoardError("QEMU did not start: " + log.read()) from None
                time.sleep(0.05)

    def stop(self):
        """Switches it off and removes its files. Harmless if it is off."""
        if self.qemu:
            self.qemu.kill()
            self.qemu.wait()
            self.qemu = None
        if self.serial:
            self.serial.close()
            self.serial = None
        keep = os.environ.get("SCMI_MED_KEEP_LOGS")
        if os.path.isdir(self.folder):
            for name in os.listdir(self.folder):
                if keep and name.endswith(".log"):
                    os.makedirs(keep, exist_ok=True)
                    os.replace(self.path(name), os.path.join(
                        keep, f"{os.path.basename(self.folder)}-{name}"))
                else:
                    os.unlink(self.path(name))
            os.rmdir(self.folder)

    def read(self, timeout):
        """Takes in what the console has printed within a time."""
        if not select.select([self.serial], [], [], max(0, timeout))[0]:
            return
        data = self.serial.recv(65536)
        if not data:
            raise BoardError("QEMU went away:\n" + self.console[-2000:])
        self.console += ESCAPES.sub("", data.decode("utf-8", "replace"))

    def wait(self, pattern, timeout=60):
        """Waits until the console prints a pattern; returns the match."""
        deadline = time.monotonic() + timeout
        regex = re.compile(pattern, re.MULTILINE)
        while True:
            m = regex.search(self.console, self.seen)
            if m:
                self.seen = m.end()
                return m
            left = deadline - time.monotonic()
            if left <= 0:
                raise BoardError(f"no {pattern!r} within {timeout} s; the console ends with:\n"
                                 + self.console[-3000:])
            self.read(left)

    def type(self, text):
        """Types text. Xen's receive buffer is small: not all at once."""
        for i in range(0, len(text), 16):
            self.serial.sendall(text[i:i + 16].encode())
            time.sleep(0.004)

    def boot(self):
        """Starts the board and waits for Dom0's shell."""
        self.start()
        self.wait(r"root@dom0:~# ", BOOT_TIMEOUT)
        self.type("stty -echo cols 400; PS1=; PS2=\n")
        self.run("dmesg -n 1")

    def run(self, command, timeout=60):
        """Runs a shell command in Dom0, without Xen's own messages."""
        self.commands += 1
        end = f"END-{self.commands}-"
        # Written so that an echo of the line does not look like the end.
        self.type(f"{{ {command}\n}} </dev/null 2>&1; echo \"\"END''-{self.commands}-$?\n")
        start = self.seen
        m = self.wait(re.escape(end) + r"(\d+)$", timeout)
        lines = self.console[start:m.start()].split("\n")
        return Result(int(m.group(1)),
                      "\n".join(l for l in lines if not l.startswith("(XEN)")).strip("\n"))

    def until(self, command, pattern, timeout=60):
        """Repeats a command until its output has the pattern; returns the output."""
        deadline = time.monotonic() + timeout
        while True:
            output = self.run(command).output
            if re.search(pattern, output, re.MULTILINE):
                return output
            if time.monotonic() > deadline:
                raise BoardError(f"no {pattern!r} from {command!r} within {timeout} s:\n{output[-2000:]}")
            time.sleep(0.3)

    def xen_log(self):
        """Xen's own messages so far."""
        self.read(0)
        return "\n".join(l for l in self.console.split("\n") if l.startswith("(XEN)"))

    def firmware(self):
        """The lines that the firmware printed on the secure UART, as dicts.

        Each has the key "kind" (its first word) and its name=value pairs,
        numbers as int.
        """
        with open(self.path("secure.log"), encoding="utf-8", errors="replace") as log:
            lines = [l.strip() for l in log.read().split("\n")[:-1]]
        events = []
        for line in lines:
            if not line.startswith("scmi: "):
                continue
            words = line[6:].split()
            event = {"kind": words[0]}
            for word in words[1:]:
                name, _, value = word.partition("=")
                event[name] = int(value, 0)
            events.append(event)
        return events


def main(argv):
    """Command line."""
    if not argv or argv[0] not in ("boot", "run"):
        print(__doc__, file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    board = Board()
    start = time.monotonic()
    print("booting ...", flush=True)
    board.boot()
    print(f"Dom0 is up after {time.monotonic() - start:.0f} s", flush=True)
    status = 0
    for command in argv[1:]:
        result = board.run(command, 300)
        print(f"$ {command}\n{result.output}", flush=True)
        status = status or result.status
    if argv[0] == "boot":
        print(f"console: {board.path('console')}; ctrl-D ends", flush=True)
        for line in sys.stdin:
            result = board.run(line.rstrip("\n"), 300)
            print(result.output, flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
