#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what "scmi-medctl check" says of device trees with what another
reader (reader.py) says. Prints TAP, one result for each folder.

usage: compare.py SCMI-MEDCTL FOLDER...
"""
import json
import multiprocessing
import os
import subprocess
import sys

from reader import Reader

TIMEOUT = 60


def normal(devices):
    """Resources in one order; of a device with a problem, just that."""
    for device in devices.values():
        device["problem"] = bool(device["problem"])
        if device["problem"]:
            device["ids"], device["resources"] = [], []
        device["resources"].sort(key=lambda r: json.dumps(r, sort_keys=True))
    return devices


def first_reader(program, path):
    """The devices by scmi-medctl; None if it says that this is no device tree."""
    done = subprocess.run([program, "--json", "check", path], capture_output=True,
                          timeout=TIMEOUT, check=False)
    if done.returncode == 7 and not done.stdout and b"valid" in done.stderr:
        return None
    if done.returncode not in (0, 5, 6) or done.stderr:
        raise RuntimeError(f"exit status {done.returncode}: {done.stderr.decode(errors='replace')[:300]}")
    answer = json.loads(done.stdout)
    worst = {"none": 0, "note": 0, "warning": 5, "error": 6}[answer["worst"]]
    if worst != done.returncode:
        raise RuntimeError(f"worst finding {answer['worst']}, exit status {done.returncode}")
    return normal({d["path"]: {k: d[k] for k in ("ids", "resources", "disabled", "part", "problem")}
                   for d in answer["devices"]})


def compare(job):
    """The difference between both readers, or None; devices; resources."""
    program, path = job
    try:
        first = first_reader(program, path)
        with open(path, "rb") as f:
            second = normal(Reader(f.read()).devices())
    except (RuntimeError, subprocess.TimeoutExpired, ValueError, KeyError) as e:
        return f"{path}: {type(e).__name__}: {e}", 0, 0
    count = sum(len(d["resources"]) for d in second.values())
    if first == second:
        return None, len(second), count
    for node in sorted(first.keys() | second.keys()):
        if first.get(node) != second.get(node):
            return (f"{path}: {node}: scmi-medctl says {first.get(node)}, "
                    f"the other reader {second.get(node)}"), len(second), count
    return f"{path}: not the same", len(second), count


def trees(folder):
    """All device trees, overlays among them."""
    return sorted(os.path.join(top, name) for top, _, names in os.walk(folder)
                  for name in names if name.endswith((".dtb", ".dtbo")))


def main(program, folders):
    failed = 0
    for n, folder in enumerate(folders, 1):
        name = os.path.basename(folder)
        paths = trees(folder)
        with multiprocessing.Pool() as pool:
            results = pool.map(compare, [(program, p) for p in paths], chunksize=8)
        differences = [r[0] for r in results if r[0]]
        with_scmi = sum(1 for r in results if r[1])
        for line in differences[:20]:
            print(f"# {line}")
        ok = not differences and with_scmi > 0
        failed += not ok
        print(f"# {name}: {len(paths)} trees, {with_scmi} with SCMI, "
              f"{sum(r[1] for r in results)} devices, {sum(r[2] for r in results)} resources")
        print(f"{'ok' if ok else 'not ok'} {n} - both readers agree on every tree of {name}",
              flush=True)
    print(f"1..{len(folders)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
