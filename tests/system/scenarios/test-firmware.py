#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Firmware that fails while guests come and go: refusals with a reason, quarantine, no hang."""
import sys

from scenario import (NOTHING, TRUSTED, Tap, agent_of, booted, calls_of, check_revoked, command, create,
                      finish, listing, scenario)

# A fault of the trusted agent's channel; whether the firmware obeys a message
# all the same, and when; for some, what a create that is refused says of it.
FAULTS = (
    ("smccc -1", "never", None),
    ("status -6", "never", "BUSY (-6)"),
    ("old", "never", None),
    ("token", "at once", "did not answer"),
    ("message", "at once", None),
    ("length 4", "at once", None),
    ("length 100", "at once", None),
    ("length 0xffffffff", "at once", None),
    ("error", "at once", None),
    ("garbage", "never", None),
    ("silent", "late", "did not answer"),
)
HELD = {"devices": 1, "clocks": 0, "powers": 0}


def quarantined(board):
    """Ids of the agents under quarantine."""
    return {a["agent"] for a in listing(board, "agents") if a["state"] == "quarantined"}


def clear(tap, board, what):
    """Lifts every quarantine by hand."""
    for agent in quarantined(board):
        result = board.run(f"scmi-medctl reset {agent}")
        tap.ok(result.status == 0, f"{what}: scmi-medctl reset", result)
        tap.ok(board.firmware_agent(agent) == NOTHING, f"{what}: it has proven that nothing is left",
               board.firmware_agent(agent))
    tap.ok(not quarantined(board), f"{what}: no agent is quarantined any more", quarantined(board))


def victim(board, name="victim"):
    """Creates a domain with the clock that never runs."""
    return create(board, name, "-p", "crash")


def neighbour(tap, board, what):
    """The guest with the other device still reaches the firmware, with its permission."""
    agent = agent_of(board, "gpio")["agent"]
    before = len(board.firmware())
    result = board.guest_run("gpio", "cat /sys/kernel/debug/clk/gpio/clk_rate")
    calls = calls_of(board, agent, before)
    tap.ok(result.output.strip() == "24000000" and calls and all(c["status"] == 0 for c in calls) and
           board.firmware_agent(agent) == {"devices": 2, "clocks": 4, "powers": 4},
           f"{what}: another guest is not concerned", (result, calls))


def refused(tap, board, what, reason):
    """A create fails for that reason and leaves nothing; returns the agent it cost."""
    before = quarantined(board)
    result = victim(board)
    tap.ok(result.status != 0 and "/pl031@9010000" in result.output and reason in result.output,
           f"{what}: a create is refused, with the reason", result)
    tap.ok(board.run("xl domid victim").status != 0 and not agent_of(board, "victim"),
           f"{what}: no domain is left")
    lost = quarantined(board) - before
    tap.ok(len(lost) == 1 and f"agent {min(lost)} is quarantined" in result.output,
           f"{what}: its agent is quarantined, and the message says so", (lost, result))
    return min(lost) if lost else 0


def other_agent(tap, board, what, lost):
    """Whoever comes next gets another agent."""
    result = create(board, "next", "-p", "agent")
    agent = agent_of(board, "next")
    tap.ok(result.status == 0 and agent and agent["agent"] != lost,
           f"{what}: afterwards a domain gets another agent", (result, agent, lost))
    board.ok("xl destroy next")


def destroyed(tap, board, what, obeyed):
    """A destroy succeeds; what is not proven to be revoked is quarantined."""
    agent = agent_of(board, "victim")["agent"]
    before = quarantined(board)
    command(board, f"fault {TRUSTED} {what}")
    result = board.run("xl destroy victim")
    tap.ok(result.status == 0, f"{what}: a destroy succeeds", result)
    board.until("xl list | wc -l", "^3$", 90)
    tap.ok(quarantined(board) - before == {agent}, f"{what}: its agent is quarantined", listing(board, "agents"))
    state = board.firmware_agent(agent)
    tap.ok(state == (NOTHING if obeyed == "at once" else HELD),
           f"{what}: and the firmware has obeyed {obeyed}", state)
    return agent


def again(tap, board, what):
    """The fault is over: who wants the device gets it, the quarantine is lifted."""
    command(board, "off")
    clear(tap, board, what)
    result = victim(board)
    agent = agent_of(board, "victim")
    return tap.ok(result.status == 0 and agent and board.firmware_agent(agent["agent"]) == HELD,
                  f"{what}: afterwards the device can be had", (result, agent))


def whole(tap, what, reason, obeyed, board):
    """A fault of the trusted agent's channel, from a create to the next."""
    agent = agent_of(board, "victim")["agent"]
    board.ok("xl destroy victim")
    check_revoked(tap, board, agent, f"before {what}")
    command(board, f"fault {TRUSTED} {what}")
    lost = refused(tap, board, what, reason)
    command(board, "off")
    other_agent(tap, board, what, lost)
    if not again(tap, board, what):
        return
    agent = destroyed(tap, board, what, obeyed)
    result = victim(board)
    tap.ok(result.status != 0 and f"agent {agent}" in result.output and "quarantined" in result.output,
           f"{what}: the device is given to nobody, with the reason", result)
    neighbour(tap, board, what)
    again(tap, board, what)


