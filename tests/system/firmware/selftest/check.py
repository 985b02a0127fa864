#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints the self-test's results, then checks what the firmware wrote.

usage: check.py CONSOLE-LOG SECURE-LOG

What is expected on the secure UART is described in ../README.md.
"""
import re
import sys

STATE = {
    "agent": ["id", "devices", "denied", "clocks", "powers"],
    "clock": ["id", "on", "agents"],
    "power": ["id", "on", "agents"],
    "reset": ["id", "asserted", "pulses", "agent"],
}
KINDS = {
    "call": ["agent", "fid", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "proto", "msg", "size",
             "a0", "a1", "a2", "a3", "status"],
    "bad": ["agent", "fid", "x7", "channel", "length"],
    "fault": ["agent", "fid", "x7", "fault", "header"],
    "unknown": ["fid", "x1", "x2", "x7"],
    "spoiled": ["agent", "fault", "channel", "length", "header"],
    "set": ["agent", "fault", "a", "b"],
    "what": ["length"],
    "late": ["agent"],
    "dump": [],
    "end": [],
    **STATE,
}
# Kinds of which there is exactly one line for each SMC and each "late".
CALLS = ("call", "bad", "fault", "unknown")


class Tap:
    """Numbered results, going on after those of the board."""

    def __init__(self):
        self.count = self.failed = 0

    def line(self, good, name, why=""):
        """One result."""
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}")
        if not good and why:
            print(f"# {why}")

    def console(self, text):
        """Passes on the results of the board; returns the SMCs it made."""
        smcs = None
        for line in text.replace("\r", "").split("\n"):
            m = re.match(r"(ok|not ok) (\d+) - (.*)", line)
            if m:
                self.line(m.group(1) == "ok" and int(m.group(2)) == self.count + 1, m.group(3))
            elif line.startswith(("# ", "Bail out!")) and not line.startswith("# command: "):
                print(line)
            m = re.match(r"# done: smcs=(\d+)$", line)
            smcs = int(m.group(1)) if m else smcs
        return smcs


def split_crash(text):
    """The log, and what TF-A says there when it gives up.

    It does so at the very end too, if the machine it has just switched off is
    still there.
    """
    m = re.search(r"\s*^(P.*|Unhandled Exception.*)", text, re.MULTILINE | re.DOTALL)
    return (text[:m.start()] + "\n", m.group(1)) if m else (text.rstrip() + "\n", "")


def parse(text):
    """Events as dicts, and the first line that is not as documented."""
    events, wrong = [], None
    for line in text.replace("\r", "").split("\n")[:-1]:
        prefix, _, rest = line.partition(" ")
        kind, *pairs = rest.split(" ")
        names = [p.partition("=")[0] for p in pairs]
        try:
            values = [int(p.partition("=")[2], 0) for p in pairs]
        except ValueError:
            values = None
        if prefix != "scmi:" or KINDS.get(kind) != names or values is None:
            wrong = wrong or line
            continue
        events.append({"kind": kind, **dict(zip(names, values))})
    return events, wrong


def after(events, **call):
    """The state lines after each call line with these values, as lists."""
    found = []
    for n, event in enumerate(events):
        if event["kind"] == "call" and all(event[k] == v for k, v in call.items()):
            state = []
            for later in events[n + 1:]:
                if later["kind"] not in STATE:
                    break
                state.append(later)
            found.append(state)
    return found


def has(state, kind, **values):
    """Whether a state has such a line."""
    return any(s["kind"] == kind and all(s[k] == v for k, v in values.items()) for s in state)


def check_dump(tap, events):
    """All state is printed on demand; at the start all is off and denied."""
    kinds = [e["kind"] for e in events]
    start = kinds.index("dump")
    end = kinds.index("end")
    tap.line(set(kinds[:start]) <= {"unknown"} and
             kinds[start + 1:end] == ["agent"] * 16 + ["clock", "power", "reset"] * 3,
             "log: state on demand", kinds[:start + 30])
    tap.line(all(s["devices"] == s["clocks"] == s["powers"] == s["denied"] == 0
                 for s in events[:end] if s["kind"] == "agent") and
             all(s["asserted"] == 1 for s in events[:end] if s["kind"] == "reset"),
             "log: nothing granted and nothing on at the start")


def check_calls(tap, events, smcs):
    """One line for each SMC, with what it came with."""
    calls = [e for e in events if e["kind"] in CALLS]
    late = [e for e in events if e["kind"] == "late"]
    tap.line(smcs is not None and len(calls) == smcs + len(late), "log: one line for each call",
             f"{len(calls)} lines, {smcs} calls, {len(late)} late")
    tap.line(any(e["kind"] == "call" and e["agent"] == 5 and
                 all(e[f"x{n}"] == 0x1111111111111111 * n for n in range(1, 8)) for e in calls),
             "log: registers of a call")
    tap.line(any(e["kind"] == "call" and e["agent"] == 3 and e["x7"] == 2 and
                 e["fid"] == 0x82000013 and e["msg"] == 9 and e["status"] == -3 for e in calls),
             "log: function ID and client id of an impostor")
    tap.line([e["length"] for e in calls if e["kind"] == "bad"] ==
             [4, 4, 0, 3, 97, 0x1000, 0xffffffff], "log: bad frames")
    unknown = [e for e in calls if e["kind"] == "unknown"]
    tap.line(any(e["fid"] == 0xc3000021 for e in unknown), "log: unknown function IDs")
    tap.line([e["x7"] for e in unknown if e["fid"] == 0xc3000100] ==
             [17, 0xffff, 0x100000003, 0xffffffffffffffff] and
             [(e["x1"], e["x2"]) for e in unknown if e["fid"] == 0xc2000101][-1] == (0xbff02, 4),
             "log: unknown client ids and pages")
    tap.line(all(any(e["kind"] == "call" and e["fid"] == family | 0x101 and e["agent"] == 16 and
                     e["x1"] == 0xbff0f and e["x2"] == 0 for e in calls)
                 for family in (0x82000000, 0xc2000000, 0x83000000, 0xc3000000)),
             "log: pages in registers")


def check_faults(tap, events):
    """What went wrong on purpose, and the commands for it."""
    faults = [(e["agent"], e["fid"], e["fault"]) for e in events if e["kind"] == "fault"]
    tap.line(faults == [(2, 0x820000f0, 1), (2, 0x820000f1, 2), (2, 0x820000fe, 5)] +
             [(2, 0x82000012, n) for n in (5, 5, 1, 2)], "log: faults without an answer", faults)
    spoiled = [(e["agent"], e["fault"]) for e in events if e["kind"] == "spoiled"]
    tap.line(spoiled == [(2, n) for n in (6, 7, 8, 8, 8, 9, 6, 7, 8, 8, 9, 6)],
             "log: answers that were spoiled", spoiled)
    sets = [(e["agent"], e["fault"], e["a"], e["b"]) for e in events if e["kind"] == "set"]
    tap.line(sets[:6] == [(2, 5, 0xffffffff, 0), (2, 5, 0xfffffffd, 0), (0, 0, 0, 0),
                          (2, 3, 0xfffffffa, 0), (3, 3, 0xfffffff8, 0), (0, 0, 0, 0)],
             "log: commands", sets)
    tap.line([e["length"] for e in events if e["kind"] == "what"] == [0, 8, 7, 14, 15, 16, 22, 63],
             "log: commands that are none", [e for e in events if e["kind"] == "what"])
    kinds = [e["kind"] for e in events]
    late = kinds.index("late")
    tap.line(kinds[late - 1:late + 2] == ["set", "late", "call"] and
             events[late + 1]["fid"] == 0x82000012 and kinds[late + 2] == "agent",
             "log: the late answer", events[late - 1:late + 3])


def check_changes(tap, events):
    """State lines follow the calls that change something, and no others."""
    last, stray = {"kind": "call", "status": 0}, None
    for event in events[[e["kind"] for e in events].index("end") + 1:]:
        if event["kind"] not in STATE:
            last = event
        elif last["kind"] != "call" or last["status"] != 0:
            stray = stray or event
    tap.line(stray is None, "log: nothing changes without a message that succeeded", stray)

    clock_on = {"proto": 0x14, "msg": 7, "a0": 1, "a1": 1}
    tap.line(after(events, agent=3, status=-3, **clock_on)[0] == [],
             "log: a denied clock changes nothing")
    state = after(events, agent=3, status=0, **clock_on)[0]
    tap.line(has(state, "agent", id=3, devices=1, clocks=2) and
             has(state, "clock", id=1, on=1, agents=1 << 3), "log: clock on", state)
    state = after(events, agent=4, status=0, **clock_on)[0]
    tap.line(has(state, "clock", id=1, on=1, agents=1 << 3 | 1 << 4),
             "log: clock on for two agents", state)
    state = after(events, agent=2, msg=9, a0=4, a1=10, a2=0)[0]
    tap.line(has(state, "agent", id=4, devices=0, clocks=0) and
             has(state, "clock", id=1, on=1, agents=1 << 3),
             "log: revoked from one, on for the other", state)
    state = after(events, agent=3, proto=0x11, msg=4, a1=2, a2=0, status=0)[0]
    tap.line(has(state, "power", id=2, on=1, agents=1 << 3), "log: power on", state)
    check_resets(tap, events)


def check_resets(tap, events):
    """Reset lines; and an agent's reset."""
    request = {"agent": 3, "proto": 0x16, "msg": 4, "a0": 1, "status": 0}
    tap.line(has(after(events, a1=0, **request)[0], "reset", id=1, asserted=0, agent=3) and
             has(after(events, a1=2, **request)[0], "reset", id=1, asserted=1, agent=3) and
             has(after(events, a1=1, **request)[0], "reset", id=1, asserted=0, pulses=1),
             "log: reset released, asserted, at one go")
    # The test of resets is the second that revokes device 10 from both.
    from_3 = [s for s in after(events, agent=2, msg=9, a0=3, a1=10, a2=0)
              if has(s, "agent", id=3, devices=0, clocks=0)]
    from_4 = after(events, agent=2, msg=9, a0=4, a1=10, a2=0)
    tap.line(not any(has(s, "reset", id=1) for s in from_3[1:2]) and
             has(from_4[1], "reset", id=1, asserted=1, agent=4),
             "log: a reset line stays released for who still has it", from_4)
    state = after(events, agent=2, msg=0xb, a0=3, a1=0, status=0)[0]
    tap.line(has(state, "agent", id=3, devices=3, clocks=0, powers=0) and
             has(state, "reset", id=1, asserted=1), "log: agent reset, permissions stay", state)
    state = after(events, agent=2, msg=0xb, a0=3, a1=1, status=0)[0]
    tap.line(has(state, "agent", id=3, devices=0, denied=0), "log: agent reset", state)


