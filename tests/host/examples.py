# SPDX-License-Identifier: GPL-2.0-or-later
"""The examples of the manual and of README: all that can be run here is run, as it
stands there, by a shell. An example that is not named below is a failure."""
import contextlib
import glob
import os
import re
import shlex
import shutil
import subprocess
import threading

from policies import daemon as with_policy
from policies import write as write_policy
from rig import DENIES, GPIO, OK, PRODUCT, RESET_AGENT, RTC, TOOLS, TOP

HOST_TREE = "/sys/firmware/fdt"
# On the rig, the device of the example is another one, and so is the host's tree.
CRYPTO = "/soc/crypto@30900000"


def literals(page):
    """The literal blocks of a page in mdoc, as one reads them."""
    with open(page, encoding="utf-8") as file:
        blocks = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed$", file.read(), re.MULTILINE | re.DOTALL)
    return [b.replace("\\-", "-").replace("\\e", "\\") for b in blocks]


def commands(page):
    """scmi-medctl's command lines in Markdown: on a line by themselves, or quoted."""
    with open(page, encoding="utf-8") as file:
        text = file.read()
    found = re.findall(r"^    (scmi-medctl .*)$", text, re.MULTILINE)
    quoted = re.findall(r"`(scmi-medctl\s[^`]*)`", text)
    return found + [" ".join(q.split()) for q in quoted]


def examples():
    """All of them: (where, text)."""
    pages = sorted(glob.glob(os.path.join(TOP, "doc/man/*.[58]")))
    found = [(os.path.basename(p), text) for p in pages for text in literals(p)]
    return found + [("README.md", text) for text in commands(os.path.join(TOP, "README.md"))]


