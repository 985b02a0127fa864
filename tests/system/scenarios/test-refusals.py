#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What cannot be granted: xl create fails, says why, and leaves nothing behind. And
the examples of scmi-medd(8)."""
import os
import re
import time

from scenario import HERE, Tap, agent_of, booted, create, finish, free_agents, later, scenario


def no_daemon(tap, board):
    """The daemon does not run."""
    start = time.monotonic()
    result = create(board, "rtc")
    tap.ok(result.status != 0 and "systemctl start scmi-medd" in result.output,
           "a guest with a device fails, and is told what to do", result)
    tap.ok(time.monotonic() - start < 60, "without waiting for a time-out")
    tap.ok(board.run("xl domid rtc").status != 0, "the domain is gone")
    result = create(board, "plain")
    tap.ok(result.status == 0, "a guest without devices starts as ever", result)
    board.guest_wait("plain", "^GUEST done")
    board.ok("xl destroy plain")
    board.ok("systemctl start scmi-medd", 120)


def refused(tap, board, name, config, *words):
    """xl create must fail, name these words, and use up nothing."""
    free = free_agents(board)
    result = create(board, name, config=config)
    tap.ok(result.status != 0, f"{name}: xl create fails", result)
    for word in words:
        tap.ok(word in result.output, f"{name}: the message has {word!r}", result)
    tap.ok(board.run(f"xl domid {name}").status != 0, f"{name}: the domain is gone")
    tap.ok(free_agents(board) == free, f"{name}: no agent is used up")


def held(tap, board):
    """A device that another domain has."""
    result = create(board, "first", config="rtc")
    tap.ok(result.status == 0, "a first domain gets the device", result)
    board.guest_wait("first", "^GUEST done")
    domid = board.ok("xl domid first")
    before = board.firmware_agent(agent_of(board, "first")["agent"])
    refused(tap, board, "second", "rtc", "/pl031@9010000", "first", domid)
    tap.ok(board.firmware_agent(agent_of(board, "first")["agent"]) == before, "the first domain keeps it")
    board.ok("xl destroy first")


def unknown(tap, board):
    """A device that the host does not have."""
    refused(tap, board, "unknown", "unknown", "/no-such-device@1")


def all_agents(tap, board):
    """As many domains as there are agents, and one more."""
    free = free_agents(board)
    tap.ok(len(free) == 14, "14 agents are free", free)
    for i in range(14):
        result = create(board, f"a{i}", "-p", "agent")
        if result.status:
            tap.ok(False, f"domain {i + 1} of 14 gets an agent", result)
            return
    tap.ok(free_agents(board) == [], "14 domains have all the agents")
    refused(tap, board, "one-more", "agent", "14", "agents")
    board.ok("for i in $(seq 0 13); do xl destroy a$i; done", 180)
    tap.ok(free_agents(board) == free, "all of them are free again")


def manual(pattern):
    """What of scmi-medd(8) is like this."""
    with open(os.path.join(HERE, "../../../doc/man/scmi-medd.8"), encoding="utf-8") as page:
        return re.findall(pattern, page.read(), re.MULTILINE)


def group(tap, board):
    """Who may ask: root alone, and with the manual's drop-in a group too."""
    texts = manual(r"^# systemctl edit scmi-medd\n(\[Service\]\nGroup=scmi\n)\.Ed")
    tap.ok(len(texts) == 1, "there is one example of a drop-in", texts)
    drop_in = "/etc/systemd/system/scmi-medd.service.d"
    member = "setpriv --reuid=nobody --regid=scmi --clear-groups scmi-medctl status"
    board.ok("groupadd -r scmi")
    later(board, f"[ ! -d {drop_in} ] || {{ rm -r {drop_in}; systemctl daemon-reload; systemctl restart scmi-medd; }}")
    result = board.run(member)
    tap.ok(result.status != 0 and "ermission denied" in result.output, "a user who is not root may not look", result)
    # What systemctl edit does, with an editor that needs nobody.
    board.ok(f"mkdir -p {drop_in}; printf '{texts[0].encode('unicode_escape').decode()}' > {drop_in}/override.conf; "
             "systemctl daemon-reload; systemctl restart scmi-medd", 120)
    result = board.run(member)
    tap.ok(result.status == 0, "a member of the group may", result)
    result = board.run(member.replace("--regid=scmi", "--regid=nogroup"))
    tap.ok(result.status != 0, "nobody else may", result)
    result = create(board, "grouped", config="rtc")
    tap.ok(result.status == 0 and agent_of(board, "grouped")["devices"], "a guest gets its device as before", result)
    board.ok(f"xl destroy grouped; rm -r {drop_in}; systemctl daemon-reload; systemctl restart scmi-medd", 120)


def journal(tap, board):
    """The journal has all of that: the examples of scmi-medd(8), as they stand there."""
    commands = manual(r"^journalctl .*$")
    tap.ok(len(commands) == 3, "there are three", commands)
    for command in commands:
        result = board.run(command)
        tap.ok(result.status == 0 and "scmi-medd" in result.output and
               ("refused" if " -b " in command else "(first)") in result.output, command, result)


def main():
    """All of it on one board, one after the other."""
    tap = Tap()
    board = booted(daemon=False)
    for function in (no_daemon, held, unknown, all_agents, journal, group):
        scenario(tap, function, board)
    finish(tap)


if __name__ == "__main__":
    main()
