#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A hostile guest gets nothing, and nobody else notices it.

Two bare-metal guests (tests/guest): one behaves, all the time, and measures
its own messages; the other one tries what it can.
"""
import re
import sys
import time

from scenario import (RTC, Tap, agent_of, booted, check_revoked, create, finish, free_agents,
                      later, listing, scenario)

COMMON = "fid=0x82000011 page=0x22001000 own=0x1"
FID = 0x82000011
# The clock, power domain and reset of the hostile guest's device.
OWN = 1
REFUSED = 0xffffffff
# Function IDs that Xen answers to every guest, by owner (SMCCC): Arm, standard
# services, hypervisor.
XENS_OWNERS = {0, 4, 6}
FEW_LINES = 5


def vuart(board, name, lines=None):
    """What a bare-metal guest has printed; its last lines are enough where Dom0 gets little of the machine."""
    log = f"/var/log/xen/console/guest-{name}-vuart0.log"
    look = f"tail -n {lines}" if lines else "cat"
    text = board.run(f"{look} {log}; echo END", 300).output.replace("\r", "")
    # Not the line that is being printed just now.
    return text[:text.rindex("\n") + 1] if "\n" in text else ""


def reports(log, word):
    """Its lines of one kind: dicts of their numbers."""
    return [{name: int(value, 16) for name, value in re.findall(r"(\w+)=0x([0-9a-f]+)", line)}
            for line in re.findall(rf"^PROBE {word} (.*=.*)$", log, re.MULTILINE)]


def wait_for(board, name, pattern, timeout=120):
    """Waits until a bare-metal guest has printed a line; returns all of them."""
    wait_for_line(board, name, pattern, timeout)
    return vuart(board, name)


def wait_for_line(board, name, pattern, timeout=120):
    """The same, without looking at what it has printed."""
    board.file_wait(f"/var/log/xen/console/guest-{name}-vuart0.log", pattern, timeout)


def start(board, words, watch=None):
    """Creates the hostile guest; returns its agent's id."""
    # One that is left over from a scenario that failed is gone first.
    board.ok("if xl domid hostile 2>/dev/null; then xl destroy hostile; fi; "
             "rm -f /var/log/xen/console/guest-hostile-vuart0.log", 120)
    board.ok(f"xl create -p /root/guest/hostile.cfg 'extra=\"{COMMON} {words}\"'", 120)
    agent = agent_of(board, "hostile")["agent"]
    if watch:
        watch.created()
    board.ok("xl unpause hostile")
    return agent


def state_of_others(board, agent):
    """The firmware's state but for one agent. The good guest's calls trigger it."""
    place = board.firmware_now()
    with board.qemu.connect("secure") as port:
        port.settimeout(60)
        port.sendall(b"d\n")
        # The emulator stops if nobody takes what it writes to the port.
        text = b""
        while b"scmi: end\n" not in text:
            text = text[-100:] + port.recv(65536)
    while not board.firmware("end", place):
        time.sleep(0.1)
    events = board.firmware("", place)
    kinds = [e["kind"] for e in events]
    state = {}
    for event in events[kinds.index("dump") + 1:kinds.index("end")]:
        if event["kind"] == "agent" and event["id"] != agent:
            state["agent", event["id"]] = event
        elif event["kind"] in ("clock", "power"):
            state[event["kind"], event["id"]] = event["agents"] & ~(1 << agent)
        elif event["kind"] == "reset" and event["id"] != OWN:
            state["reset", event["id"]] = event
    return state


class Watch:
    """What must be as before when the hostile guest has done something."""

    def __init__(self, board, agent):
        self.board, self.agent = board, agent
        self.good = agent_of(board, "good")["agent"]
        self.place = board.firmware_now()
        self.lines = len(board.xen_log().split("\n"))
        self.state = state_of_others(board, agent)
        self.guest_place = self.counters = None

    def created(self):
        """The guest has not run yet; what Xen itself said as its agent is over."""
        self.guest_place = self.board.firmware_now()
        self.counters = agent_by_id(self.board, self.agent)

    def check(self, tap, what):
        """Nothing outside the agent changed, nothing was logged by Xen."""
        state = state_of_others(self.board, self.agent)
        tap.ok(state == self.state and len(state) > 20, f"{what}: the firmware's state of all others is the same",
               [(n, self.state.get(n), state.get(n)) for n in sorted(self.state.keys() | state.keys())
                if self.state.get(n) != state.get(n)])
        # Any agent but the good guest's, the hostile one's, and Xen's and Dom0's own.
        strange = self.board.firmware(
            rf"(unknown|fault|(call|bad) agent=(?!(1|2|{self.good}|{self.agent}) ))", self.place)
        # But Xen asks on the page of an agent that is free again who it is.
        strange = [e for e in strange if (e.get("proto"), e.get("msg"), e.get("a0")) != (0x10, 0x7, 0xffffffff)]
        tap.ok(not strange, f"{what}: the firmware saw no other function ID", strange[:3])
        lines = self.board.xen_log().split("\n")[self.lines:]
        tap.ok(len(lines) <= FEW_LINES, f"{what}: Xen's console did not grow", "\n".join(lines[:20]))

    def seen(self):
        """The hostile guest's calls that reached the firmware."""
        return self.board.firmware(rf"(call|bad) agent={self.agent} ", self.guest_place)


