#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Broken host trees and broken firmware: Xen boots, and one line says why."""
import re
import sys

from scenario import Tap, bare_board, booted, create, finish, light, listing, scenario

# Name, sed expression on board.dts, pattern on Xen's console.
TREES = (
    ("no-trusted", '/scmi_xen: scmi {/,/};/s/"arm,scmi-smc"/"nobody"/',
     r"the \"xen,sci\" node has no child .*trusted channel"),
    ("no-list", "/#scmi-secondary-agents-cells/,/scmi_shm_16 16>;/d",
     r"scmi-secondary-agents is missing"),
    ("bad-cells", "s/#scmi-secondary-agents-cells = <3>/#scmi-secondary-agents-cells = <7>/",
     r"#scmi-secondary-agents-cells is neither 2 nor 3"),
    ("unaligned", "s/reg = <0x0 0xbff02000 0x0 0x1000>/reg = <0x0 0xbff02800 0x0 0x1000>/",
     r"agent 1 of scmi-secondary-agents is left out: its shmem does not cover whole pages"),
    ("twice", "s/<0x82000014 &scmi_shm_4 4>/<0x82000014 \\&scmi_shm_3 4>/",
     r"agent 2 of scmi-secondary-agents is left out: another agent has the same page or id"),
    ("bad-function", "s/<0x82000014 &scmi_shm_4 4>/<0x84000014 \\&scmi_shm_4 4>/",
     r"agent 2 of scmi-secondary-agents is left out: the function ID is no fast call"),
    ("garbage", "s/arm,smc-id = <0x82000012>/arm,smc-id = <0x820000f0>/",
     r"the firmware gives no valid answer on the trusted channel"),
    ("silent", "s/arm,smc-id = <0x82000012>/arm,smc-id = <0x820000f1>/",
     r"the firmware gives no valid answer on the trusted channel"),
    ("not-supported", "s/arm,smc-id = <0x82000012>/arm,smc-id = <0x820000f2>/",
     r"the firmware gives no valid answer on the trusted channel"),
    ("unknown-function", "s/arm,smc-id = <0x82000012>/arm,smc-id = <0x820000ee>/",
     r"the firmware gives no valid answer on the trusted channel"),
    *((name, f"s/arm,smc-id = <0x82000012>/arm,smc-id = <{fid:#x}>/",
       r"the firmware gives no valid answer on the trusted channel")
      for name, fid in (("busy", 0x820000f4), ("token", 0x820000f5), ("message", 0x820000f6),
                        ("short", 0x820000f7), ("long", 0x820000f8), ("huge", 0x820000f9),
                        ("error", 0x820000fa), ("smccc-error", 0x820000fe))),
    ("no-reset", "s/arm,smc-id = <0x82000012>/arm,smc-id = <0x820000fb>/",
     r"mediation of function ID 0x82000011 for 16 agents, features 0x3$"),
    ("reset-fails", "s/arm,smc-id = <0x82000012>/arm,smc-id = <0x820000fc>/",
     r"agent 16.* could not be reset \(SCMI status -8\): it is quarantined"),
    ("slow", "s/arm,smc-id = <0x82000012>/arm,smc-id = <0x820000fd>/",
     r"mediation of function ID 0x82000011 for 16 agents, features 0x7$"),
    ("no-permissions", "s/arm,smc-id = <0x82000012>/arm,smc-id = <0x820000f3>/",
     r"mediation of function ID 0x82000011 for 16 agents, features 0x1$"),
)


