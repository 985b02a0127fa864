# SPDX-License-Identifier: GPL-2.0-or-later
"""What an SCMI call costs, in instructions, on each way to the firmware.

The same program sends the same message (Base protocol, PROTOCOL_VERSION) with
the same registers from EL2 without Xen, through the forwarder of an unpatched
Xen, and through ours. What a way costs beyond the bare call is the hypervisor.
"""
import re
import statistics

from machine import run_bare, run_xen

ALL_GUESTS = 14
AIM = 1.05
# Of each thing that is measured; see measure.c.
BATCHES = 8

# Name of a run, which Xen, guests, agents in use; see run_xen().
RUNS = [("plain-0", "xen-plain", 0, 0), ("plain-14", "xen-plain", ALL_GUESTS, 0),
        ("med-1", "xen", 0, 1), ("med-2", "xen", 1, 2), ("med-15", "xen", ALL_GUESTS, 15)]
SAYS = {"xen-plain": "Using SCMI with SMC ID: 0x82000011",
        "xen": "SCMI: mediation of function ID 0x82000011"}
AGENT = {"bare": (1, 16), "dom0": (1,), "guest": (16,)}


def sent(agent):
    """The firmware's line for each call of an agent, however it came there."""
    return (f"scmi: call agent={agent} fid={0x82000010 + agent:#x} "
            + "".join(f"x{n}=0x0 " for n in range(1, 7)) + f"x7={agent:#x} "
            "proto=0x10 msg=0x0 size=0 a0=0x0 a1=0x0 a2=0x0 a3=0x0 status=0")


def check_calibration(done):
    """Known loops took as long as they must if an instruction takes 1 ns."""
    loops = [line for line in done.lines if line["kind"] == "calibration"]
    if not loops:
        done.wrong("no loop of known length was run")
    for loop in loops:
        took = loop["ticks"] * 1e9 / loop["frequency"]
        # A tick is 16 instructions.
        if abs(took - loop["instructions"]) > 40:
            done.wrong(f"a loop of {loop['instructions']} instructions took {took:.0f} ns: "
                      "is QEMU's -icount what it was?")


def check_xen(done, agents):
    """All agents that should be in use are, and Dom0's calls took our path."""
    said = {line["kind"]: line for line in done.lines}
    if "bound" not in said or said["bound"]["agents"] != agents:
        done.wrong(f"{agents} agents should be in use: {said.get('bound')}")
    ends = [l for l in done.lines if l["kind"] == "end" and l["who"] == "dom0"]
    if "forwarded" not in said or said["forwarded"]["calls"] != ends[0]["calls"]:
        done.wrong(f"Dom0 made {ends[0]['calls']} calls, our part of Xen says: "
                  f"{said.get('forwarded')}")


def check(done, agents=0):
    """Gives up unless the run measured what it should."""
    check_calibration(done)
    if agents:
        check_xen(done, agents)
    for end in (line for line in done.lines if line["kind"] == "end"):
        for agent in AGENT[end["who"]]:
            own = [l for l in done.firmware if re.match(rf"scmi: call agent={agent} .* msg=0x0 ", l)]
            other = next((l for l in own if l != sent(agent)), None)
            if other:
                done.wrong(f"the firmware got another call than was sent: {other}")
            if len(own) != end["calls"]:
                done.wrong(f"agent {agent} made {end['calls']} calls, the firmware got {len(own)}")


def rows(done, xen, guests, agents):
    """Instructions per call, one row for each thing that the run measured."""
    batches = {}
    for b in (line for line in done.lines if line["kind"] == "batch"):
        # 62.5 MHz: a tick is 16 ns, and an instruction takes one.
        cost = (b["ticks"] - b["empty"]) * 16 / b["calls"]
        batches.setdefault((b["who"], b["name"], b["agent"]), []).append(cost)
    for key, costs in batches.items():
        if len(costs) != BATCHES:
            done.wrong(f"{len(costs)} batches of {key}, not {BATCHES}")
    return [{"xen": xen, "guests": guests, "agents": agents, "who": who, "what": what,
             "agent": agent, "instructions": round(statistics.median(costs), 1),
             "min": round(min(costs), 1), "max": round(max(costs), 1)}
            for (who, what, agent), costs in batches.items()]