def sweep(tap, board):
    """All function IDs around the real ones, a sample of the rest; others' pages."""
    agent = agent_next(board)
    watch = Watch(board, agent)
    tap.ok(start(board, "do=sweep do=frames", watch) == agent, "the hostile guest has the next agent")
    log = wait_for(board, "hostile", "^PROBE done", 300)
    result, frames = reports(log, "sweep")[-1], reports(log, "frames")[-1]
    print(f"# {result['calls']} calls")
    tap.ok(result["calls"] > 400000 and
           result["calls"] == result["refused"] + result["answered"] + result["own"],
           "every call has an answer", result)
    answers = {a["fid"] for a in reports(log, "answer")}
    tap.ok(result["answered"] and all(fid >> 24 & 0x3f in XENS_OWNERS for fid in answers),
           "only Xen's own function IDs are known", [hex(fid) for fid in answers])
    tap.ok(result["changed"] == 0, "no register changes but those of the answer", result)
    seen = watch.seen()
    tap.ok(len(seen) == result["own"] + 2, "the firmware saw this agent's calls and no others", len(seen))
    tap.ok(all(c["fid"] == FID - 1 + agent and c["x7"] == agent for c in seen),
           "each by this agent's function ID and number", seen[:3])
    tap.ok(frames["faults"] == frames["touched"] > 200, "nobody else's page or device is mapped", log[-1000:])
    watch.check(tap, "sweep")
    board.ok("xl destroy hostile")
    check_revoked(tap, board, agent, "sweep")


def agent_next(board):
    """The agent that the next guest gets: the first free one."""
    return min(free_agents(board))


def theft(tap, board):
    """Well-formed messages about what belongs to others."""
    agent = agent_next(board)
    watch = Watch(board, agent)
    start(board, "do=theft")
    log = wait_for(board, "hostile", "^PROBE done")
    result = reports(log, "theft")[-1]
    tap.ok(result["stolen"] == 0, "no message about others' resources or permissions succeeds", log[-2000:])
    tap.ok(result["unanswered"] == 0 and result["denied"] > 200, "each is answered, most are denied", result)
    random = reports(log, "messages")[-1]
    tap.ok(random["answered"] == random["sent"], "random messages are all answered", random)
    watch.check(tap, "theft")
    board.ok("xl destroy hostile")


def together(tap, board):
    """All vCPUs at once; then while others rewrite the page."""
    for name in ("calls", "rewrite"):
        agent = agent_next(board)
        watch = Watch(board, agent)
        start(board, f"do={name}", watch)
        log = wait_for(board, "hostile", "^PROBE done")
        result = reports(log, name)[-1]
        print(f"# {name}: {result}")
        tap.ok(result["cpus"] == 4 and result["other"] == 0 and
               result["calls"] == result["answered"] + result["refused"],
               f"{name}: every call is answered or refused", result)
        tap.ok(result["refused"] > 0, f"{name}: while one is under way the others are refused", result)
        seen = watch.seen()
        tap.ok(len(seen) == result["answered"] + 2, f"{name}: what was refused did not reach the firmware",
               f"{len(seen)} {result}")
        before, after = watch.counters, agent_by_id(board, agent)
        refused = sum(after[n] - before[n] for n in ("refused", "throttled") if n in after)
        tap.ok((after["calls"] - before["calls"], refused) == (result["answered"] + 2, result["refused"]),
               f"{name}: Xen's counters say the same", after)
        if name == "rewrite":
            kinds = {c["kind"] for c in seen}
            tap.ok(kinds == {"call", "bad"} and result["written"] > 1000,
                   "rewrite: the firmware saw good and bad messages", kinds)
        watch.check(tap, name)
        board.ok("xl destroy hostile")


