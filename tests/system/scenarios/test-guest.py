#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Guests with devices: their drivers work, each as its own agent, nobody else's."""
import re

from scenario import (CLOCK, DENIED, FUNCTION_ID, GPIO, POWER, RESET, RTC, Tap, agent_of, booted,
                      calls_of, changes, create, finish, free_agents, listing, scenario)


def rtc_guest(tap, board):
    """A stock guest's clock driver binds and reads the time, through SCMI."""
    result = create(board, "rtc")
    tap.ok(result.status == 0, "xl create of a guest with the clock", result)
    log = board.guest_wait("rtc", "^GUEST done")
    tap.ok("rtc-pl031 9010000.rtc: registered as rtc0" in log, "its driver binds", log[-2000:])
    tap.ok(re.search(r"GUEST rtc .*time=.* 20\d\d", log), "it reads the time", log[-1000:])

    agent = agent_of(board, "rtc")
    if not tap.ok(agent and agent["devices"] == [RTC], "scmi-medctl shows its agent and device", agent):
        return
    calls = calls_of(board, agent["agent"])
    for protocol, name, value in ((CLOCK, "CLOCK_CONFIG_SET", 1), (POWER, "POWER_STATE_SET", None),
                                  (RESET, "RESET", None)):
        seen = changes(calls, protocol)
        tap.ok(seen and all(c["status"] == 0 for c in seen), f"the firmware saw {name} from this agent", seen)
        if value is not None:
            tap.ok(any(c["a0"] == 1 and c["a1"] & 1 == value for c in seen), f"{name} of clock 1, on", seen)
    tap.ok(all(c["x7"] == agent["agent"] and c["fid"] == FUNCTION_ID + agent["agent"] and
               c["x1"] == 0 and c["x2"] == 0 for c in calls),
           "every call had this agent's function ID and x7, and nothing of the guest's registers")
    tap.ok(board.firmware_agent(agent["agent"]) == {"devices": 1, "clocks": 2, "powers": 2},
           "clock and power domain are on", board.firmware_agent(agent["agent"]))


def ctl(tap, board):
    """scmi-medctl: every verb, as table and JSON; exit codes."""
    for verb, has in (("agents", "rtc"), ("domains", "/pl031@9010000"), ("devices", "clocks 1"),
                      ("status", "13 of 14 free")):
        output = board.run(f"scmi-medctl {verb}")
        tap.ok(output.status == 0 and has in output.output, f"scmi-medctl {verb}", output)
        output = board.run(f"scmi-medctl --json {verb} > /tmp/{verb}.json; scmi-medctl --no-headings {verb}")
        tap.ok(output.status == 0, f"scmi-medctl --json {verb}", output)
    domain = next(d for d in listing(board, "domains") if d["domain"] == "rtc")
    tap.ok(domain["devices"] == ["/pl031@9010000"], "the domain's devices are listed by path", domain)
    device = next(d for d in listing(board, "devices") if d["path"] == "/pl031@9010000")
    tap.ok(device["ids"] == [RTC] and device["domain"] == "rtc" and
           {(r["protocol"], r["id"]) for r in device["resources"]} == {(CLOCK, 1), (POWER, 1), (RESET, 1)},
           "the device's ids, resources and holder", device)
    shown = board.run("scmi-medctl show rtc")
    tap.ok(shown.status == 0 and all(w in shown.output for w in ("/pl031@9010000", "access-controllers", "clocks")),
           "scmi-medctl show: the device, and why it is permitted", shown)
    result = board.run("scmi-medctl selftest")
    tap.ok(result.status == 0 and "FAILED" not in result.output and "libxl-hook" in result.output,
           "scmi-medctl selftest finds all in place", result)
    tap.ok(board.run("mv /usr/lib/xen/libxl-hook.so /tmp; scmi-medctl selftest; s=$?; "
                     "mv /tmp/libxl-hook.so /usr/lib/xen; (exit $s)").status == 9, "and says so if the plugin is not")
    tap.ok(board.run("scmi-medctl nonsense").status == 1, "an unknown verb is a usage error")
    tap.ok(board.run("scmi-medctl --socket /nowhere agents").status == 2, "no daemon has its own exit code")


def gpio_guest(tap, board):
    """A second guest with another device is another agent."""
    result = create(board, "gpio")
    tap.ok(result.status == 0, "xl create of a guest with the GPIO controller", result)
    log = board.guest_wait("gpio", "^GUEST done")
    tap.ok("GUEST device 9030000.gpio driver=pl061_gpio" in log, "its driver binds", log[-2000:])
    rtc, gpio = agent_of(board, "rtc"), agent_of(board, "gpio")
    tap.ok(gpio and gpio["devices"] == [GPIO] and gpio["agent"] != rtc["agent"],
           "it has an agent of its own, with its device only", gpio)
    tap.ok(board.firmware_agent(gpio["agent"]) == {"devices": 2, "clocks": 4, "powers": 4},
           "its clock and power domain are on", board.firmware_agent(gpio["agent"]))


def thief(tap, board):
    """A third guest names a clock that it was not granted."""
    before = board.firmware_agent(agent_of(board, "rtc")["agent"])
    result = create(board, "thief")
    tap.ok(result.status == 0, "xl create of a guest with an SCMI node of its own", result)
    log = board.guest_wait("thief", "^GUEST done")
    agent = agent_of(board, "thief")
    if not tap.ok(agent and agent["devices"] == [], "it has an agent without permission", agent):
        return
    denied = [c for c in calls_of(board, agent["agent"]) if c["status"] == DENIED]
    tap.ok(any(c["proto"] == CLOCK and c["a0"] == 1 for c in denied), "the firmware denies it the clock", denied)
    tap.ok("GUEST rtc none" in log and "driver=rtc-pl031" not in log, "its driver fails cleanly", log[-1500:])
    tap.ok(not re.search(r"Oops|Unable to handle|Kernel panic", log), "its kernel is fine", log[-1500:])
    tap.ok(board.firmware_agent(agent_of(board, "rtc")["agent"]) == before,
           "nothing changed for the first guest's agent")
    time = board.guest_run("rtc", "hwclock -r -u -f /dev/rtc0")
    tap.ok(time.status == 0 and " 20" in time.output, "the first guest reads the time as before", time)


def probe(tap, board):
    """A guest without any grant: no SCMI call, no page."""
    free = free_agents(board)
    result = create(board, "probe")
    tap.ok(result.status == 0, "xl create of the probe", result)
    log = board.until("cat /var/log/xen/console/guest-probe-vuart0.log", "PROBE done").replace("\r", "")
    for conduit in ("hvc", "smc"):
        tap.ok(f"PROBE {conduit} fid=0x82000011 x0=0xffffffff" in log,
               f"by {conduit}, the SCMI function ID is not supported", log)
    tap.ok("PROBE page address=0x22001000 unmapped" in log, "the shared page is not mapped in it", log)
    tap.ok(free_agents(board) == free, "it uses no agent")
    tap.ok("82000011" not in "\n".join(l for l in board.xen_log().split("\n") if "Unhandled" in l),
           "it cannot make Xen log its calls")


def main():
    """All of it on one board, one after the other."""
    tap = Tap()
    board = booted()
    for function in (rtc_guest, ctl, gpio_guest, thief, probe):
        scenario(tap, function, board)
    finish(tap)


if __name__ == "__main__":
    main()