def run():
    """Measures; returns rows and ratios."""
    print("-- calls: the bare call", flush=True)
    bare = run_bare("bare")
    check(bare)
    found = rows(bare, None, 0, 0)
    for name, xen, guests, agents in RUNS:
        print(f"-- calls: {xen}, {guests} guests", flush=True)
        done = run_xen(name, xen, guests, agents)
        check(done, agents)
        if SAYS[xen] not in done.console:
            done.wrong(f"Xen did not say {SAYS[xen]!r}: the calls took another way")
        found += rows(done, xen, guests, agents)
    firmware = {r["agent"]: r["instructions"] for r in found
                if r["who"] == "bare" and r["what"] == "scmi"}
    for r in (r for r in found if r["xen"]):
        own = r["instructions"] - firmware[r["agent"]] if r["what"] == "scmi" else r["instructions"]
        r["hypervisor"] = round(own, 1)
    return {"unit": "instructions per call", "message": "Base protocol, PROTOCOL_VERSION",
            "rows": found, "ratios": ratios(found)}


def pick(found, **wanted):
    """The one row with these values."""
    match = [r for r in found if all(r[k] == v for k, v in wanted.items())]
    assert len(match) == 1, (wanted, match)
    return match[0]


def ratios(found):
    """What is asked of the figures, as (question, whole call, hypervisor alone)."""
    def scmi(xen, guests, who="dom0", what="scmi"):
        return pick(found, xen=xen, guests=guests, who=who, what=what)

    def ratio(question, a, b):
        return {"ratio": question, "call": round(a["instructions"] / b["instructions"], 4),
                "hypervisor": round(a["hypervisor"] / b["hypervisor"], 4)}

    return [
        ratio("ours / forwarder, Dom0, no guests", scmi("xen", 0), scmi("xen-plain", 0)),
        ratio("ours / forwarder, Dom0, 14 guests", scmi("xen", ALL_GUESTS),
              scmi("xen-plain", ALL_GUESTS)),
        ratio("ours, Dom0, 15 agents / 1", scmi("xen", ALL_GUESTS), scmi("xen", 0)),
        ratio("ours, guest, 15 agents / 2", scmi("xen", ALL_GUESTS, "guest"),
              scmi("xen", 1, "guest")),
        ratio("forwarder, Dom0, 14 guests / none", scmi("xen-plain", ALL_GUESTS),
              scmi("xen-plain", 0)),
        ratio("ours / cheapest trap (SMCCC_VERSION), Dom0, no guests", scmi("xen", 0),
              scmi("xen", 0, what="version")),
        ratio("cheapest trap, patched / unpatched, Dom0, no guests",
              scmi("xen", 0, what="version"), scmi("xen-plain", 0, what="version")),
    ]


def label(r):
    """What, which way, whose, and with how many guests and agents."""
    way = {None: "firmware, from EL2", "xen": "patched Xen", "xen-plain": "unpatched Xen"}[r["xen"]]
    return ({"scmi": "SCMI message", "version": "SMCCC_VERSION"}[r["what"]], way,
            {"dom0": "Dom0", "guest": "a guest", "bare": f"agent {r['agent'] or '-'}"}[r["who"]],
            r["guests"] if r["xen"] else "-", r["agents"] or "-")


def text(result):
    """The table."""
    columns = "{:14} {:19} {:9} {:>6} {:>6} {:>9} {:>11}"
    lines = ["", columns.format("instructions", "way", "caller", "guests", "agents", "call",
                                "hypervisor")]
    for what in ("scmi", "version"):
        for r in (r for r in result["rows"] if r["what"] == what):
            lines.append(columns.format(*label(r), r["instructions"], r.get("hypervisor", "-")))
    wide = "{:66} {:>6} {:>11}"
    lines += ["", wide.format("ratios", "call", "hypervisor")]
    for r in result["ratios"]:
        lines.append(wide.format(r["ratio"], f"{r['call']:.3f}", f"{r['hypervisor']:.3f}"))
    worst = max(r["max"] - r["min"] for r in result["rows"])
    lines += ["", f"Aim: ours / forwarder at most {AIM}, and no growth with agents (1.000).",
              "From the call to its return; hypervisor: without what the bare call takes.",
              "Guests: domains beside Dom0; agents: bound ones, Dom0's included.",
              f"Medians of {BATCHES} batches; within a row these differ by at most {worst:.1f}.", ""]
    return "\n".join(lines)