class Shell:
    """A folder to work in, with the commands that an example uses: scmi-medctl
    of this rig, with the rig's host tree, and an xl that is the plugin's code."""

    def __init__(self, rig):
        self.rig = rig
        self.folder = rig.path("examples")
        os.makedirs(self.folder)
        self.tree = os.path.join(self.folder, "board.dtb")
        shutil.copy(rig.dtb, self.tree)
        # The rig's tree has no more of a device than Xen needs.
        for kind, name, *values in (("s", "compatible", "arm,pl031", "arm,primecell"),
                                    ("x", "reg", "0", "9010000", "0", "1000")):
            subprocess.run(["fdtput", "-t", kind, self.tree, RTC, name, *values], check=True)
        self.script("scmi-medctl", 'fdt=(); [[ " $* " != *" guest-dtb "* ]] || fdt=(--fdt '
                    f'{self.tree})\nexec {os.path.abspath(PRODUCT)}/scmi-medctl --socket {rig.path("control")}'
                    ' "${fdt[@]}" "$@"')

    def script(self, name, text):
        """A command for the examples."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/bash\n" + text + "\n")
        os.chmod(path, 0o755)

    def begin(self, text):
        """Starts an example."""
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            ["bash", "-e", "-o", "pipefail", "-c", text.replace(HOST_TREE, shlex.quote(self.tree))],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env=dict(self.rig.env, PATH=f"{self.folder}:{os.environ['PATH']}"))
        self.rig.processes.append(process)
        return process

    def end(self, process):
        """(exit status, standard output, standard error) of what was begun."""
        out, error = process.communicate(timeout=60)
        return process.returncode, out, error

    def run(self, text):
        """Runs one to its end."""
        return self.end(self.begin(text))


def said(done, words=""):
    """It went well, complained of nothing, and said this."""
    status, out, error = done
    return status == 0 and not error and words in out


# ---- Single examples: each returns whether it did what is said of it ----------


def holder(rig, shell, text):
    """The name of the domain that has device id 10."""
    rig.create("web", RTC)
    rig.create("other", GPIO)
    done = shell.run(text)
    return done == (0, "web\n", ""), done


def reset(rig, shell, text):
    """Agents under quarantine are reset."""
    for name, device in (("one", RTC), ("two", GPIO)):
        domid, _, _ = rig.create(name, device)
        rig.xen(f"fault {DENIES} {RESET_AGENT}")
        rig.destroy(domid)
        rig.xen(f"fault {OK}")
    states = [a["state"] for a in rig.listing("agents")].count("quarantined")
    done = shell.run(text)
    return states == 2 and said(done) and rig.listing("status")["agents_free"] == 14, (states, done)


def refused(rig, shell, text):
    """Waits until a domain is refused."""
    one, _, _ = rig.create("one", RTC)
    process = shell.begin(text)
    # It says nothing before that, so it cannot be known when it watches.
    for _ in range(1000):
        rig.create("two", RTC)
        if process.poll() is not None:
            break
    done = shell.end(process)
    return said(done, f"is held by domain {one} (one)"), done


def busy(rig, shell, text):
    """Domains with many calls."""
    rig.create("quiet", RTC)
    domid, _, _ = rig.create("web", GPIO)
    rig.medctl("limit", "4", "none")
    process = shell.begin(text)

    def calls():
        while process.poll() is None:
            rig.xen(f"call {domid}")

    thread = threading.Thread(target=calls)
    thread.start()
    done = shell.end(process)
    thread.join()
    return done == (0, "web\n", ""), done


def free(rig, shell, text):
    """Whether another domain can get an agent."""
    yes = shell.run(text)
    for n in range(14):
        rig.create(f"n{n}", scmi_node=True)
    no = shell.run(text)
    return yes == (0, "true\n", "") and no == (1, "false\n", ""), (yes, no)


def without_id(_, shell, text):
    """Which devices have no id."""
    none = shell.run(text)
    subprocess.run(["fdtput", "-d", shell.tree, GPIO, "access-controllers"], check=True)
    done = shell.run(f"{text.rstrip()} || (exit 0)")
    return said(none) and none[1] == "" and done[1] == GPIO + "\n", (none, done)


def check(_, shell, text):
    """The tree is checked."""
    done = shell.run(text)
    return said(done, RTC), done


def attach(rig, shell, text):
    """A guest gets a device, and loses it."""
    rig.create("web", RTC)
    first, second = text.splitlines()
    got = shell.run(first), rig.permitted()
    lost = shell.run(second), rig.permitted()
    return said(got[0]) and said(lost[0]) and got[1] == {3: 3} and lost[1] == {3: 1}, (got, lost)


def guest(rig, shell, text):
    """A guest with the real-time clock."""
    domid = rig.domain("rtc")
    shell.script("xl", '[ "$1 $2" = "create rtc.cfg" ]\ntree=$(sed -n \'s/^device_tree = "\\(.*\\)"$/\\1/p\' "$2")\n'
                 f"exec {os.path.join(TOOLS, 'tests/host/create')} {domid} \"$tree\" out.dtb")
    rig.env["SCMI_MED_SOCKET"] = rig.path("control")
    done = shell.run(text)
    return said(done) and rig.bound().get(domid) == (3, [10]), (done, rig.bound())


def policy(rig, _, text):
    """A policy."""
    write_policy(rig, text.replace(CRYPTO, GPIO))
    with with_policy(rig):
        web, status, why = rig.create("web", RTC)
        _, _, forbidden = rig.create("other", GPIO)
        return (status == 0 and rig.bound().get(web) == (5, [10]) and "forbidden" in forbidden,
                (status, why, rig.bound(), forbidden))


def tree_only(_, shell, text):
    """A partial tree and lines of xl.cfg."""
    done = shell.run(text)
    return said(done, 'device_tree = "') and os.path.exists(os.path.join(shell.folder, "rtc.dtb")), done


def agents(rig, shell, text):
    """Who holds what."""
    rig.create("web", RTC)
    done = shell.run(text)
    return said(done, "web"), done


def monitor(rig, shell, text):
    """What happens, until it is ended."""
    process = shell.begin("exec " + text)
    first = process.stdout.readline()
    rig.create("web", RTC)
    second = process.stdout.readline()
    process.terminate()
    done = shell.end(process)
    return done == (0, "", "") and "watching" in first and "granted" in second, (first, second, done)


def usage(_, shell, text):
    """The rest."""
    done = shell.run(text)
    return said(done, "Usage: scmi-medctl"), done


# Where, words that only this example has, and what runs it; or why nothing does.
ON_BOARD = "needs systemd and its journal: run on the board, by test-refusals.py"
KNOWN = [
    ("scmi-med-policy.5", "pin web 5", policy),
    ("scmi-medctl.8", "index(10)", holder),
    ("scmi-medctl.8", "quarantined", reset),
    ("scmi-medctl.8", "monitor", refused),
    ("scmi-medctl.8", "calls_per_second", busy),
    ("scmi-medctl.8", "agents_free", free),
    ("scmi-medctl.8", "select(.ids", without_id),
    ("scmi-medctl.8", "check /sys/firmware/fdt", check),
    ("scmi-medctl.8", "attach web", attach),
    ("scmi-medctl.8", "xl create", guest),
    ("scmi-medd.8", "systemctl edit", ON_BOARD),
    ("scmi-medd.8", "journalctl -b", ON_BOARD),
    ("scmi-medd.8", "journalctl -u", ON_BOARD),
    ("README.md", "guest-dtb", tree_only),
    ("README.md", "agents", agents),
    ("README.md", "top", agents),
    ("README.md", "monitor", monitor),
    ("README.md", "--help", usage),
    ("README.md", "check board.dtb", check),
]


def run_examples(tap, rig):
    """The examples of the manual and README."""
    found = examples()
    for where, words, how in KNOWN:
        texts = [t for w, t in found if w == where and words in t]
        name = f"{where}: {' '.join(texts[0].split())[:70] if texts else words}"
        if not tap.equal(len(texts), 1, f"{where}: there is one example with \"{words}\""):
            continue
        if isinstance(how, str):
            print(f"# {name}: {how}")
            continue
        rig.clean()
        shell = Shell(rig)
        try:
            ok, detail = how(rig, shell, texts[0])
            tap.ok(ok, name, detail)
        finally:
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(shell.folder)
    for where, text in found:
        tap.ok(any(where == w and words in text for w, words, _ in KNOWN),
               f"{where}: \"{' '.join(text.split())[:50]}\" is known to this test", text)


SCENARIOS = [run_examples]
