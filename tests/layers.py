#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks which headers each C file includes: the layers of doc/ARCHITECTURE.md.

usage: layers.py FILE...

Also finds circles: sources that call each other, headers that include each other.
"""
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
INCLUDE = re.compile(r'^#include ([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
# A function that is not static: its name, at the beginning of its definition.
FUNCTION = re.compile(r"^(?!static\b)\w[\w *]*?\b(\w+)\([^;{}]*\)\n\{", re.MULTILINE)

# The folders whose headers a folder may include, beside its own and include/.
LIB = ("lib", "lib/dt", "lib/host", "lib/policy")
ADMISSION = (*LIB, "daemon", "daemon/xen")
VERB = (*LIB, "ctl/client")
FOLDERS = {
    "lib": (),
    "lib/dt": ("lib",),
    "lib/host": ("lib", "lib/dt"),
    "lib/policy": ("lib", "lib/dt", "lib/host"),
    "daemon/xen": (*LIB, "daemon"),
    "daemon/admission": ADMISSION,
    "daemon/control": (*ADMISSION, "daemon/admission"),
    "daemon": (*ADMISSION, "daemon/admission", "daemon/control"),
    "ctl/client": LIB,
    "ctl/check": VERB,
    "ctl/guest-dtb": VERB,
    "ctl/selftest": VERB,
    "ctl/top": VERB,
    "ctl": (*VERB, "ctl/check", "ctl/guest-dtb", "ctl/selftest", "ctl/top"),
    "libxl-plugin": (),
}
# The files, or folders, that may include a library's headers.
LIBRARIES = {
    r"event": ("daemon/loop.c", "daemon/control/server.c"),
    r"jansson": ("daemon/control/", "ctl/"),
    r"libfdt": ("lib/dt/", "ctl/guest-dtb/", "libxl-plugin/"),
    r"xencall|xenctrl": ("daemon/xen/hyp-xen.c",),
    r"xenstore": ("daemon/xen/store-xs.c", "libxl-plugin/"),
    r"n?curses": ("ctl/top/",),
    r"libsmartcols": ("ctl/",),
    r"systemd": ("daemon/",),
}


def wrong_include(path, bracket, name):
    """Whether the file at path may not include the header."""
    folder, other = os.path.dirname(path), os.path.dirname(name)
    if bracket == "<":
        return any(re.match(library, name) and not path.startswith(users) for library, users in LIBRARIES.items())
    if other == folder or other not in FOLDERS:
        return False
    return other not in FOLDERS[folder] or os.path.basename(name) == "private.h"


def calls(sources):
    """{source: the others of its program whose functions it names} of {source: text}."""
    texts = {path: COMMENT.sub(" ", text) for path, text in sources.items()}
    owners = {(path.split("/")[0], name): path for path, text in texts.items() for name in FUNCTION.findall(text)}

    def of(path, text):
        found = {owners.get((path.split("/")[0], word), path) for word in re.findall(r"\w+", text)}
        return found - {path}

    return {path: of(path, text) for path, text in texts.items()}


def circles(edges):
    """The circles of {file: the files that it needs}; of each knot at least one."""
    found, done = [], set()

    def visit(file, way):
        if file in way:
            found.append(way[way.index(file):] + [file])
        elif file not in done:
            for other in sorted(edges.get(file, ())):
                visit(other, way + [file])
            done.add(file)

    for file in sorted(edges):
        visit(file, [])
    return found


def main(paths):
    """Exit status 1 if there is something to complain about."""
    complaints, headers, sources = [], {}, {}
    for path in paths:
        if os.path.dirname(path) not in FOLDERS:
            continue
        with open(os.path.join(TOP, path), encoding="utf-8") as file:
            text = file.read()
        includes = INCLUDE.findall(text)
        complaints += [f"{path}: may not include {name}" for bracket, name in includes
                       if wrong_include(path, bracket, name)]
        if path.endswith(".h"):
            headers[path] = [name for bracket, name in includes if bracket == '"']
        else:
            sources[path] = text
    complaints += ["circle: " + ", ".join(circle) for circle in circles(headers) + circles(calls(sources))]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
