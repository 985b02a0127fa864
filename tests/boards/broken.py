#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Breaks device trees in many small ways, the same ones each time, and compares
what both readers say: a tree that scmi-medctl takes, the other reader takes,
too, and both say the same of it. Prints TAP.

usage: broken.py SCMI-MEDCTL COUNT TREE...
"""
import os
import random
import struct
import sys
import tempfile

from compare import first_reader, normal
from reader import Reader


def interesting(rng, words):
    """A cell to put in somewhere."""
    return rng.choice([0, 1, 2, 3, 4, 9, 16, 17, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff,
                       rng.choice(words), rng.choice(words) + 1 & 0xffffffff,
                       1 << rng.randrange(32), rng.randrange(64)])


def break_tree(rng, blob):
    """One to three cells, or bytes, are others, or the end is missing."""
    blob = bytearray(blob)
    start, size = struct.unpack(">I", blob[8:12])[0], struct.unpack(">I", blob[36:40])[0]
    words = struct.unpack(f">{len(blob) // 4}I", blob[:len(blob) // 4 * 4])
    for _ in range(rng.randint(1, 3)):
        kind = rng.random()
        if kind < 0.75:
            # Mostly where nodes and properties are.
            at = (start + rng.randrange(size) if rng.random() < 0.9 else
                  rng.randrange(len(blob))) // 4 * 4
            blob[at:at + 4] = struct.pack(">I", interesting(rng, words))
        elif kind < 0.95:
            blob[rng.randrange(len(blob))] = rng.choice(b"\0\1@/a-\x7f\xff ")
        else:
            return bytes(blob[:rng.randrange(len(blob))])
    return bytes(blob)


def compare(program, path, broken):
    """Whether it is still a tree, and what the difference is, or None."""
    with open(path, "wb") as f:
        f.write(broken)
    try:
        first = first_reader(program, path)
        if first is None:
            return False, None
        second = normal(Reader(broken).devices())
        return True, None if first == second else "the readers differ"
    except Exception as e:  # pylint: disable=broad-except # each is a difference
        return True, f"{type(e).__name__}: {e}"


def one_tree(program, count, whole, seed):
    """Breaks one tree; returns how many were taken, and how many differ."""
    rng = random.Random(seed)
    taken = different = 0
    with open(whole, "rb") as f:
        blob = f.read()
    with tempfile.TemporaryDirectory() as folder:
        for i in range(count):
            broken = break_tree(rng, blob)
            is_tree, difference = compare(program, os.path.join(folder, "broken.dtb"), broken)
            taken += is_tree
            if difference:
                different += 1
                keep = os.path.join(tempfile.gettempdir(), f"broken-{seed}-{i}.dtb")
                with open(keep, "wb") as f:
                    f.write(broken)
                print(f"# {keep}: {difference}"[:1000])
    return taken, different


def main(program, count, paths):
    failed = 0
    for n, whole in enumerate(paths, 1):
        name = os.path.basename(whole)
        taken, different = one_tree(program, count, whole, n)
        ok = not different and 0 < taken < count
        failed += not ok
        print(f"# {name}: broken in {count} ways, {taken} still a tree")
        print(f"{'ok' if ok else 'not ok'} {n} - both readers agree on what is broken in {name}",
              flush=True)
    print(f"1..{len(paths)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
