# SPDX-License-Identifier: GPL-2.0-or-later
"""scmi-medctl for one who types: completion in a real bash, and the help."""
import contextlib
import os
import pty
import subprocess
import threading

from rig import DISK, GPIO, PRODUCT, RTC, TOP

OPTIONS = {"--json", "--no-headings", "--socket", "--device", "--fdt", "--policy", "--output",
           "--delay", "--samples", "--help", "--version"}


def install(rig):
    """The completion, as it is installed."""
    subprocess.run(["make", "-s", "-C", TOP, "install", "DESTDIR=" + rig.path("root")], check=True,
                   capture_output=True)
    return rig.path("root/usr/share/bash-completion/completions/scmi-medctl")


def environment(rig):
    """For a bash that finds scmi-medctl, and has no start-up files."""
    return dict(rig.env, PATH=os.path.abspath(PRODUCT) + ":" + os.environ["PATH"], INPUTRC="/dev/null",
                TERM="dumb")


def complete(rig, script, line):
    """What the completion offers at the end of the line."""
    code = ('set -eu; . "$1"; COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=@:=; set +eu; _scmi_medctl;'
            'printf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", "-c", code, "bash", script, line], env=environment(rig),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    if done.stderr:
        return done.stderr
    return set(done.stdout.split())


def typed(rig, script, lines):
    """The arguments of each line that is typed into a bash, with its Tabs. The
    command is one that writes them down, and is completed as scmi-medctl is."""
    ours, theirs = pty.openpty()
    out = rig.path("typed")
    with subprocess.Popen(["bash", "--norc", "--noprofile", "-i"], env=environment(rig), stdin=theirs,
                          stdout=theirs, stderr=theirs, cwd=rig.path("files"),
                          start_new_session=True) as bash:
        os.close(theirs)
        rig.processes.append(bash)
        patience = threading.Timer(60, bash.kill)
        patience.start()
        for line in (f". {script}", "complete -F _scmi_medctl say",
                     f"say() {{ (IFS=,; echo \"$*\" >> {out}); }}", *lines, "exit"):
            os.write(ours, line.encode() + b"\n")
        with contextlib.suppress(OSError):
            while os.read(ours, 65536):
                pass
        bash.wait()
        patience.cancel()
    os.close(ours)
    with open(out, encoding="utf-8") as file:
        return file.read().splitlines()


def verbs(rig):
    """The verbs that the help has."""
    lines = rig.medctl("--help").stdout.split("Options:")[0].splitlines()
    return {line.split()[0] for line in lines if line.startswith("  ")}


def usage(tap, rig):
    """The help fits a screen."""
    done = rig.medctl("--help")
    tap.equal((done.returncode, done.stderr), (0, ""), "there is help")
    lines = done.stdout.splitlines()
    tap.ok(len(lines) < 24, "it leaves a line of 24 for the prompt", done.stdout)
    tap.ok(max(map(len, lines)) < 80, "it is not wider than 80 columns", done.stdout)
    for option in ("--help", "--version"):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([os.path.join(PRODUCT, "scmi-medctl"), option], stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        tap.ok(done.returncode == 1 and "cannot write the output" in done.stderr,
               f"{option}: a full disk is told", done)


def completion(tap, rig):
    """Completion of verbs, options and what the daemon knows."""
    script = install(rig)

    def offered(line):
        return complete(rig, script, line)

    command = "scmi-medctl "
    tap.equal(offered(command), verbs(rig), "the verbs are those of the help")
    tap.equal(offered(command + "--json de"), {"devices", "detach"}, "some of them, behind an option")
    tap.equal(offered(command + "-"), OPTIONS, "the options")
    for option in sorted(OPTIONS - {"--output"}):
        tap.ok(option in rig.medctl("--help").stdout, f"{option} is in the help")
    command += "--socket " + rig.path("control") + " "
    one, _, _ = rig.create("$(touch " + rig.path("hacked") + ")", RTC)
    domains = {"0", str(one)}
    tap.ok(offered(command + "show ") == domains, "domains", offered(command + "show "))
    tap.equal(offered(command + "detach "), domains - {"0"}, "of detach, but for Dom0")
    tap.equal(offered(command + f"detach {one} /pl0"), {RTC, GPIO}, "devices")
    tap.equal(offered(command + f"detach {one} /pl031@9"), {"@" + RTC.split("@")[1]},
              "what is before an @ is there already")
    tap.equal(offered(command + f"guest-dtb --device {RTC} /pl0"), {RTC, GPIO}, "further devices of guest-dtb")
    tap.equal(offered(command + "limit 1"), {"1"} | {str(n) for n in range(10, 17)}, "agents")
    tap.equal(offered(command + "limit 3 "), {"none"}, "no limit")
    tap.equal(offered(command + "agents "), set(), "what takes nothing is offered nothing")
    tap.ok(not os.path.exists(rig.path("hacked")), "a name of a domain is not obeyed")
    rig.daemon.kill()
    tap.equal(offered(command + "show "), set(), "no daemon: nothing, and no words of complaint")


def typing(tap, rig):
    """Tabs in a bash that one types into: what the line becomes."""
    script = install(rig)
    for name in ("trees", "my trees"):
        os.makedirs(rig.path(f"files/{name}"))
        with open(rig.path(f"files/{name}/board.dtb"), "wb"):
            pass
    control = rig.path("control")
    lines = {
        "say sta\t": "status",
        f"say --socket {control} attach 1 /pl061@9\t": f"--socket,{control},attach,1,{GPIO}",
        f"say --socket {control} detach 1 /v\t": f"--socket,{control},detach,1,{DISK}",
        "say check tr\tb\t": "check,trees/board.dtb",
        "say check my\tb\t": "check,my trees/board.dtb",
        "say --policy=tr\tb\t check": "--policy=trees/board.dtb,check",
        # Then an "@" is nothing special to bash.
        f"shopt -u hostcomplete; say --socket {control} attach 1 /pl061@9\t": f"--socket,{control},attach,1,{GPIO}",
    }
    got = iter(typed(rig, script, lines))
    for line, wanted in lines.items():
        tap.equal(next(got, None), wanted, line.replace("\t", "<Tab>").replace(rig.folder, "..."))


SCENARIOS = [usage, completion, typing]
