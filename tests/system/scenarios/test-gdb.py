#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The debugger's recipes of doc/HACKING.md hold: a guest's call, seen on its way
through Xen and through the firmware."""
import os
import socket
import subprocess

from scenario import HERE, SLOW, Tap, booted, finish, scenario

GDB = os.path.join(os.path.dirname(HERE), "gdb.sh")
# Where to stop, and who must be among the callers.
STOPS = (("xen", "scmi_med_handle_call", "do_trap_"), ("firmware", "board_process_message", "board_serve"))


def free_port():
    """A port that nobody has just now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def stops(tap, board):
    """Breakpoints in Xen and in the firmware."""
    # It makes calls all the time.
    board.ok("xl create /root/guest/good.cfg", 120)
    port = free_port()
    board.qemu.monitor(f"gdbserver tcp:127.0.0.1:{port}")
    for which, function, caller in STOPS:
        done = subprocess.run([GDB, which, str(port), "-batch", "-ex", f"hbreak {function}", "-ex", "continue",
                               "-ex", "backtrace 6", "-ex", "delete", "-ex", "detach"], check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120 * SLOW)
        frames = [line for line in done.stdout.splitlines() if line.startswith("#")]
        tap.ok(done.returncode == 0 and frames and function in frames[0] and any(caller in f for f in frames),
               f"{which}: stopped in {function}(), with its callers", done.stdout + done.stderr)
    tap.ok("good" in board.ok("xl list"), "the board goes on")


def main():
    """One board."""
    tap = Tap()
    board = booted()
    scenario(tap, stops, board)
    board.stop()
    finish(tap)


if __name__ == "__main__":
    main()
