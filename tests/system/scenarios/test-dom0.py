#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A device that Dom0 drives: handed to a guest, and given back, whatever ends."""
import re

from scenario import (CLOCK, GPIO, Tap, agent_of, booted, changes, check_revoked, create,
                      finish, later, make_tree, scenario)

DOM0 = 1
# The device is Dom0's at boot. Its id is in scmi_devid: for access-controllers,
# Linux waits for a driver of the trusted node, which only Xen knows, for ever.
KEPT = r"/^&{.pl061@9030000}/,/^};/{/xen,passthrough/d;s/access-controllers = .*/scmi_devid = <11>;/}"
DRIVERS = "/sys/bus/amba/drivers/pl061_gpio"
BIT = 1 << (GPIO - 10)
DISK_BIT = 1 << (12 - 10)


def has(board, agent):
    """Whether the firmware permits the device to an agent."""
    return bool(board.firmware_agent(agent)["devices"] & BIT)


def wait_back(board):
    """Until scmi-medctl shows the device with Dom0."""
    board.until("scmi-medctl --json agents | tr -d ' \\n'", rf'"agent":{DOM0},[^}}]*"devices":\[[^]]*{GPIO}', 60)


def bind(tap, board, why):
    """Dom0's driver binds, and its clock is switched on by Dom0's agent."""
    place = board.firmware_now()
    result = board.run(f"echo 9030000.pl061 > {DRIVERS}/bind")
    tap.ok(result.status == 0 and board.run(f"test -e {DRIVERS}/9030000.pl061").status == 0,
           f"{why}: Dom0's driver binds", result)
    seen = changes(board.firmware(f"call agent={DOM0} ", place), CLOCK)
    tap.ok(any(c["a0"] == 2 and c["a1"] & 1 and c["status"] == 0 for c in seen),
           f"{why}: and switches its clock on", seen)


def refused(tap, board):
    """A device in use is refused; the command that is shown unbinds it."""
    # Its tree does not say xen,passthrough: Xen disables such devices for it.
    tap.ok(board.firmware_agent(DOM0)["devices"] == BIT | DISK_BIT,
           "the firmware permits Dom0 the device, its disk, and nothing of the guests'", board.firmware_agent(DOM0))
    tap.ok(board.run(f"test -e {DRIVERS}/9030000.pl061").status == 0, "Dom0's driver is bound",
           board.run(f"ls {DRIVERS} /sys/bus/amba/devices"))
    result = create(board, "gpio", config="dom0")
    m = re.search(r"echo \S+ > /sys/bus/\S+/unbind", result.output.replace("\r", ""))
    tap.ok(result.status != 0 and m, "xl create is refused, with the command to unbind it", result)
    tap.ok(has(board, DOM0) and agent_of(board, "gpio") is None, "nothing has changed")
    board.ok(m.group(0))
    tap.ok(board.run(f"test -e {DRIVERS}/9030000.pl061").status != 0, "the command unbinds it")


def configure(board):
    """A guest without the interrupt: Xen leaves that with Dom0."""
    board.ok("sed '/^irqs/d;s/^name.*/name = \"gpio\"/' /root/guest/gpio.cfg > /root/guest/dom0.cfg")


def guest(tap, board, why):
    """Creates the guest; returns its agent's id."""
    place = board.firmware_now()
    board.ok("rm -f /var/log/xen/console/guest-gpio.log")
    result = create(board, "gpio", config="dom0")
    tap.ok(result.status == 0, f"{why}: xl create", result)
    log = board.guest_wait("gpio", "^GUEST done")
    tap.ok(re.search(r"GUEST device 9030000\.\S+ driver=pl061_gpio", log), f"{why}: the guest's driver binds",
           log[-2000:])
    agent = agent_of(board, "gpio")["agent"]
    orders = [(c["a0"], c["a2"]) for c in board.firmware("call ", place)
              if c["proto"] == 0x10 and c["msg"] == 0x9 and c["a1"] == GPIO]
    tap.ok(orders[:2] == [(DOM0, 0), (agent, 1)], f"{why}: taken from Dom0 first, then permitted to the guest",
           orders)
    tap.ok(not has(board, DOM0) and has(board, agent), f"{why}: the guest has it, Dom0 does not")
    return agent


def back(tap, board, agent, why):
    """Dom0 has it again and nobody else, and its driver works."""
    wait_back(board)
    tap.ok(has(board, DOM0), f"{why}: the firmware permits it to Dom0 again", board.firmware_agent(DOM0))
    check_revoked(tap, board, agent, why)
    bind(tap, board, why)
    board.ok(f"echo 9030000.pl061 > {DRIVERS}/unbind")


def handed_over(tap, board):
    """To a guest and back."""
    agent = guest(tap, board, "once unbound")
    board.ok("xl destroy gpio")
    back(tap, board, agent, "destroyed")


def stop_daemon(board):
    """It dies, and stays dead."""
    later(board, "systemctl unmask --runtime scmi-medd; systemctl daemon-reload; systemctl start scmi-medd")
    board.ok("systemctl mask --runtime scmi-medd; pkill -9 -x scmi-medd; sleep 1")


def start_daemon(board):
    """The next one."""
    board.ok("systemctl unmask --runtime scmi-medd; systemctl daemon-reload; systemctl start scmi-medd", 120)


def restarted(tap, board):
    """The daemon is killed while the guest lives."""
    agent = guest(tap, board, "before a restart")
    stop_daemon(board)
    start_daemon(board)
    tap.ok(not has(board, DOM0) and has(board, agent), "a new daemon leaves it with the guest")
    board.ok("xl destroy gpio")
    back(tap, board, agent, "destroyed after a restart")


def without(tap, board):
    """The guest is destroyed while there is no daemon."""
    agent = guest(tap, board, "before the daemon dies")
    stop_daemon(board)
    board.ok("xl destroy gpio")
    tap.ok(not has(board, DOM0) and not has(board, agent), "destroyed without a daemon: nobody has it")
    start_daemon(board)
    back(tap, board, agent, "the next daemon")


def main():
    """All of it on one board, one after the other."""
    tap = Tap()
    board = booted(make_tree("dom0", KEPT))
    configure(board)
    for function in (refused, handed_over, restarted, without):
        scenario(tap, function, board)
    finish(tap)


if __name__ == "__main__":
    main()
