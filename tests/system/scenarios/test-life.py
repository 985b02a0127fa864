#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""However a domain or the daemon ends: no permission outlives its domain."""
import json
import re

from scenario import (RTC, Tap, agent_of, booted, check_revoked, create, finish, later, listing, scenario)

DRIVER = "/sys/bus/amba/drivers/rtc-pl031"


def rtc_guest(board, extra=""):
    """Creates a guest with the clock; returns its agent's id."""
    board.ok("rm -f /var/log/xen/console/guest-rtc.log")
    board.ok("xl create /root/guest/rtc.cfg 'extra=\"console=hvc0 rdinit=/init loglevel=7 "
             f"{extra}\"'", 120)
    return agent_of(board, "rtc")["agent"]


def calls_in_top(board):
    """What top says, twice, while the guest's driver goes and comes back."""
    board.ok("scmi-medctl --json --delay 5 -n 2 top > /tmp/top & echo $! > /tmp/top.pid")
    while board.run("kill -0 $(cat /tmp/top.pid)").status == 0:
        board.guest_run("rtc", f"echo 9010000.rtc > {DRIVER}/unbind; echo 9010000.rtc > {DRIVER}/bind")
    return [json.loads(line) for line in board.ok("cat /tmp/top").splitlines()]


def gone(board):
    """Waits until Xen has no domain but Dom0: names go before domains do."""
    board.until("xl list | wc -l", "^2$", 90)


def destroy(tap, board):
    """xl destroy."""
    agent = rtc_guest(board)
    board.guest_wait("rtc", "^GUEST done")
    samples = calls_in_top(board)
    tap.ok(len(samples) == 2 and any(a["domain"] == "rtc" and a["agent"] == agent and a["calls_per_second"]
                                     for s in samples for a in s["agents"]),
           "scmi-medctl top shows the guest's calls", samples)
    board.ok("xl destroy rtc")
    check_revoked(tap, board, agent, "xl destroy")


def poweroff(tap, board):
    """The guest powers off."""
    agent = rtc_guest(board, "run=poweroff")
    gone(board)
    check_revoked(tap, board, agent, "poweroff")


def crash(tap, board):
    """The guest crashes."""
    events = len(board.firmware())
    board.ok("xl create /root/guest/crash.cfg", 120)
    gone(board)
    log = board.ok("cat /var/log/xen/xl-crash.log")
    tap.ok("reason code 3" in log, "the toolstack saw a crash", log)
    agent = next(e["a0"] for e in board.firmware()[events:] if e["kind"] == "call" and e["proto"] == 0x10
                 and e["msg"] == 0x9 and e["a2"] == 1)
    check_revoked(tap, board, agent, "crash")


def reboot(tap, board):
    """The guest reboots: a new domain, granted anew."""
    rtc_guest(board)
    before = board.ok("xl domid rtc")
    board.guest_wait("rtc", "^GUEST done")
    first = agent_of(board, "rtc")["agent"]
    events = len(board.firmware())
    board.ok("rm -f /var/log/xen/console/guest-rtc.log")
    board.ok("echo 'reboot -f' > $(xenstore-read /local/domain/$(xl domid rtc)/console/tty)")
    board.until(f"xl domid rtc | grep -vx {before} || true", r"^\d+", 120)
    board.until("scmi-medctl --json agents | grep -c '\"domain\": \"rtc\"' || true", "^1", 60)
    agent = agent_of(board, "rtc")
    tap.ok(str(agent["domid"]) == board.ok("xl domid rtc") != before, "the new domain has an agent", agent)
    tap.ok(agent["devices"] == [RTC], "with the device", agent)
    resets = [e for e in board.firmware()[events:] if e["kind"] == "call" and e["msg"] == 0xb
              and e["proto"] == 0x10 and e["a0"] == first]
    tap.ok(resets and resets[0]["status"] == 0, "the old domain's agent was reset in between", resets)
    log = board.guest_wait("rtc", "^GUEST done")
    tap.ok("registered as rtc0" in log, "its driver binds again", log[-1500:])
    board.ok("xl destroy rtc")
    check_revoked(tap, board, agent["agent"], "after the reboot")


def watch(board):
    """scmi-medctl monitor from now on."""
    board.ok("scmi-medctl --json monitor > /tmp/events 2>&1 & echo $! > /tmp/monitor")
    board.until("cat /tmp/events", '"event":"watching"')


def watched(tap, board):
    """What scmi-medctl monitor has told of all that."""
    board.until("grep -c '\"event\":\"released\"' /tmp/events", "^5$")
    events = [json.loads(line) for line in board.ok("cat /tmp/events").splitlines()][1:]
    lives = {}
    for e in events:
        lives.setdefault(e["domid"], []).append((e["event"], e["domain"], e["agent"]))
    tap.ok(sorted(life[0][1] for life in lives.values()) == ["crash"] + ["rtc"] * 4,
           "scmi-medctl monitor told of each domain", events)
    tap.ok(all([e for e, _, _ in life] == ["granted", "released"] and life[0][1:] == life[1][1:]
               for life in lives.values()), "that it got its agent, and lost it", lives)
    tap.ok(all(e["devices"] == ["/pl031@9010000"] for e in events if e["event"] == "granted" and e["domain"] == "rtc"),
           "and which device", events)
    ended = board.run("kill -TERM $(cat /tmp/monitor); wait $(cat /tmp/monitor)")
    tap.ok(ended.status == 0, "it goes when it is told to", ended)


