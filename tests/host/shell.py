# SPDX-License-Identifier: GPL-2.0-or-later
"""scmi-medctl for one who types: completion in a real bash, and the help."""
import os
import subprocess

from rig import GPIO, PRODUCT, RTC, TOP

OPTIONS = {"--json", "--no-headings", "--socket", "--device", "--fdt", "--policy", "--output",
           "--delay", "--samples", "--help", "--version"}


def complete(rig, line):
    """What the installed completion offers at the end of the line."""
    script = ('set -eu; . "$1"; COMP_LINE=$2 COMP_POINT=${#2}; set +eu; _scmi_medctl;'
              'printf "%s\\n" "${COMPREPLY[@]}"')
    # Without its start-up files: nothing but bash is needed.
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", "-c", script, "bash",
         rig.path("root/usr/share/bash-completion/completions/scmi-medctl"), line],
        env=dict(rig.env, PATH=os.path.abspath(PRODUCT) + ":" + os.environ["PATH"]),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    if done.stderr:
        return done.stderr
    return set(done.stdout.split())


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


def completion(tap, rig):
    """Completion of verbs, options and what the daemon knows."""
    subprocess.run(["make", "-s", "-C", TOP, "install", "DESTDIR=" + rig.path("root")], check=True,
                   capture_output=True)
    command = "scmi-medctl "
    tap.equal(complete(rig, command), verbs(rig), "the verbs are those of the help")
    tap.equal(complete(rig, command + "--json de"), {"devices", "detach"}, "some of them, behind an option")
    tap.equal(complete(rig, command + "-"), OPTIONS, "the options")
    for option in sorted(OPTIONS - {"--output"}):
        tap.ok(option in rig.medctl("--help").stdout, f"{option} is in the help")
    command += "--socket " + rig.path("control") + " "
    one, _, _ = rig.create("$(touch " + rig.path("hacked") + ")", RTC)
    domains = {"0", str(one)}
    tap.ok(complete(rig, command + "show ") == domains, "domains", complete(rig, command + "show "))
    tap.equal(complete(rig, command + "detach "), domains, "of detach, too")
    tap.equal(complete(rig, command + f"detach {one} /pl0"), {RTC, GPIO}, "devices")
    tap.equal(complete(rig, command + f"detach {one} /pl031@9"), {RTC.split("@")[1]},
              "behind an @, only the rest is completed")
    tap.equal(complete(rig, command + "limit 1"), {"1"} | {str(n) for n in range(10, 17)}, "agents")
    tap.equal(complete(rig, command + "limit 3 "), {"none"}, "no limit")
    tap.equal(complete(rig, command + "agents "), set(), "what takes nothing is offered nothing")
    tap.ok(not os.path.exists(rig.path("hacked")), "a name of a domain is not obeyed")
    rig.daemon.kill()
    tap.equal(complete(rig, command + "show "), set(), "no daemon: nothing, and no words of complaint")


SCENARIOS = [usage, completion]
