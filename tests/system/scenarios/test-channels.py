#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""However firmware tells its agents apart: each call is its agent's, and nobody else's."""
import re
import sys

from scenario import (PAGES, RTC, TRUSTED, Tap, agent_of, call_firmware, create, finish, light,
                      scenario)

PARAM = 's/"arm,scmi-smc"/"arm,scmi-smc-param"/'

# Name; sed expression on board.dts; function ID, how many each agent's is
# apart from the one before; whether the page is in x1 and x2.
KINDS = (
    ("x7-oem64", "s/0x820000[12][0-9a-f]/0xc3000100/g", 0xc3000100, 0, False),
    ("page-sip64", f"s/0x820000[12][0-9a-f]/0xc2000101/g;{PARAM}", 0xc2000101, 0, True),
    ("agent-oem32", "s/0x820000/0x830000/g", 0x83000010, 1, False),
)


def check_calls(tap, board, what, function_id, apart, in_registers):
    """Every call since boot came with what Xen puts into it, and nothing else."""
    events = [e for e in board.firmware() if e["kind"] in ("call", "bad", "fault", "unknown")]
    wrong = []
    for e in events:
        agent = e.get("agent", 0)
        page = PAGES // 0x1000 + agent - 1 if in_registers else 0
        expected = {"kind": "call", "fid": function_id + apart * agent, "x1": page,
                    "x2": 0, "x3": 0, "x4": 0, "x5": 0, "x6": 0,
                    "x7": 0 if agent == TRUSTED else agent}
        if any(e.get(name) != value for name, value in expected.items()):
            wrong.append(e)
    agents = {e["agent"] for e in events if e["kind"] == "call"}
    tap.ok(events and not wrong, f"{what}: all of {len(events)} calls came with just their agent's registers",
           wrong[:3])
    return agents


def clock_works(tap, board, name, what):
    """A guest's clock driver binds and reads the time, through SCMI."""
    result = create(board, name)
    if not tap.ok(result.status == 0, f"{what}: xl create of the guest {name}", result):
        return
    log = board.guest_wait(name, "^GUEST done")
    tap.ok("rtc-pl031 9010000.rtc: registered as rtc0" in log and re.search(r"GUEST rtc .*time=.* 20\d\d", log),
           f"{what}: its clock works", log[-2000:])
    agent = agent_of(board, name)
    tap.ok(agent and agent["devices"] == [RTC] and
           board.firmware_agent(agent["agent"]) == {"devices": 1, "clocks": 2, "powers": 2},
           f"{what}: as its own agent", agent)
    board.ok(f"xl destroy {name}")


def pose(tap, board, what, function_id):
    """A guest without a system, whose registers say that it is Dom0."""
    before = len(board.firmware())
    board.ok("rm -f /var/log/xen/console/guest-pose-vuart0.log")
    result = board.run("xl create /root/guest/pose.cfg "
                       f"'extra=\"fid={function_id:#x} page=0x22001000 x1={PAGES >> 12:#x} x7=0x1\"'", 120)
    if not tap.ok(result.status == 0, f"{what}: xl create of a guest that poses as Dom0", result):
        return
    log = board.until("cat /var/log/xen/console/guest-pose-vuart0.log", "PROBE done").replace("\r", "")
    agent = agent_of(board, "pose")["agent"]
    for conduit in ("hvc", "smc"):
        tap.ok(f"PROBE {conduit} fid={function_id:#x} x0=0x0 x1=0x0 x2=0x0 x3=0x0" in log and
               f"PROBE {conduit} channel=0x1 status=0x0 agent={agent:#x}" in log,
               f"{what}: by {conduit} it is itself, agent {agent}", log)
    seen = {e["agent"] for e in board.firmware()[before:] if e["kind"] == "call" and e["agent"] != TRUSTED}
    tap.ok(seen == {agent}, f"{what}: no other agent has called", seen)
    board.ok("xl destroy pose")


def channel(tap, name, edit, function_id, apart, in_registers):
    """One way to tell agents apart, on a board of its own."""
    board = light("channels-" + name, edit)
    rate = call_firmware(board)
    tap.ok(rate.strip() == "24000000", f"{name}: Dom0's own SCMI works", rate)
    clock_works(tap, board, "rtc", name)
    pose(tap, board, name, function_id + apart)
    if in_registers:
        clock_works(tap, board, "param", name)
    agents = check_calls(tap, board, name, function_id, apart, in_registers)
    tap.ok({1, TRUSTED} < agents, f"{name}: Dom0, Xen and a guest have called", agents)
    board.stop()


def main():
    """One board each."""
    tap = Tap()
    for kind in KINDS:
        if not sys.argv[1:] or kind[0] in sys.argv[1:]:
            scenario(tap, channel, *kind)
    finish(tap)


if __name__ == "__main__":
    main()
