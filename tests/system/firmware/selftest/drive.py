#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the self-test in QEMU, and types its commands into the secure UART.

usage: drive.py SECONDS CONSOLE-LOG SECURE-LOG QEMU ARGUMENT...

The self-test prints "# command: LINE" on its console; the line goes to the
secure UART, and when the firmware has said what it made of it, a full stop to
the console.
"""
import select
import socket
import subprocess
import sys
import time

COMMAND = b"# command: "
# How the firmware acknowledges one.
DONE = (b"scmi: set ", b"scmi: what ", b"scmi: end")


class Uart:
    """One end of a serial line, and its log."""

    def __init__(self, log):
        self.mine, self.qemus = socket.socketpair()
        self.log = open(log, "wb")      # pylint: disable=consider-using-with
        self.rest = b""

    def argument(self, name):
        """Its chardev on QEMU's command line."""
        return ["-chardev", f"socket,id={name},fd={self.qemus.fileno()}",
                "-serial", f"chardev:{name}"]

    def lines(self):
        """What has come in; None at the end."""
        data = self.mine.recv(65536)
        self.log.write(data)
        if not data:
            return None
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [line.rstrip(b"\r") for line in lines]


def converse(console, secure, deadline):
    """Passes commands on until QEMU ends; False: it takes too long."""
    waiting = 0
    while True:
        left = deadline - time.monotonic()
        ready = select.select([console.mine, secure.mine], [], [], max(0, left))[0]
        if not ready:
            return False
        if secure.mine in ready:
            for line in secure.lines() or []:
                if waiting and line.startswith(DONE):
                    waiting -= 1
                    console.mine.sendall(b".")
        if console.mine in ready:
            lines = console.lines()
            if lines is None:
                return True
            for line in lines:
                if line.startswith(COMMAND):
                    waiting += 1
                    secure.mine.sendall(line[len(COMMAND):] + b"\n")


def main(argv):
    """Command line."""
    if len(argv) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    console, secure = Uart(argv[1]), Uart(argv[2])
    with subprocess.Popen(
            [*argv[3:], *console.argument("console"), *secure.argument("secure")],
            stdin=subprocess.DEVNULL, pass_fds=(console.qemus.fileno(), secure.qemus.fileno())) as qemu:
        console.qemus.close()
        secure.qemus.close()
        in_time = converse(console, secure, time.monotonic() + float(argv[0]))
        if not in_time:
            print(f"drive.py: stopped after {argv[0]} s", file=sys.stderr)
            qemu.kill()
    # What QEMU had still in the pipe.
    while secure.lines() is not None:
        pass
    console.log.close()
    secure.log.close()
    return qemu.returncode if in_time else 124


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
