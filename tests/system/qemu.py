# SPDX-License-Identifier: GPL-2.0-or-later
"""One QEMU: its command line, its sockets, its end.

Its files (logs, sockets) are in a folder of the caller. It dies with this
process, however this process ends.
"""
import ctypes
import os
import signal
import socket
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
# As in common.sh: which Debian's board this is.
TWIN = {"13": "", "12": "-12"}[os.environ.get("SCMI_MED_DEBIAN") or "13"]
BOARD = os.path.join(TOP, "build/board" + TWIN)
KERNEL = os.path.join(TOP, "build/cache/kernel" + TWIN)

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class BoardError(Exception):
    """The board did not do what was waited for."""


def images(dtb, program=None):
    """What is put into the machine's memory, as pairs of file and address; Dom0 is Debian, or a program."""
    out = subprocess.run(
        ["bash", "-c", ". ./machine.sh; echo $XEN_ADDR $KERNEL_ADDR $INITRD_ADDR $DTB_ADDR"],
        cwd=HERE, stdout=subprocess.PIPE, text=True, check=True).stdout
    dom0 = (program, None) if program else (f"{KERNEL}/vmlinuz", f"{BOARD}/dom0.initrd")
    return [pair for pair in zip((f"{BOARD}/xen", *dom0, dtb), out.split()) if pair[0]]


def machine():
    """QEMU's arguments that say what is emulated."""
    out = subprocess.run(["bash", "-c", ". ./machine.sh; printf '%s\\n' \"${MACHINE[@]}\""],
                         cwd=HERE, stdout=subprocess.PIPE, text=True, check=True).stdout
    return out.split("\n")[:-1]


def die_with_parent():
    """In the child: no QEMU may outlive the test that started it."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Qemu:
    """A running QEMU. Sockets in its folder: console, secure, monitor."""

    def __init__(self, folder, dtb, drive, state=None, program=None):
        """drive: options of the disk; state: file to go on from; program: what is Dom0, if not Debian."""
        self.folder = folder
        argv = ["qemu-system-aarch64", *machine(), "-bios", f"{BOARD}/flash.bin"]
        for file, addr in images(dtb, program):
            argv += ["-device", f"loader,file={file},addr={addr},force-raw=on"]
        argv += ["-drive", f"{drive},if=none,id=disk", "-device", "virtio-blk-device,drive=disk"]
        for name in ("console", "secure"):
            argv += ["-chardev", f"socket,id={name},path={name},server=on,wait=off,"
                     f"logfile={name}.log,logappend=on", "-serial", f"chardev:{name}"]
        argv += ["-monitor", "unix:monitor,server=on,wait=off"]
        if state:
            argv += ["-incoming", "exec:cat state"]
            os.symlink(state, os.path.join(folder, "state"))
        with open(os.path.join(folder, "qemu.log"), "wb") as log:
            self.process = subprocess.Popen(
                argv, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=die_with_parent)

    def connect(self, name):
        """A connection to one of the sockets."""
        deadline = time.monotonic() + 30
        while True:
            s = socket.socket(socket.AF_UNIX)
            try:
                # By way of the folder: a socket's path may not be long.
                fd = os.open(self.folder, os.O_PATH)
                try:
                    s.connect(f"/proc/self/fd/{fd}/{name}")
                finally:
                    os.close(fd)
                return s
            except OSError:
                s.close()
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise BoardError("QEMU did not start: " + self.log()) from None
                time.sleep(0.05)

    def log(self):
        """What QEMU itself complained about."""
        with open(os.path.join(self.folder, "qemu.log"), encoding="utf-8", errors="replace") as log:
            return log.read()

    def monitor(self, *commands):
        """Gives commands to QEMU's monitor; returns the last one's answer."""
        with self.connect("monitor") as s:
            s.settimeout(120)
            answer = self._answer(s)
            for command in commands:
                s.sendall(command.encode() + b"\n")
                answer = self._answer(s)
        return answer

    @staticmethod
    def _answer(s):
        data = b""
        while not data.endswith(b"(qemu) "):
            more = s.recv(65536)
            if not more:
                raise BoardError("QEMU's monitor went away")
            data += more
        return data.decode("utf-8", "replace")

    def save(self):
        """Writes the machine's state to the file "state" and stops there."""
        self.monitor("stop", "migrate_set_parameter max-bandwidth 4G",
                     'migrate -d "exec:cat > state"')
        deadline = time.monotonic() + 120
        while True:
            answer = self.monitor("info migrate")
            if "Migration status: completed" in answer:
                return
            if "failed" in answer or time.monotonic() > deadline:
                raise BoardError("QEMU could not save its state: " + answer)
            time.sleep(0.2)

    def go_on(self, console):
        """Starts from the given state as soon as it is loaded."""
        deadline = time.monotonic() + 120
        while "inmigrate" in self.monitor("info status"):
            if time.monotonic() > deadline:
                raise BoardError("QEMU did not load the saved state: " + self.log())
            time.sleep(0.1)
        # An interrupt that was pending when the state was saved comes back as a
        # FIQ: QEMU 7.2 sets it before it knows that no processor is in EL3.
        # Another interrupt has it look again; twice, so that it has taken it.
        console.sendall(b"\n")
        self.monitor("info status", "info status")
        self.monitor("cont")

    def stop(self):
        """Ends it."""
        self.process.kill()
        self.process.wait()