def check_end(tap, events):
    """The tests gave everything back."""
    last = {(e["kind"], e["id"]): e for e in events if e["kind"] in STATE}
    left = [e for e in last.values()
            if (e["kind"] == "agent" and (e["devices"] or e["denied"] or e["clocks"] or e["powers"]))
            or e.get("on") or e.get("asserted") == 0]
    tap.line(last and not left, "log: all is off and denied at the end", left)


def main(argv):
    """Command line."""
    if len(argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with open(argv[0], encoding="utf-8", errors="replace") as f:
        console = f.read()
    with open(argv[1], encoding="utf-8", errors="replace") as f:
        secure = f.read()
    tap = Tap()
    smcs = tap.console(console)
    secure, crash = split_crash(secure)
    tap.line(smcs is not None, "the board ran to the end", repr(console[-300:] + crash[:300]))
    tap.line("not supported" not in console and "scmi:" not in console,
             "the firmware leaves the console alone")
    events, wrong = parse(secure)
    tap.line(wrong is None, "log: every line is as documented", wrong)
    try:
        check_dump(tap, events)
        check_calls(tap, events, smcs)
        check_faults(tap, events)
        check_changes(tap, events)
        check_end(tap, events)
    except (IndexError, ValueError) as error:
        tap.line(False, "log: is complete", repr(error))
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
