# SPDX-License-Identifier: GPL-2.0-or-later
"""What a domain's devices cost the daemon, in instructions, on small and large trees.

Debian's largest arm64 tree, with its devices put on SCMI, and one ten times as
large made of it; see grow.c and resolve.c. Counted by valgrind's callgrind.
"""
import glob
import json
import os
import re
import subprocess
import tempfile

from qemu import BoardError

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
PROGRAMS = os.path.join(TOP, "build/host/tests/bench")
SUITE = "trixie"
COPIES = 10
# Devices of a domain.
DOMAINS = (1, 8)
STEPS = ("read", "resolve", "conflict", "sharing", "dom0")


def tool(*command):
    """Runs a program; what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BoardError(f"{os.path.basename(command[0])}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def largest():
    """Debian's largest device tree."""
    folder = tool(os.path.join(TOP, "tests/boards/fetch.sh"), SUITE).strip().split("\n")[-1]
    trees = glob.glob(os.path.join(folder, "**/*.dtb"), recursive=True)
    if not trees:
        raise BoardError(f"{folder} has no device trees")
    return max(sorted(trees), key=os.path.getsize)


def instructions(folder):
    """Of each step: what callgrind dumped when its function returned."""
    counts = {}
    for name in glob.glob(os.path.join(folder, "out.*")):
        with open(name, encoding="utf-8") as f:
            text = f.read()
        step = re.search(r"^desc: Trigger: --dump-after=measured_(\w+)", text, re.MULTILINE)
        total = re.search(r"^(?:totals|summary): (\d+)", text, re.MULTILINE)
        if step and total:
            counts[step.group(1)] = int(total.group(1))
    missing = [s for s in STEPS if not counts.get(s)]
    if missing:
        raise BoardError(f"valgrind did not count {', '.join(missing)}")
    return counts


def measure(tree, nr):
    """One tree, domains with so many devices."""
    with tempfile.TemporaryDirectory() as folder:
        options = [f"--{when}=measured_{step}" for step in STEPS for when in ("zero-before", "dump-after")]
        row = json.loads(tool("valgrind", "-q", "--tool=callgrind", *options,
                              f"--callgrind-out-file={folder}/out",
                              os.path.join(PROGRAMS, "resolve"), tree, str(nr)))
        counts = instructions(folder)
    for step in STEPS[1:]:
        row[step] = counts[step] / row["rounds"]
    return {**row, "read": counts["read"], "domain": nr, "sum": sum(row[step] for step in STEPS[1:])}


def run():
    """All rows, and what the larger tree costs by what the smaller does."""
    source = largest()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for copies in (1, COPIES):
            tree = os.path.join(folder, f"{copies}.dtb")
            tool(os.path.join(PROGRAMS, "grow"), source, str(copies), tree)
            rows += [{"copies": copies, **measure(tree, nr)} for nr in DOMAINS]
    ratios = []
    for small in rows[:len(DOMAINS)]:
        large = next(r for r in rows if r["copies"] == COPIES and r["domain"] == small["domain"])
        ratios.append({"domain": small["domain"],
                       **{step: large[step] / small[step] for step in (*STEPS, "sum")}})
    return {"tree": os.path.basename(source), "tree_bytes": os.path.getsize(source), "rows": rows,
            "ratios": ratios}


def text(result):
    """The table."""
    columns = "{:>9} {:>7} {:>8} {:>9} {:>12} {:>9} {:>9} {:>9} {:>9} {:>9}"
    lines = ["", f"{result['tree']}, {result['tree_bytes']} bytes, with its devices on SCMI; and {COPIES} times that",
             columns.format("bytes", "nodes", "devices", "domain's", "read, once", "resolve", "conflict", "sharing",
                            "Dom0", "domain")]
    for r in result["rows"]:
        lines.append(columns.format(r["bytes"], r["nodes"], r["devices"], r["domain"], r["read"],
                                    *(f"{r[s]:.0f}" for s in (*STEPS[1:], "sum"))))
    lines.append("")
    for r in result["ratios"]:
        lines.append(columns.format("", "", "ratio", r["domain"],
                                    *(f"{r[s]:.2f}" for s in (*STEPS, "sum"))))
    lines += ["", "Instructions. Reading is done once, when the daemon starts; the rest for each domain:",
              "domain = resolve + conflict + sharing + Dom0. ratio: the larger tree's by the smaller one's.", ""]
    return "\n".join(lines)