def agent_by_id(board, agent):
    """One line of scmi-medctl agents."""
    return next(a for a in listing(board, "agents") if a["agent"] == agent)


def rounds(board, lines=None):
    """What the good guest has measured so far, or in its last lines."""
    return reports(vuart(board, "good", lines), "latency")


def show_latency(name, measured):
    """Prints a few rounds as one line; returns the median of their medians."""
    us = [1e6 / r["frequency"] for r in measured][0]
    medians = sorted(r["median"] for r in measured)
    median = medians[len(medians) // 2] * us
    print(f"# latency {name}: {sum(r['messages'] for r in measured)} messages, "
          f"min {min(r['min'] for r in measured) * us:.0f} us, median {median:.0f} us, "
          f"max {max(r['max'] for r in measured) * us:.0f} us")
    return median


def next_rounds(board, count):
    """Waits for rounds of the good guest that begin from now on."""
    begun = max(r["round"] for r in reports(vuart(board, "good", 10), "begin"))
    wait_for_line(board, "good", f"^PROBE latency round={begun + count:#x} ", 300)
    # Others have begun meanwhile, if Dom0 was slow to look.
    return [r for r in rounds(board, 2 * count + 60) if begun < r["round"] <= begun + count]


def flood(tap, board):
    """As many calls as possible, for ever: the others go on."""
    quiet = show_latency("without the flood", next_rounds(board, 2))
    agent = agent_next(board)
    watch = Watch(board, agent)
    start(board, "do=flood")
    wait_for_line(board, "hostile", "^PROBE flood .* calls=0x[1-9a-f]")
    measured = next_rounds(board, 2)
    loud = show_latency("with the flood", measured)
    print(f"# latency: with the flood {loud / quiet:.2f} times that without it")
    tap.ok(all(r["failed"] == 0 and r["clock"] == 0 for r in measured),
           "every message of the other guest is answered, its clock obeys", measured)
    result = create(board, "agent", "-p")
    tap.ok(result.status == 0 and board.run("xl destroy agent", 120).status == 0,
           "Dom0 creates and destroys a domain with an agent meanwhile", result)
    log = reports(vuart(board, "hostile", 10), "flood")
    tap.ok(log[-1]["other"] == 0 and log[-1]["answered"] > 100 and log[-1]["refused"] > 100,
           "all calls of the flood are answered or refused", log[-1])
    print(f"# flood: {log[-1]}")
    watch.check(tap, "flood")


def limited(tap, board):
    """The flood against a limit of its agent's call rate."""
    agent = agent_of(board, "hostile")
    if "throttled" not in agent:
        tap.ok(True, "a limited agent's calls are throttled # SKIP this Xen has no limit")
        return
    # The limit: calls in a second, of one agent.
    rate, seconds = 50, 4
    # It stays with the agent, whoever has it next.
    later(board, f"scmi-medctl limit {agent['agent']} {agent['limit']}")
    board.ok(f"scmi-medctl limit {agent['agent']} {rate}")
    before, place = agent_by_id(board, agent["agent"]), board.firmware_now()
    started = time.monotonic()
    time.sleep(seconds)
    after = agent_by_id(board, agent["agent"])
    elapsed = time.monotonic() - started
    tap.ok(after["throttled"] > before["throttled"], "above the limit calls are throttled", after)
    seen = board.firmware(rf"(call|bad) agent={agent['agent']} ", place)
    print(f"# limit {rate} a second: {len(seen)} calls in {elapsed:.1f} s")
    tap.ok(seen and len(seen) < after["throttled"] - before["throttled"],
           "few reach the firmware", f"{len(seen)} {after}")
    show_latency("with the flood, limited", next_rounds(board, 1))


def paused(tap, board):
    """Paused and unpaused in the middle of the flood."""
    agent = agent_of(board, "hostile")["agent"]
    watch = Watch(board, agent)
    quiet = 0
    for _ in range(5):
        board.ok("xl pause hostile")
        place = board.firmware_now()
        # The good guest goes on, so what follows is time that passes.
        board.ok("sleep 0.3")
        quiet += not board.firmware(rf"(call|bad) agent={agent} ", place)
        board.ok("xl unpause hostile; sleep 0.1")
    tap.ok(quiet == 5, "while it is paused nothing of it reaches the firmware", quiet)
    before = reports(vuart(board, "hostile"), "flood")
    board.until("grep -c '^PROBE flood' /var/log/xen/console/guest-hostile-vuart0.log",
                rf"^{len(before) + 2}$|^\d{{{len(str(len(before))) + 1},}}$", 60)
    after = reports(vuart(board, "hostile"), "flood")
    tap.ok(after[-1]["answered"] > before[-1]["answered"], "unpaused it goes on", after[-1])
    watch.check(tap, "pause")


def destroyed(tap, board):
    """Destroyed in the middle of the flood, running or paused; the next owner works."""
    agent = agent_of(board, "hostile")["agent"]
    watch = Watch(board, agent)
    board.ok("xl destroy hostile", 120)
    check_revoked(tap, board, agent, "destroyed")
    start(board, "do=flood")
    wait_for_line(board, "hostile", "^PROBE flood .* calls=0x[1-9a-f]")
    board.ok("xl pause hostile; xl destroy hostile", 120)
    check_revoked(tap, board, agent, "destroyed while paused")
    watch.check(tap, "destroy")

    board.ok("rm -f /var/log/xen/console/guest-rtc.log")
    result = create(board, "rtc")
    tap.ok(result.status == 0, "a stock guest with the same device", result)
    log = board.guest_wait("rtc", "^GUEST done", 120)
    owner = agent_of(board, "rtc")
    tap.ok(owner["agent"] == agent and owner["devices"] == [RTC], "it has the agent of the hostile one", owner)
    tap.ok(re.search(r"GUEST rtc .*time=.* 20\d\d", log), "its clock works", log[-1500:])
    tap.ok(board.firmware_agent(agent) == {"devices": 1, "clocks": 2, "powers": 2},
           "in the firmware it is on", board.firmware_agent(agent))
    board.ok("xl destroy rtc", 120)


def bits32(tap, board):
    """A 32-bit guest: its agent by 32-bit function IDs, and nothing else."""
    board.ok("rm -f /var/log/xen/console/guest-probe32-vuart0.log")
    result = create(board, "probe32")
    if not tap.ok(result.status == 0, "xl create of a 32-bit guest", result):
        return
    agent = agent_of(board, "probe32")["agent"]
    log = wait_for(board, "probe32", "^PROBE done")
    for conduit in ("hvc", "smc"):
        calls = {c["fid"]: c for c in reports(log, conduit)}
        tap.ok(calls[FID]["x0"] == 0 and calls[FID]["faults"] == 0, f"{conduit}: its agent's call is forwarded", log)
        del calls[FID]
        tap.ok(calls and all(c["x0"] == REFUSED and c["faults"] == 0 for c in calls.values())
               and FID | 1 << 30 in calls, f"{conduit}: other function IDs, 64-bit ones too, are not supported", calls)
    message = reports(log, "message")[-1]
    tap.ok(message["result"] == message["status"] == 0 and message["channel"] == 1 and message["version"],
           "its message is answered in its page", message)
    pages = re.findall(r"PROBE page address=(\w+) (\w+)", log)
    tap.ok(pages == [("0x22001000", "mapped")], "its page is mapped", pages)
    seen = board.firmware(rf"(call|bad) agent={agent} ")[-3:]
    tap.ok(len(seen) == 3 and all(c["fid"] == FID - 1 + agent for c in seen),
           "the firmware saw it as its agent", seen)
    board.ok("xl destroy probe32", 120)


def good(tap, board):
    """A guest that behaves starts."""
    result = create(board, "good")
    tap.ok(result.status == 0, "xl create of the guest that measures", result)
    wait_for(board, "good", "^PROBE latency round=0x1 ")


def unharmed(tap, board):
    """The guest that behaves, at the end."""
    measured = rounds(board)
    tap.ok(measured and all(r["failed"] == 0 and r["clock"] == 0 for r in measured),
           f"all its {sum(r['messages'] for r in measured)} messages were answered", measured)
    agent = agent_of(board, "good")["agent"]
    tap.ok(board.firmware_agent(agent) == {"devices": 2, "clocks": 4, "powers": 0},
           "its clock is on", board.firmware_agent(agent))
    tap.ok(board.run("xl list; scmi-medctl status").status == 0, "Dom0 goes on")
    board.ok("xl destroy good", 120)
    check_revoked(tap, board, agent, "at the end")


def main():
    """All of it on one board, one after the other."""
    tap = Tap()
    board = booted()
    # Xen's own default. The board's would log each call that Xen does not know.
    board.ok("xenhypfs write /params/guest_loglvl none/warning")
    wanted = sys.argv[1:]
    for function in (good, sweep, theft, together, flood, limited, paused, destroyed, bits32, unharmed):
        if wanted and function.__name__ not in wanted:
            continue
        scenario(tap, function, board)
    finish(tap)


if __name__ == "__main__":
    main()
