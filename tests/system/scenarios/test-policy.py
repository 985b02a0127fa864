#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Devices that share a clock, and what /etc/scmi-med/policy.conf says."""
from scenario import (GPIO, RTC, BoardError, Tap, agent_of, booted, create, finish, free_agents, later,
                      light, make_tree, scenario)

POLICY = "/etc/scmi-med/policy.conf"
RTC_PATH, GPIO_PATH = "/pl031@9010000", "/pl061@9030000"
# The GPIO controller uses the clock of the real-time clock.
ONE_CLOCK = r"/^&{.pl061@9030000}/,/^};/s/scmi_clk 2/scmi_clk 1/"
# Dom0 keeps a device that uses it, too.
WITH_DOM0 = ONE_CLOCK + r";/^&{.virtio_mmio@a000000}/,/^};/s/};/\tclocks = <\&scmi_clk 1>;\n};/"


def write(board, text):
    """Puts a policy in place, for this scenario."""
    later(board, f"rm -f {POLICY}; systemctl reload-or-restart scmi-medd")
    board.ok("mkdir -p /etc/scmi-med")
    board.put(POLICY, text)


def reload(board, pattern, is_wrong=False):
    """systemctl reload, which fails if something is wrong; what the daemon says of it."""
    # The journal's end, so that what was said before does not count.
    board.ok("journalctl -q -u scmi-medd -n 0 --show-cursor | sed -n 's/^-- cursor: //p' > /run/at")
    result = board.run("systemctl reload scmi-medd")
    if (result.status != 0) != is_wrong:
        raise BoardError(f"systemctl reload: {result}")
    return board.until('journalctl -q -u scmi-medd -o cat --after-cursor="$(cat /run/at)"', pattern)


def refused(tap, board, why, name, config, *words):
    """xl create fails, its message has the words, and nothing is used up."""
    free = free_agents(board)
    result = create(board, name, config=config)
    tap.ok(result.status != 0, f"{why}: xl create fails", result)
    for word in words:
        tap.ok(word in result.output, f"{why}: the message has {word!r}", result)
    tap.ok(board.run(f"xl domid {name}").status != 0, f"{why}: the domain is gone")
    tap.ok(free_agents(board) == free, f"{why}: no agent is used up")


def granted(tap, board, why, name, config, device):
    """xl create works, and the agent has the device."""
    result = create(board, name, "-p", config)
    agent = agent_of(board, name)
    tap.ok(result.status == 0 and agent and agent["devices"] == [device], f"{why}: it is created",
           (result, agent))
    return agent and agent["agent"]


def sharing(tap, board):
    """The second of two devices that share a clock."""
    result = create(board, "first", config="rtc")
    tap.ok(result.status == 0, "a first domain gets the real-time clock", result)
    board.guest_wait("first", "^GUEST done")
    domid = board.ok("xl domid first").strip()
    words = (RTC_PATH, GPIO_PATH, "clock 1 (protocol 0x14", f"domain {domid} (first)",
             '"allow clock 1"', POLICY)
    refused(tap, board, "shared", "second", "gpio", *words)
    write(board, "# of both\nallow clock 1\n")
    reload(board, "1 allowed")
    granted(tap, board, "allowed", "second", "gpio", GPIO)
    board.ok("xl destroy second")
    write(board, "allow clock 2\nallow clocks 1\n")
    said = reload(board, "keeping the policy", is_wrong=True)
    tap.ok(f'{POLICY}:2: "clocks" is no kind of resource' in str(said), "a wrong policy is logged", said)
    granted(tap, board, "the old one in force", "second", "gpio", GPIO)
    board.ok("xl destroy second")
    board.ok(f"rm {POLICY}")
    reload(board, "no policy any more")
    refused(tap, board, "the policy gone", "second", "gpio", *words)
    board.ok("xl destroy first")
    granted(tap, board, "the first one gone", "second", "gpio", GPIO)
    board.ok("xl destroy second")


def pinned(tap, board):
    """A domain that has an agent of its own."""
    write(board, "pin mine 9\n")
    reload(board, "1 pinned")
    tap.ok(granted(tap, board, "pinned", "mine", "rtc", RTC) == 9, "it has the agent of its line")
    board.ok("xl destroy mine")
    write(board, "pin mine 3\n")
    reload(board, "1 pinned")
    tap.ok(granted(tap, board, "another", "other", "rtc", RTC) == 4, "it has none that is pinned")
    board.ok("xl destroy other")


def forbidden(tap, board):
    """A device that no guest gets, whatever the tree says."""
    write(board, f"\nforbid {RTC_PATH}\n")
    reload(board, "1 forbidden")
    refused(tap, board, "forbidden", "late", "rtc", f"{POLICY}:2", f'"forbid {RTC_PATH}"')
    granted(tap, board, "another device", "other", "gpio", GPIO)
    board.ok("xl destroy other")


def start(tap, board):
    """The service with a wrong policy."""
    write(board, "forbid /nothing\n")
    result = board.run("systemctl restart scmi-medd", 120)
    tap.ok(result.status != 0, "it does not start", result)
    state = board.ok("systemctl show -p ExecMainStatus -p ActiveState scmi-medd")
    tap.ok("ExecMainStatus=11" in state and "ActiveState=failed" in state,
           "it has failed with 11, and is not tried again", state)
    log = board.ok("journalctl -q -u scmi-medd -o cat -n 20")
    tap.ok(f'{POLICY}:1: device "/nothing" is not in the host device tree' in log, "the log says why", log)
    result = create(board, "late", config="rtc")
    tap.ok(result.status != 0, "nobody gets a device", result)
    board.ok(f"rm {POLICY}")
    board.ok("systemctl start scmi-medd", 120)
    granted(tap, board, "put right", "late", "rtc", RTC)
    board.ok("xl destroy late")


def dom0(tap):
    """A device that shares a clock with one that Dom0 keeps."""
    board = light("shared-dom0", WITH_DOM0)
    refused(tap, board, "shared with Dom0", "one", "rtc", RTC_PATH, "/virtio_mmio@a000000",
            "Dom0 keeps", '"allow clock 1"')
    board.ok("mkdir -p /etc/scmi-med")
    board.put(POLICY, "allow clock 1\n")
    board.ok("scmi-medctl reload")
    board.until("cat /run/scmi-medd.log", "1 allowed")
    granted(tap, board, "allowed", "one", "rtc", RTC)


def main():
    """One board for each host tree, one scenario after the other."""
    tap = Tap()
    board = booted(make_tree("shared", ONE_CLOCK))
    for function in (sharing, pinned, forbidden, start):
        scenario(tap, function, board)
    board.stop()
    scenario(tap, dom0)
    finish(tap)


if __name__ == "__main__":
    main()
