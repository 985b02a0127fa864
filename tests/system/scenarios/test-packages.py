#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Our packages: upgraded with a guest running, removed, purged, installed again.

They are what dpkg has installed in Dom0 (image.sh). The newer ones are the same
with a higher version: there is no release yet to upgrade from.
"""
from scenario import RTC, Tap, agent_of, booted, create, finish, scenario

OURS = "/usr/lib/aarch64-linux-gnu/scmi-med/libxenlight.so"
NAMES = "scmi-med-libxl scmi-med scmi-med-hypervisor-source"
DPKG = "DEBIAN_FRONTEND=noninteractive dpkg"
XL = "ldd $(ls -d /usr/lib/xen-4.*/bin/xl) | grep libxenlight"


def make_newer(board):
    """The same packages with a higher version, in /root/newer."""
    board.ok("(set -e; mkdir /root/newer; cd /root/newer; for deb in /root/packages/*.deb; do dpkg-deb -R $deb tree; "
             r"sed -i '/^Version:/s/$/.1/; s/\(scmi-med (= [^)]*\))/\1.1)/' tree/DEBIAN/control; "
             "dpkg-deb -b -Znone tree ${deb##*/}; rm -r tree; done)", 300)


def pid(board):
    """The daemon's process."""
    return board.ok("systemctl show -P MainPID scmi-medd").strip()


def identity(board):
    """What must not change about the guest's agent; its calls may be more by now."""
    agent = agent_of(board, "rtc") or {}
    return {name: agent.get(name) for name in ("agent", "state", "domid", "domain", "frame", "devices")}


def reads_time(tap, board, when):
    """The guest still reaches its clock through its agent."""
    time = board.guest_run("rtc", "hwclock -r -u -f /dev/rtc0")
    tap.ok(time.status == 0 and " 20" in time.output, f"{when}: the guest reads the time", time)


def installed(tap, board):
    """What image.sh had dpkg install, or this test."""
    debs = board.ok("ls /root/packages").split()
    tap.ok(len(debs) == 3 and all("scmi-med" in d for d in debs), "there are three packages", debs)
    states = board.run("systemctl is-enabled scmi-medd; systemctl is-active scmi-medd")
    tap.ok(states.output.split() == ["enabled", "active"], "the daemon is enabled, and runs", states)
    tap.ok(OURS in board.run(XL).output, "xl uses the hooked libxenlight", board.run(XL))
    verify = board.run(f"dpkg -V {NAMES}; dpkg --audit")
    tap.ok(verify.status == 0 and not verify.output, "every file is as in its package", verify)
    result = board.run("/usr/src/scmi-med-hypervisor/apply.sh --check /nowhere")
    tap.ok("/nowhere is no source tree of Xen" in result.output, "the patch's script runs", result)


def guest(tap, board):
    """A guest gets its agent from what the packages brought."""
    board.ok("rm -f /var/log/xen/console/guest-rtc.log")
    result = create(board, "rtc")
    tap.ok(result.status == 0, "xl create", result)
    board.guest_wait("rtc", "^GUEST done")
    agent = agent_of(board, "rtc")
    tap.ok(agent and agent["devices"] == [RTC], "it has its agent and device", agent)
    reads_time(tap, board, "with the packages")


def upgrade(tap, board):
    """Newer packages, while the guest runs."""
    agent, domid, before = identity(board), board.ok("xl domid rtc"), pid(board)
    firmware = board.firmware_agent(agent["agent"])
    make_newer(board)
    result = board.run(f"{DPKG} -i /root/newer/*.deb", 300)
    tap.ok(result.status == 0, "they upgrade", result)
    versions = board.ok(f"dpkg-query -W -f '${{Version}}\\n' {NAMES}").split()
    tap.ok(len(versions) == 3 and all(v.endswith(".1") for v in versions), "to the newer version", versions)
    tap.ok(pid(board) not in ("0", before), "the daemon was started again", (before, pid(board)))
    tap.ok(board.ok("xl domid rtc") == domid and identity(board) == agent,
           "the guest is the same, with the same agent", (agent, identity(board)))
    tap.ok(board.firmware_agent(agent["agent"]) == firmware, "the firmware's state of it is the same", firmware)
    tap.ok(OURS in board.run(XL).output, "xl still uses the hooked libxenlight", board.run(XL))
    reads_time(tap, board, "after the upgrade")


def remove(tap, board):
    """They are removed, and purged."""
    result = board.run(f"{DPKG} -r {NAMES}", 300)
    tap.ok(result.status == 0, "they are removed", result)
    tap.ok(board.run("pidof scmi-medd").status != 0, "the daemon does not run any more")
    used = board.run(XL)
    tap.ok("/aarch64-linux-gnu/libxenlight.so" in used.output and OURS not in used.output,
           "xl uses Debian's libxenlight", used)
    reads_time(tap, board, "after the removal")
    board.ok("xl destroy rtc")
    result = board.run(f"{DPKG} -P {NAMES}", 300)
    tap.ok(result.status == 0, "they are purged", result)
    left = board.run("find / -xdev '(' -name '*scmi-med*' -o -name libxl-hook.so ')' -not -path '/root/packages/*' "
                     "-not -path '/root/newer/*'")
    tap.ok(left.status == 0 and not left.output.strip(), "nothing is left", left)


def unhooked(tap, board):
    """Without the package for libxl, selftest says what is missing."""
    board.ok(f"{DPKG} -r scmi-med-libxl", 300)
    result = board.run("scmi-medctl selftest")
    tap.ok(result.status == 9 and "/aarch64-linux-gnu/libxenlight.so" in result.output
           and "lacks the hook" in result.output, "selftest: the libxenlight without a hook", result)


def install(tap, board):
    """They are installed where nothing of them is, and Xen runs."""
    result = board.run(f"{DPKG} -i /root/packages/*.deb", 300)
    tap.ok(result.status == 0, "they install", result)


def main():
    """All of it on one board."""
    tap = Tap()
    board = booted()
    for part in (installed, guest, upgrade, unhooked, remove, install, installed, guest):
        scenario(tap, part, board)
    finish(tap)


if __name__ == "__main__":
    main()
