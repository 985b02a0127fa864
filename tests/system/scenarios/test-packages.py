#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Our packages: upgraded with a guest running, removed, purged, installed again.

They are what dpkg has installed in Dom0 (image.sh). The newer ones are the same
with a higher version: there is no release yet to upgrade from.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

from scenario import HERE, RTC, Board, Tap, agent_of, create, finish, scenario

sys.path.insert(0, os.path.dirname(HERE))
from qemu import BOARD, TWIN  # noqa: E402  (found by the path above)

BUILD = os.path.dirname(BOARD)
OLD = [d for d in sorted(glob.glob(f"{BUILD}/deb{TWIN}/*.deb")) if "-dbgsym_" not in d]
OURS = "/usr/lib/aarch64-linux-gnu/scmi-med/libxenlight.so"
NAMES = "scmi-med-libxl scmi-med scmi-med-hypervisor-source"
DPKG = "DEBIAN_FRONTEND=noninteractive dpkg"
XL = "ldd $(ls -d /usr/lib/xen-4.*/bin/xl) | grep libxenlight"


def newer(deb, folder):
    """The same package with a higher version."""
    tree = tempfile.mkdtemp(dir=folder)
    subprocess.run(["dpkg-deb", "-R", deb, tree], check=True)
    control = os.path.join(tree, "DEBIAN/control")
    with open(control, encoding="utf-8") as f:
        text = f.read()
    version = re.search(r"^Version: (.*)$", text, re.MULTILINE).group(1)
    with open(control, "w", encoding="utf-8") as f:
        f.write(text.replace(version, version + ".1"))
    subprocess.run(["dpkg-deb", "-b", "--root-owner-group", tree, f"{folder}/new-{os.path.basename(deb)}"],
                   check=True, stdout=subprocess.DEVNULL)
    return f"{folder}/new-{os.path.basename(deb)}"


def make_disk(folder):
    """A copy of Dom0's disk with packages on it."""
    disk = f"{folder}/disk.img"
    subprocess.run(["cp", "--sparse=always", f"{BOARD}/dom0.img", disk], check=True)
    orders = ["mkdir /root/deb"]
    for part, debs in (("old", OLD), ("new", [newer(d, folder) for d in OLD])):
        orders.append(f"mkdir /root/deb/{part}")
        orders += [f"write {d} /root/deb/{part}/{os.path.basename(d)}" for d in debs]
    with open(f"{folder}/orders", "w", encoding="utf-8") as f:
        f.write("\n".join(orders) + "\n")
    # Where Debian's mke2fs is.
    env = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
    subprocess.run(["debugfs", "-w", "-f", f"{folder}/orders", disk], check=True, env=env,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return disk


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
    result = board.run(f"{DPKG} -i /root/deb/new/*.deb", 300)
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
    left = board.run("find / -xdev '(' -name '*scmi-med*' -o -name libxl-hook.so ')' -not -path '/root/deb/*'")
    tap.ok(left.status == 0 and not left.output.strip(), "nothing is left", left)


def unhooked(tap, board):
    """Without the package for libxl, selftest says what is missing."""
    board.ok(f"{DPKG} -r scmi-med-libxl", 300)
    result = board.run("scmi-medctl selftest")
    tap.ok(result.status == 9 and "/aarch64-linux-gnu/libxenlight.so" in result.output
           and "lacks the hook" in result.output, "selftest: the libxenlight without a hook", result)


def install(tap, board):
    """They are installed where nothing of them is, and Xen runs."""
    result = board.run(f"{DPKG} -i /root/deb/old/*.deb", 300)
    tap.ok(result.status == 0, "they install", result)


def main():
    """All of it on one board."""
    tap = Tap()
    tap.ok(len(OLD) == 3, "there are three packages", OLD)
    with tempfile.TemporaryDirectory(prefix="scmi-med-packages-") as folder:
        board = Board()
        board._boot_from_reset(f"file={make_disk(folder)},format=raw,snapshot=on")  # pylint: disable=protected-access
        for part in (installed, guest, upgrade, unhooked, remove, install, installed, guest):
            scenario(tap, part, board)
        board.stop()
    finish(tap)


if __name__ == "__main__":
    main()
