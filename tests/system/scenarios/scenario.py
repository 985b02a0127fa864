# SPDX-License-Identifier: GPL-2.0-or-later
"""What the scenarios share: results as TAP, and looks at Dom0 and firmware."""
import json
import os
import socket
import subprocess
import sys
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from board import SLOW, Board, BoardError  # noqa: E402  (found by the path above)
from qemu import BOARD  # noqa: E402

# SCMI protocols and their messages that change something.
POWER, CLOCK, RESET = 0x11, 0x14, 0x16
CHANGE = {POWER: 0x4, CLOCK: 0x7, RESET: 0x4}
DENIED = -3

# What can be Dom0 if Linux need not be.
PROGRAM = os.path.join(BOARD, "bench/program")

FUNCTION_ID = 0x82000010
PAGES = 0xbff00000
TRUSTED = 2
RTC, GPIO = 10, 11
NOTHING = {"devices": 0, "clocks": 0, "powers": 0}


class Tap:
    """Numbers results and prints them."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, condition, name, detail=None):
        """One result; detail is shown if it is bad."""
        self.count += 1
        if condition:
            print(f"ok {self.count} - {name}", flush=True)
        else:
            self.failed += 1
            print(f"not ok {self.count} - {name}", flush=True)
            for line in str(detail).split("\n") if detail is not None else []:
                print(f"#   {line}", flush=True)
        return bool(condition)


def scenario(tap, function, *args):
    """Runs one scenario; what ends it early is one failure, with the reason. What it has set is undone
    at its end, however it ends; a failure shows what Dom0's journal says."""
    print(f"# {function.__doc__} {args[0] if args and isinstance(args[0], str) else ''}".rstrip(), flush=True)
    start, failed = time.monotonic(), tap.failed
    board = next((a for a in args if isinstance(a, Board)), None)
    try:
        function(tap, *args)
    except BoardError as error:
        tap.ok(False, f"{function.__name__}: goes through to its end", error)
    except Exception:  # pylint: disable=broad-except
        tap.ok(False, f"{function.__name__}: goes through to its end", traceback.format_exc())
    if board and tap.failed > failed:
        show_journal(board)
    if board:
        undo(tap, board, function.__name__)
    print(f"# {function.__name__}: {time.monotonic() - start:.1f} s", flush=True)


def later(board, step):
    """What undoes what the scenario is about to set: a command, or a function of the board. It is done once the
    scenario is over, and must not mind that the scenario has done so itself."""
    if step not in board.to_undo:
        board.to_undo.append(step)


def undo(tap, board, name):
    """Does those steps, the last one first."""
    while board.to_undo:
        step = board.to_undo.pop()
        try:
            if callable(step):
                step(board)
            else:
                board.ok(step, 120)
        except BoardError as error:
            tap.ok(False, f"{name}: what it set is undone", error)


def show_journal(board):
    """The end of Dom0's journal, and its domains, as comments."""
    try:
        text = board.run("if [ -d /run/systemd/system ]; then "
                         "journalctl -b -q --no-pager -o short-monotonic -n 80; else cat /run/scmi-medd.log; fi; xl list", 120).output
    except BoardError as error:
        text = f"Dom0 does not answer: {error}"
    print("# Dom0's journal:")
    for line in text.replace("\r", "").split("\n"):
        print(f"#   {line}", flush=True)


def light(name, edit):
    """A board whose Dom0 has no systemd, for what does not need it: see dom0/light. It boots as fast as
    it would go on from a saved state."""
    board = Board(make_tree(name, edit, DOM0_EXTRA="light"))
    board.boot(fresh=True)
    return board


def booted(dtb="board", daemon=True):
    """A board with Dom0 up, and the daemon unless told otherwise."""
    board = Board(dtb)
    board.boot()
    # It is started at boot; if it could not run then, this says so.
    board.ok(f"systemctl {'start' if daemon else 'stop'} scmi-medd", 120)
    return board


def finish(tap):
    """Ends a test program."""
    print(f"1..{tap.count}", flush=True)
    sys.exit(1 if tap.failed else 0)


def listing(board, verb):
    """What `scmi-medctl VERB` lists, as JSON."""
    # Without indentation: each character is a matter for Xen, too.
    return json.loads(board.ok(f"(set -o pipefail; scmi-medctl --json {verb} | sed 's/^ *//')"))[verb]