def destroy(tap, what, obeyed, board):
    """A fault of the trusted agent's channel, at a destroy."""
    destroyed(tap, board, what, obeyed)
    again(tap, board, what)


def one_permission(tap, board):
    """The firmware refuses a single permission."""
    command(board, f"fault {TRUSTED} nth 1 -3")
    before = quarantined(board)
    result = victim(board)
    tap.ok(result.status != 0 and "DENIED (-3)" in result.output, "one denied: a create is refused", result)
    tap.ok(quarantined(board) == before, "one denied: the agent is reset, not quarantined", quarantined(board))
    result = victim(board)
    tap.ok(result.status == 0, "one denied: the next create succeeds", result)
    agent = agent_of(board, "victim")["agent"]
    command(board, f"fault {TRUSTED} nth 1 -8")
    board.ok("xl destroy victim")
    tap.ok(board.firmware_agent(agent) == NOTHING, "one denied: a destroy revokes by a reset",
           board.firmware_agent(agent))
    if again(tap, board, "one denied"):
        board.ok("xl destroy victim")


def no_reset(tap, board):
    """The firmware does not reset agents."""
    for what in ("no-reset", "reset -8"):
        command(board, f"fault {TRUSTED} {what}")
        result = victim(board)
        if not tap.ok(result.status == 0, f"{what}: a create succeeds", result):
            continue
        agent = agent_of(board, "victim")["agent"]
        board.ok("xl destroy victim")
        tap.ok(board.firmware_agent(agent) == NOTHING and agent in quarantined(board),
               f"{what}: a destroy revokes the device, the agent is quarantined",
               (board.firmware_agent(agent), listing(board, "agents")))
        command(board, "off")
        other_agent(tap, board, what, agent)
        clear(tap, board, what)


def slow(tap, board):
    """Every answer takes its time."""
    command(board, f"fault {TRUSTED} slow 5")
    result = victim(board)
    tap.ok(result.status == 0, "slow: a create succeeds", result)
    agent = agent_of(board, "victim")["agent"]
    neighbour(tap, board, "slow")
    board.ok("xl destroy victim")
    check_revoked(tap, board, agent, "slow")
    command(board, "off")


def guest_channel(tap, board):
    """A guest's own channel dies: it alone is concerned."""
    agent = agent_of(board, "gpio")["agent"]
    # A stock driver of this transport does not look at token and id.
    for what in ("status -6", "smccc -1", "silent"):
        command(board, f"fault {agent} {what}")
        before = len(board.firmware())
        result = board.guest_run("gpio", "cat /sys/kernel/debug/clk/gpio/clk_rate")
        seen = [e for e in board.firmware()[before:] if e["kind"] in ("call", "fault") and e["agent"] == agent]
        tap.ok(result.output.strip() != "24000000" and seen, f"guest's {what}: its calls fail", (result, seen))
        result = victim(board)
        tap.ok(result.status == 0, f"guest's {what}: another domain gets its device", result)
        board.ok("xl destroy victim")
    # The page of an agent whose channel hangs is not given to the next guest.
    board.ok("xl destroy gpio")
    tap.ok(board.firmware_agent(agent) == NOTHING and agent in quarantined(board),
           "guest's silent: it is destroyed, its agent quarantined", listing(board, "agents"))
    command(board, "off")
    clear(tap, board, "guest's silent")


def dead(tap, board):
    """The firmware dies for good."""
    result = victim(board)
    tap.ok(result.status == 0, "dead: before it, a domain has the device", result)
    agent = agent_of(board, "victim")["agent"]
    command(board, f"fault {TRUSTED} silent")
    board.ok("xl destroy victim")
    board.until("xl list | wc -l", "^2$", 90)
    tap.ok(agent in quarantined(board), "dead: a destroy succeeds, the agent is quarantined",
           listing(board, "agents"))
    for _ in range(2):
        result = victim(board)
        tap.ok(result.status != 0 and "SCMI" in result.output, "dead: a create is refused", result)
    result = create(board, "plain", "-p")
    tap.ok(result.status == 0, "dead: a guest without devices starts", result)
    board.ok("xl destroy plain")
    tap.ok(board.run("scmi-medctl status").status == 0, "dead: the daemon answers")


def main():
    """All of it on one board, one after the other."""
    tap = Tap()
    board = booted()
    board.ok("xl create /root/guest/gpio.cfg", 120)
    board.guest_wait("gpio", "^GUEST done")
    board.guest_run("gpio", "mount -t debugfs debugfs /sys/kernel/debug")
    tap.ok(victim(board).status == 0, "a domain gets the device")
    for what, obeyed, reason in FAULTS:
        if sys.argv[1:] and what not in sys.argv[1:]:
            continue
        if reason:
            scenario(tap, whole, what, reason, obeyed, board)
        else:
            scenario(tap, destroy, what, obeyed, board)
    board.ok("xl destroy victim")
    for function in (one_permission, no_reset, slow, guest_channel, dead):
        if not sys.argv[1:] or function.__name__ in sys.argv[1:]:
            scenario(tap, function, board)
    finish(tap)


if __name__ == "__main__":
    main()
