#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the tests of the in-Xen files and says which lines they reach. TAP."""
import glob
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = "build/host-cov"
WANTED = 95


def build_and_run():
    """Instrumented programs, each run once from clean counters."""
    tests = sorted(f"{BUILD}/tests/xen/" + os.path.basename(f)[:-2] for f in glob.glob("tests/xen/test-*.c"))
    subprocess.run(["make", "--no-print-directory", "-s", "say=@:", f"B={BUILD}", "CFLAGS=-O0 -g",
                    "EXTRA_CFLAGS=--coverage", "HARDEN=-fPIC"] + tests, check=True)
    for old in glob.glob(f"{BUILD}/tests/xen/*.gcda"):
        os.unlink(old)
    for test in tests:
        subprocess.run([test], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def measure(source):
    """(percent, lines, text of what is not reached) of a source file."""
    name = os.path.basename(source)[:-2]
    out = subprocess.run(["gcov", "-t", "-o", f"{BUILD}/tests/xen", f"{BUILD}/tests/xen/{name}.gcda"],
                         check=True, capture_output=True, text=True).stdout
    reached = total = 0
    missed, mine = [], False
    for line in out.split("\n"):
        parts = line.split(":", 2)
        if len(parts) < 3:
            continue
        count, number = parts[0].strip(), parts[1].strip()
        if number == "0":
            if parts[2].startswith("Source:"):
                mine = parts[2][7:] == source
            continue
        if not mine or count == "-":
            continue
        total += 1
        if count.startswith("#"):
            missed.append(f"{source}:{number}:{parts[2]}")
        else:
            reached += 1
    return reached, total, missed


def main():
    os.chdir(TOP)
    build_and_run()
    sources = sorted(glob.glob("hypervisor-patch/xen/arch/arm/scmi-med/*.c"))
    reached = total = 0
    for source in sources:
        r, t, missed = measure(source)
        reached, total = reached + r, total + t
        print(f"# {os.path.basename(source)}: {r} of {t} lines")
        for line in missed:
            print(f"#   {line}")
    percent = 100 * reached / total if total else 0
    good = percent >= WANTED
    print(f"{'ok' if good else 'not ok'} 1 - {percent:.1f} % of the in-Xen files' lines are reached, {WANTED} % are wanted")
    print("1..1")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