def agent_of(board, domain):
    """The agent that is bound to a domain of this name, or None."""
    return next((a for a in listing(board, "agents") if a["domain"] == domain), None)


def free_agents(board):
    """Ids of the agents that guests can still get."""
    return [a["agent"] for a in listing(board, "agents")
            if a["role"] == "guest" and a["state"] == "free"]


def calls_of(board, agent, since=0):
    """The calls of an agent that the firmware saw, from an event on."""
    events = board.firmware()[since:] if since else board.firmware(f"call agent={agent} ")
    return [e for e in events if e["kind"] == "call" and e["agent"] == agent]


def changes(calls, protocol):
    """Those among calls that change the state of a clock, power domain, reset."""
    return [c for c in calls if c["proto"] == protocol and c["msg"] == CHANGE[protocol]]


def create(board, name, options="", config=None):
    """xl create of a guest in /root/guest. libxl has time-outs of its own, which a busy machine exceeds."""
    for _ in range(3):
        result = board.run(f"xl create {options} /root/guest/{config or name}.cfg 'name=\"{name}\"'", 120)
        if result.status == 0 or "timed out" not in result.output:
            break
    return result


def make_tree(name, edit, **settings):
    """Builds a variant of the board's device tree: board.dts with a sed expression. Settings: see dtb.sh."""
    subprocess.run([os.path.join(os.path.dirname(HERE), "dtb.sh"), name, edit], check=True,
                   env=dict(os.environ, **settings))
    return name


def bare_board(name, edit):
    """A board, switched on, whose Dom0 is no Linux but the program of tests/bench: it asks Xen for
    the mediator, and prints what it is told."""
    board = Board(make_tree(name, edit, DOM0_KERNEL=PROGRAM, DOM0_INITRD="", DOM0_EXTRA="bench-info=0x1",
                            XEN_EXTRA="dom0_mem=128M"))
    board.start(program=PROGRAM)
    return board


def call_firmware(board):
    """Makes Dom0 send a message as its own agent; returns what it learned."""
    return board.run("cat /sys/kernel/debug/clk/system/clk_rate").output


def drain(connection):
    """Reads what comes, for nobody, until the connection is shut down."""
    try:
        while connection.recv(65536):
            pass
    except OSError:
        pass


def command(board, *lines):
    """Gives the firmware commands, and sees them taken: see firmware/README.md."""
    def taken():
        return sum(e["kind"] in ("set", "what", "dump") for e in board.firmware())

    with board.qemu.connect("secure") as uart:
        # A line of print fills it up, and then QEMU as a whole waits.
        threading.Thread(target=drain, args=(uart,), daemon=True).start()
        for line in lines:
            if line.startswith("fault"):
                later(board, faults_off)
            before = taken()
            uart.sendall(line.encode() + b"\n")
            for _ in range(20):
                call_firmware(board)
                if taken() > before:
                    break
            else:
                raise BoardError(f"the firmware did not take the command {line!r}")
        uart.shutdown(socket.SHUT_RDWR)


def faults_off(board):
    """The firmware works again."""
    command(board, "off")


def page(board, agent):
    """The page of an agent, as words, read by the emulator from memory."""
    board.qemu.monitor(f"pmemsave {PAGES + (agent - 1) * 0x1000:#x} 0x1000 page")
    with open(board.path("page"), "rb") as f:
        data = f.read()
    return [int.from_bytes(data[i:i + 4], "little") for i in range(0, len(data), 4)]


def is_scrubbed(words):
    """Only the channel's status is set: free."""
    return words[1] == 1 and not any(words[:1] + words[2:])


def check_revoked(tap, board, agent, why):
    """The firmware holds nothing for an agent, its page is clean, it is free."""
    tap.ok(board.firmware_agent(agent) == NOTHING, f"{why}: the firmware holds no permission",
           board.firmware_agent(agent))
    resets = [e for e in calls_of(board, TRUSTED) if e["msg"] == 0xb and e["a0"] == agent]
    tap.ok(resets and resets[-1]["status"] == 0 and resets[-1]["a1"] == 1,
           f"{why}: the agent was reset with its permissions", resets[-2:])
    tap.ok(is_scrubbed(page(board, agent)), f"{why}: its page is scrubbed",
           page(board, agent)[:16])
    tap.ok(agent in free_agents(board), f"{why}: the agent is free")
