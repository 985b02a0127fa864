#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""scmi-medctl attach and detach: devices of a stock guest that runs."""
import re

from scenario import (CLOCK, DENIED, GPIO, NOTHING, RTC, Tap, agent_of, booted, calls_of, changes,
                      check_revoked, create, finish, free_agents, make_tree, scenario)

RTC_PATH, GPIO_PATH = "/pl031@9010000", "/pl061@9030000"
DOM0 = 1
# Dom0 keeps the GPIO controller; see test-dom0.py.
KEPT = r"/^&{.pl061@9030000}/,/^};/{/xen,passthrough/d;s/access-controllers = .*/scmi_devid = <11>;/}"
DRIVER = "/sys/bus/amba/drivers/rtc-pl031"
GPIO_BIT = 1 << (GPIO - 10)


def change(board, verb, domain, device):
    """scmi-medctl attach or detach."""
    return board.run(f"scmi-medctl {verb} {domain} {device}", 60)


def refused(tap, board, why, result, *words):
    """A change that is refused, with these words, and an exit status of its own."""
    tap.ok(result.status == 3 and all(w in result.output for w in words), f"{why}: refused, with the reason", result)


def start(tap, board):
    """A guest whose driver has to do without its clock."""
    result = create(board, "attach")
    tap.ok(result.status == 0, "xl create of a guest with an agent and no device", result)
    log = board.guest_wait("attach", "^GUEST done")
    agent = agent_of(board, "attach")
    tap.ok(agent["devices"] == [] and "driver=rtc-pl031" not in log, "its driver does not bind", log[-1500:])
    denied = [c for c in changes(calls_of(board, agent["agent"]), CLOCK) if c["status"] == DENIED]
    tap.ok(denied, "the firmware denies it the clock", calls_of(board, agent["agent"]))


def attached(tap, board):
    """The device is attached, and the guest's own driver works."""
    agent = agent_of(board, "attach")["agent"]
    result = change(board, "attach", "attach", RTC_PATH)
    tap.ok(result.status == 0 and not result.output.strip(), "attach by the guest's name", result)
    tap.ok(agent_of(board, "attach")["devices"] == [RTC], "scmi-medctl shows the device", agent_of(board, "attach"))
    bound = board.guest_run("attach", f"cd {DRIVER}; echo 9010000.rtc > bind; ls -d 9010000.rtc")
    tap.ok(bound.status == 0, "the guest's driver binds", bound)
    tap.ok(board.firmware_agent(agent) == {"devices": 1, "clocks": 2, "powers": 0}, "its clock is on",
           board.firmware_agent(agent))
    time = board.guest_run("attach", "hwclock -r -u -f /dev/rtc0")
    tap.ok(time.status == 0 and " 20" in time.output, "it reads the time", time)
    refused(tap, board, "once more", change(board, "attach", "attach", RTC_PATH), RTC_PATH, "already")
    free = free_agents(board)
    result = create(board, "rtc")
    tap.ok(result.status != 0 and RTC_PATH in result.output and "(attach)" in result.output,
           "another guest with the device is refused, and told who has it", result)
    tap.ok(free_agents(board) == free, "that uses up no agent")


def detached(tap, board):
    """It is detached from the running guest, which goes on without."""
    agent = agent_of(board, "attach")["agent"]
    domid = board.ok("xl domid attach").strip()
    result = change(board, "detach", domid, RTC_PATH)
    tap.ok(result.status == 0, "detach by the guest's id", result)
    tap.ok(board.firmware_agent(agent)["devices"] == 0 and agent_of(board, "attach")["devices"] == [],
           "the firmware permits it no more", board.firmware_agent(agent))
    place = board.firmware_now()
    board.guest_run("attach", f"echo 9010000.rtc > {DRIVER}/unbind")
    seen = changes(board.firmware(f"call agent={agent} ", place), CLOCK)
    tap.ok(seen and all(c["status"] == DENIED for c in seen), "the guest's orders for its clock are denied", seen)
    refused(tap, board, "once more", change(board, "detach", "attach", RTC_PATH), RTC_PATH, "does not have")
    result = create(board, "rtc", "-p")
    tap.ok(result.status == 0, "now another guest gets the device", result)
    refused(tap, board, "it is another's", change(board, "attach", "attach", RTC_PATH), RTC_PATH, "(rtc)")
    board.ok("xl destroy rtc")


def dom0(tap, board):
    """A device that Dom0 drives: it hands it over, and gets it back."""
    result = change(board, "attach", "attach", GPIO_PATH)
    m = re.search(r"echo \S+ > /sys/bus/\S+/unbind", result.output.replace("\r", ""))
    refused(tap, board, "in use", result, GPIO_PATH)
    if not tap.ok(m, "the command that unbinds it is shown", result):
        return
    board.ok(m.group(0))
    agent = agent_of(board, "attach")["agent"]
    result = change(board, "attach", "attach", GPIO_PATH)
    tap.ok(result.status == 0, "not in use any more, it is attached", result)
    tap.ok(board.firmware_agent(agent)["devices"] == GPIO_BIT and
           not board.firmware_agent(DOM0)["devices"] & GPIO_BIT, "the guest has it, Dom0 does not")
    result = change(board, "detach", "attach", GPIO_PATH)
    tap.ok(result.status == 0 and board.firmware_agent(agent)["devices"] == 0 and
           board.firmware_agent(DOM0)["devices"] & GPIO_BIT, "detached, it is Dom0's again", result)


def unknown(tap, board):
    """What cannot be attached."""
    for device, words in (("/nothing@1", "is not in the host device tree"), ("/cpus", "does not use SCMI"),
                          ("nothing", "is not absolute")):
        refused(tap, board, device, change(board, "attach", "attach", device), words)
    refused(tap, board, "an unknown guest", change(board, "attach", "nobody", RTC_PATH), '"nobody"', "xl list")
    refused(tap, board, "Dom0", change(board, "attach", "0", RTC_PATH), "no guest")
    result = create(board, "plain", "-p")
    tap.ok(result.status == 0, "a guest without an agent", result)
    refused(tap, board, "no agent", change(board, "attach", "plain", RTC_PATH), "no SCMI agent")
    tap.ok(board.firmware_agent(agent_of(board, "attach")["agent"]) == NOTHING, "nobody got anything")


def killed(tap, board):
    """What is attached goes with the guest."""
    agent = agent_of(board, "attach")["agent"]
    board.ok(f"scmi-medctl attach attach {RTC_PATH}")
    board.ok("systemctl stop scmi-medd; xl destroy attach", 60)
    board.ok("systemctl start scmi-medd", 120)
    check_revoked(tap, board, agent, "destroyed")


def main():
    """All of it on one board, one after the other."""
    tap = Tap()
    board = booted(make_tree("dom0", KEPT))
    for function in (start, attached, detached, dom0, unknown, killed):
        scenario(tap, function, board)
    finish(tap)


if __name__ == "__main__":
    main()
