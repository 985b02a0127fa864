#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Guests whose partial device tree and xl.cfg lines scmi-medctl made."""
import re

from scenario import CLOCK, GPIO, RTC, Tap, agent_of, booted, calls_of, changes, create, finish, light, scenario

# The real-time clock has one more clock, which is not SCMI's, before its own.
MIXED = (r's/^\tfirmware {/\tmore: more-clock { compatible = "fixed-clock"; #clock-cells = <0>; '
         r'clock-frequency = <5000>; };\n&/;'
         r'/^&{.pl031@9010000}/,/^};/{s/clocks = </clocks = <\&more>, </;'
         r's/clock-names = /clock-names = "more", /}')

CONFIG = """name = "%s"
kernel = "/root/guest/vmlinuz"
ramdisk = "/root/guest/initrd"
extra = "console=hvc0 rdinit=/init loglevel=7"
memory = 128
vcpus = 1
"""


def generated(tap, board, name, device, lines):
    """Creates a guest with a device that only its path is known of."""
    made = board.run(f"scmi-medctl guest-dtb --device {device} -o /root/{name}.dtb", 60)
    tap.ok(made.status == 0, f"guest-dtb of {device}", made)
    tap.ok(all(line in made.output for line in lines), "it prints the lines of xl.cfg", made.output)
    board.put(f"/root/{name}.cfg", CONFIG % name + "\n".join(
        line for line in made.output.replace("\r", "").split("\n") if " = " in line) + "\n")
    result = board.run(f"xl create /root/{name}.cfg", 120)
    tap.ok(result.status == 0, f"xl create of a guest with {device}", result)
    return board.guest_wait(name, "^GUEST done")


def check(tap, board):
    """scmi-medctl check of the tree that Dom0 runs with."""
    result = board.run("scmi-medctl check /sys/firmware/fdt")
    tap.ok(result.status in (0, 5, 6) and "/pl031@9010000" in result.output,
           "check knows the devices", result)
    tap.ok(board.run("scmi-medctl check /etc/passwd").status == 7, "what is no tree is refused")


def clock(tap, board):
    """The real-time clock, from its path alone."""
    log = generated(tap, board, "rtc", "/pl031@9010000", ['iomem = ["0x9010,1"]', "irqs = [34]"])
    tap.ok(re.search(r"rtc-pl031 9010000\.\S+: registered as rtc0", log), "its driver binds", log[-2000:])
    tap.ok(re.search(r"GUEST rtc .*time=.* 20\d\d", log), "it reads the time", log[-1000:])
    agent = agent_of(board, "rtc")
    tap.ok(agent and agent["devices"] == [RTC], "it has an agent with this device", agent)


def gpio(tap, board):
    """The GPIO controller, from its path alone."""
    log = generated(tap, board, "gpio", "/pl061@9030000", ['iomem = ["0x9030,1"]', "irqs = [39]"])
    tap.ok(re.search(r"GUEST device 9030000\.\S+ driver=pl061_gpio", log), "its driver binds", log[-2000:])
    agent = agent_of(board, "gpio")
    tap.ok(agent and agent["devices"] == [GPIO], "it has an agent with this device", agent)


def mixed(tap):
    """A device with clocks of SCMI and others: the tree has an SCMI node to complete."""
    board = light("mixed", MIXED)
    log = generated(tap, board, "rtc", "/pl031@9010000", ["irqs = [34]"])
    tap.ok(re.search(r"rtc-pl031 9010000\.\S+: registered as rtc0", log), "its driver binds", log[-2000:])
    agent = agent_of(board, "rtc")
    seen = changes(calls_of(board, agent["agent"]), CLOCK)
    tap.ok(any(c["a0"] == 1 and c["a1"] & 1 and c["status"] == 0 for c in seen),
           "it switched its SCMI clock on", seen)


def written(tap, board):
    """A tree that somebody wrote by hand, with an SCMI node of its own."""
    board.ok("if xl domid rtc 2>/dev/null; then xl destroy rtc; fi", 60)
    result = create(board, "written")
    tap.ok(result.status == 0, "xl create of a guest with a tree written by hand", result)
    log = board.guest_wait("written", "^GUEST done")
    tap.ok(re.search(r"rtc-pl031 9010000\.\S+: registered as rtc0", log), "its driver binds", log[-2000:])
    agent = agent_of(board, "written")
    tap.ok(agent and agent["devices"] == [RTC], "it has an agent with this device", agent)
    tap.ok(board.firmware_agent(agent["agent"]) == {"devices": 1, "clocks": 2, "powers": 2},
           "its own references work: clock and power domain are on", board.firmware_agent(agent["agent"]))
    node = board.guest_run("written", "find /sys/firmware/devicetree/base -name scmi | while read n; do "
                           "od -An -tx1 $n/arm,smc-id; ls $n; done")
    tap.ok(node.status == 0 and "82 00 00 11" in node.output and "82 00 00 02" not in node.output and
           node.output.count("protocol@14") == 1 and "protocol@16" in node.output,
           "there is one SCMI node, with this host's function ID and all protocols", node)


def main():
    """One board for each host tree, one scenario after the other."""
    tap = Tap()
    board = booted()
    for function in (check, clock, gpio, written):
        scenario(tap, function, board)
    board.stop()
    scenario(tap, mixed)
    finish(tap)


if __name__ == "__main__":
    main()
