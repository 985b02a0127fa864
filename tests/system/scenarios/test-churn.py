#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Guests come and go, again and again: nothing grows with it, anywhere.

A bare-metal guest is created with a device, left paused, and destroyed. The rig
without Xen does it a thousand times (tests/host/churn.py); here all is real.
"""
from scenario import NOTHING, TRUSTED, Tap, agent_of, booted, finish, free_agents, scenario

CYCLES = 25
GUEST = "/root/guest/good.cfg"
# With the first ones, things are allocated for good.
WARM_UP = 15
LOOP = (f"for n in $(seq %d); do xl create -p {GUEST} > /tmp/out 2>&1 && xl destroy good || "
        "{ echo cycle $n; cat /tmp/out; break; }; done; echo ended")


def read_number(board, command):
    """The number that a command prints."""
    return int(board.ok(command))


def state(board):
    """What must be the same again, and what must not grow."""
    pid = board.ok("systemctl show -P MainPID scmi-medd").strip()
    return {
        "daemon": pid,
        "descriptors": read_number(board, f"ls /proc/{pid}/fd | wc -l"),
        # Domains leave a few nodes behind, those of xl and of the kernel; not ours.
        "nodes": read_number(board, "xenstore-ls -f | grep -c scmi; true"),
        "libxl": read_number(board, "xenstore-list /libxl | wc -l"),
        "free": free_agents(board),
    }


def memory(board):
    """The daemon's own memory, in KiB."""
    return read_number(board, "grep -h RssAnon /proc/$(systemctl show -P MainPID scmi-medd)/status "
                       "| tr -dc 0-9")


def cycles(tap, board):
    """A guest is created and destroyed, again and again."""
    board.ok(LOOP % WARM_UP, 300)
    before, size = state(board), memory(board)
    resets = board.firmware_now()
    result = board.run(LOOP % CYCLES, 1200)
    tap.ok(result.output.split() == ["ended"], f"{CYCLES} guests get the device", result)
    board.until("xl list | wc -l", "^2$", 60)
    after = state(board)
    tap.ok(after == before and after["descriptors"] > 3 and len(after["free"]) > 10,
           "descriptors, nodes and free agents are as before", (before, after))
    grown = memory(board)
    print(f"# the daemon's memory: {size} KiB before, {grown} KiB after", flush=True)
    tap.ok(grown - size <= 16, "its memory has not grown", (size, grown))
    calls = board.firmware(f"call agent={TRUSTED} ", resets)
    wiped = [c for c in calls if c["msg"] == 0xb and c["a1"] == 1 and c["status"] == 0]
    tap.ok(len(wiped) >= CYCLES, "each time the firmware was told to reset the agent", len(wiped))
    tap.ok(all(board.firmware_agent(agent) == NOTHING for agent in after["free"]),
           "and it holds no permission", after["free"])


def still_works(tap, board):
    """And one more."""
    result = board.run(f"xl create -p {GUEST}", 120)
    agent = agent_of(board, "good")
    tap.ok(result.status == 0 and agent and agent["devices"], "one more gets its device", (result, agent))
    board.ok("xl destroy good")


def main():
    """All of it on one board."""
    tap = Tap()
    board = booted()
    for part in (cycles, still_works):
        scenario(tap, part, board)
    board.stop()
    finish(tap)


if __name__ == "__main__":
    main()