def broken(tap, name, edit, pattern):
    """Xen says what is wrong, and goes on to start Dom0."""
    board = bare_board("bare-" + name, edit)
    try:
        board.wait(r"\*\*\* Serial input to DOM0", 120, "xen")
        board.seen["xen"] = 0
        lines = [l for l in board.xen_log().split("\n") if "SCMI" in l]
        m = board.wait(r"^\(XEN\) .*SCMI: .*" + pattern, 5, "xen")
        tap.ok(m, f"{name}: Xen says why")
        tap.ok("Using SCMI with" not in board.xen_log(), f"{name}: Xen's own forwarder is off")
        # One for each agent that cannot be used, if the firmware works else.
        tap.ok(len(lines) <= (17 if name == "reset-fails" else 3), f"{name}: in few lines", "\n".join(lines))
        features = re.search("features (0x[0-9a-f]+)", pattern)
        told = board.wait(r"BENCH (info agents=(\d+) features=(\d+)|.*error.*)$", 240, "all")
        tap.ok(told.group(2), f"{name}: Dom0 runs, and Xen serves its hypercall", told.group(0))
        if features:
            tap.ok(told.group(3) == str(int(features.group(1), 16)), f"{name}: with the features that it has said",
                   told.group(0))
    finally:
        board.stop()


def without_agents(tap):
    """No mediation at all: daemon and guests say so, a plain guest starts."""
    board = light("bad-off", TREES[1][1])
    result = board.run("/usr/sbin/scmi-medd", 120)
    tap.ok(result.status == 6 and "agent" in result.output, "the daemon says that there are no agents", result)
    result = create(board, "rtc")
    tap.ok(result.status != 0 and "SCMI" in result.output, "a guest with a device is refused", result)
    result = create(board, "plain")
    tap.ok(result.status == 0, "a guest without devices starts", result)
    board.stop()


def without_permissions(tap):
    """Firmware without the permission messages: nothing is granted."""
    board = light("bad-no-permissions", TREES[-1][1])
    result = create(board, "rtc")
    tap.ok(result.status != 0 and "BASE_SET_DEVICE_PERMISSIONS" in result.output,
           "a guest with a device is refused, with the reason", result)
    tap.ok(all(a["state"] == "free" for a in listing(board, "agents") if a["role"] == "guest"),
           "no agent is used up")
    board.stop()


def requests(tap):
    """Malformed requests in xenstore: refused with a reason, nothing granted."""
    board = booted()
    board.ok("xl create -p /root/guest/plain.cfg", 120)
    base = f"/libxl/{board.ok('xl domid plain')}/scmi"
    for name, nodes in (
            ("another version", {"version": "99", "device/0/path": "/pl031@9010000"}),
            ("no version", {"device/0/path": "/pl031@9010000"}),
            ("a path that is none", {"version": "1", "device/0/path": "pl031"}),
            ("a path that climbs", {"version": "1", "device/0/path": "/soc/../pl031@9010000"}),
            ("a gap in the devices", {"version": "1", "device/1/path": "/pl031@9010000"}),
            ("a very long path", {"version": "1", "device/0/path": "/" + "x" * 2000})):
        writes = " ".join(f"{base}/{node} '{value}'" for node, value in nodes.items())
        board.ok(f"xenstore-rm {base} 2>/dev/null; xenstore-write {writes} {base}/state requested")
        state = board.until(f"xenstore-read {base}/state", "refused|granted", 30)
        tap.ok(state.strip() == "refused", f"{name}: refused", state)
        error = board.run(f"xenstore-read {base}/error")
        tap.ok(error.status == 0 and len(error.output) > 10, f"{name}: with a reason", error)
    tap.ok(all(a["state"] == "free" for a in listing(board, "agents") if a["role"] == "guest"),
           "nothing was granted")
    result = board.run("echo nonsense > /tmp/fdt; systemctl stop scmi-medd; "
                       "mkdir -p /run/scmi-med; /usr/sbin/scmi-medd --fdt /tmp/fdt")
    tap.ok(result.status != 0 and "/tmp/fdt" in result.output, "a tree that is none: the daemon says so", result)
    board.stop()


def main():
    """One board each."""
    tap = Tap()
    wanted = sys.argv[1:]
    for name, edit, pattern in TREES:
        if not wanted or name in wanted:
            scenario(tap, broken, name, edit, pattern)
    for function in (without_agents, without_permissions, requests):
        if not wanted or function.__name__ in wanted:
            scenario(tap, function)
    finish(tap)


if __name__ == "__main__":
    main()
