#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the daemon stands on gives way, on the board: scmi-medd(8), FAILURES."""
from scenario import Tap, agent_of, booted, finish, later, scenario

DROP_IN = "/run/systemd/system/scmi-medd.service.d"
GUEST = "/root/guest/good.cfg"


def pid(board):
    """The daemon's process."""
    return board.ok("systemctl show -P MainPID scmi-medd").strip()


def created(tap, board, when):
    """A guest gets its device, and is destroyed."""
    result = board.run(f"xl create -p {GUEST}", 120)
    agent = agent_of(board, "good")
    tap.ok(result.status == 0 and agent and agent["devices"], f"{when}: a guest gets its device", result)
    board.ok("xl destroy good")
    board.until("xl list | wc -l", "^2$", 60)


def hangs(tap, board):
    """The daemon hangs: systemd starts it again, and guests keep what they have."""
    later(board, f"rm -rf {DROP_IN}; systemctl daemon-reload; systemctl restart scmi-medd")
    # A busy machine does not keep the daemon from its turn for so long. Stopped, it does not see
    # systemd's SIGABRT, and is killed after the second time.
    board.ok(f"mkdir -p {DROP_IN}; printf '[Service]\\nWatchdogSec=15\\nTimeoutAbortSec=3\\n' > {DROP_IN}/test.conf; "
             "systemctl daemon-reload; systemctl restart scmi-medd", 120)
    board.ok(f"xl create {GUEST}", 120)
    before, agent = pid(board), agent_of(board, "good")
    board.ok(f"kill -STOP {before}")
    board.until("systemctl show -P MainPID scmi-medd; systemctl is-active scmi-medd",
                rf"^(?!0\b|{before}\b)\d+\s+active", 120)
    board.until("scmi-medctl status", "agents", 60)
    after = agent_of(board, "good")
    tap.ok(after and [after[name] for name in ("agent", "devices", "state")] ==
           [agent[name] for name in ("agent", "devices", "state")], "there is a new one, and the guest has its device",
           (agent, after))
    log = board.run("journalctl -u scmi-medd --no-pager | grep -i watchdog")
    tap.ok(log.status == 0, "the journal says why", log)
    board.ok(f"xl destroy good; rm -r {DROP_IN}; systemctl daemon-reload; systemctl restart scmi-medd", 120)
    created(tap, board, "afterwards")


def jumps(tap, board):
    """The clock jumps, by ten years and back."""
    before = pid(board)
    for jump in ("+10 years", "-10 years"):
        board.ok(f"date -s '{jump}'")
        created(tap, board, f"the clock jumps by {jump}")
    tap.ok(pid(board) == before, "the daemon is the same", before)


def full(tap, board):
    """No room is left on the disk, nor in /run."""
    later(board, "rm -f /fill /fill2 /run/fill /run/fill2")
    board.ok("for to in / /run; do dd if=/dev/zero of=$to/fill bs=64k 2> /dev/null; "
             "dd if=/dev/zero of=$to/fill2 bs=1 count=100000 2> /dev/null; done; true", 300)
    room = board.ok("df --output=avail / /run | tail -n 2").split()
    tap.ok(room == ["0", "0"], "there is none", room)
    board.ok("systemctl restart scmi-medd", 120)
    tap.ok(board.run("scmi-medctl status").status == 0, "the daemon starts, and answers")
    board.ok("rm -f /fill /fill2 /run/fill /run/fill2")
    created(tap, board, "with room again")


def main():
    """All of it on one board."""
    tap = Tap()
    board = booted()
    for part in (hangs, jumps, full):
        scenario(tap, part, board)
    board.stop()
    finish(tap)


if __name__ == "__main__":
    main()