def daemon_killed(tap, board):
    """kill -9 of the daemon while a guest runs."""
    agent = rtc_guest(board)
    board.guest_wait("rtc", "^GUEST done")
    later(board, "systemctl unmask --runtime scmi-medd; systemctl daemon-reload; systemctl start scmi-medd")
    board.ok("systemctl mask --runtime scmi-medd; pkill -9 -x scmi-medd; sleep 1")
    tap.ok(board.run("scmi-medctl agents").status == 2, "the daemon is dead")
    time = board.guest_run("rtc", "hwclock -r -u -f /dev/rtc0")
    tap.ok(time.status == 0, "the guest goes on", time)
    tap.ok(board.firmware_agent(agent) == {"devices": 1, "clocks": 2, "powers": 2},
           "with its permission", board.firmware_agent(agent))
    board.ok("systemctl unmask --runtime scmi-medd; systemctl daemon-reload; systemctl start scmi-medd", 120)
    domain = listing(board, "domains")
    tap.ok([d["devices"] for d in domain if d["domain"] == "rtc"] == [["/pl031@9010000"]],
           "a new daemon knows the domain and its device", domain)
    board.ok("systemctl mask --runtime scmi-medd; pkill -9 -x scmi-medd; sleep 1")
    board.ok("xl destroy rtc")
    tap.ok(board.firmware_agent(agent) == {"devices": 0, "clocks": 0, "powers": 0},
           "destroyed without a daemon: revoked all the same", board.firmware_agent(agent))
    board.ok("systemctl unmask --runtime scmi-medd; systemctl daemon-reload; systemctl start scmi-medd", 120)
    check_revoked(tap, board, agent, "destroyed without a daemon")


def restarted(tap, board):
    """The unit: a killed daemon is started again; a second one is refused."""
    pid = board.ok("systemctl show -p MainPID --value scmi-medd")
    second = board.run("/usr/sbin/scmi-medd")
    tap.ok(second.status != 0, "a second daemon refuses to start", second)
    tap.ok(board.run("scmi-medctl status").status == 0, "and the first does not notice")
    board.ok(f"kill -9 {pid}")
    board.until("systemctl is-active scmi-medd; systemctl show -p MainPID --value scmi-medd",
                rf"^active\n(?!{pid}$)[1-9]", 60)
    tap.ok(True, "systemd starts a killed daemon again")
    board.ok("pkill -9 -x scmi-medd")
    agent = rtc_guest(board)
    tap.ok(True, "a guest that is created meanwhile gets its agent")
    board.ok("xl destroy rtc")
    check_revoked(tap, board, agent, "created while the daemon was away")
    often = board.run("for i in 1 2 3 4 5 6 7 8; do systemctl restart scmi-medd || exit 1; done", 240)
    tap.ok(often.status == 0, "and does not give up after several times", often)
    status = board.ok("systemctl status scmi-medd --no-pager")
    tap.ok("14 of 14 agents free" in status, "its status is told to systemd", status)
    log = board.ok("journalctl -u scmi-medd SCMI_MED_DOMAIN=rtc --no-pager -o cat")
    tap.ok("agent" in log, "the journal has its messages by field", log)


def contained(tap, board):
    """The unit's sandbox: nothing in it is open that is not explained."""
    text = board.ok("systemd-analyze security scmi-medd --no-pager | grep -o 'Overall.*'")
    level = re.search(r": (\d+\.\d+)", text)
    tap.ok(level and float(level.group(1)) <= 2.0, "systemd finds it exposed by no more than 2.0: "
           + (level.group(1) if level else "?"), text)
    lines = json.loads(board.ok("systemd-analyze security scmi-medd --no-pager --json=short"))
    found = {line["name"] for line in lines if float(line["exposure"] or 0) > 0}
    comments = re.findall("^#.*", board.ok("systemctl cat scmi-medd"), re.MULTILINE)
    silent = [name for name in found if not any(name.split("=")[0] + "=" in c for c in comments)]
    tap.ok(found and not silent, "what it does find is explained in the unit: " + ", ".join(sorted(found)), silent)
    process = "/proc/$(systemctl show -P MainPID scmi-medd)"
    status = board.ok(f"grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' {process}/status").split()
    tap.ok(status == ["CapEff:", "0" * 16, "CapBnd:", "0" * 16, "NoNewPrivs:", "1", "Seccomp:", "2"],
           "it has no capabilities, gets none, and few system calls", status)
    result = board.run("nsenter -t $(systemctl show -P MainPID scmi-medd) -m /usr/bin/true")
    tap.ok(result.status != 0 and "denied" in result.output, "no program can be started where it is", result)
    result = board.run(f"ls {process}/root/dev {process}/root/var/lib; cat {process}/root/etc/shadow")
    tap.ok("xen" in result.output and not re.search("vda|dpkg|root:", result.output),
           "it sees Xen's devices, no disk, and nobody's files", result)


def main():
    """All of it on one board, one after the other."""
    tap = Tap()
    board = booted()
    watch(board)
    for function in (destroy, poweroff, crash, reboot, watched, daemon_killed, restarted, contained):
        scenario(tap, function, board)
    finish(tap)


if __name__ == "__main__":
    main()
