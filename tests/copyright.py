#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares debian/copyright with the licence that each file names.

usage: copyright.py FILE...
"""
import fnmatch
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DOCUMENT = "debian/copyright"
SPDX = re.compile(r"SPDX-License-Identifier: ([\w.-]+)")


def paragraphs():
    """(patterns, licence) of each paragraph about files; the last match wins."""
    with open(os.path.join(TOP, DOCUMENT), encoding="utf-8") as file:
        for paragraph in file.read().split("\n\n"):
            fields = dict(re.findall(r"^(Files|License): (.*)", paragraph, re.MULTILINE))
            if "Files" in fields:
                yield fields["Files"].split(), fields["License"]


def named(path):
    """The licence that the file's first lines name, or None."""
    with open(os.path.join(TOP, path), encoding="utf-8", errors="replace") as file:
        match = SPDX.search(file.read(400))
    return match and match.group(1)


def main(paths):
    """Exit status 1 if they differ."""
    status, known = 0, list(paragraphs())
    for path in paths:
        # The target of a link is checked under its own name.
        if os.path.islink(os.path.join(TOP, path)):
            continue
        said = [licence for patterns, licence in known if any(fnmatch.fnmatch(path, p) for p in patterns)]
        licence = named(path)
        if licence and licence != said[-1]:
            print(f"{path}: {licence}, but {said[-1]} in {DOCUMENT}", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
