#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares doc/errors.md with the messages in the code, both ways.

usage: errors.py [--list]

A message is the format of a call that refuses or complains; "..." stands for what
varies. A row of the document begins with its messages, in backticks, with <br> between
them. --list prints the messages in the code.
"""
import glob
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DOCUMENT = "doc/errors.md"
CALLS = re.compile(r"\b(reason_set|log_error|log_warning|scmi_plugin_fail|scmi_plugin_xs_fail|"
                   r"scmi_plugin_tree_fail|malformed|ctl_fail|guest_fail|defect|"
                   r"fail|log_write(?=\(LOG_(?:ERR|WARNING))|fprintf(?=\(stderr))\(")
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])+\'|/\*.*?\*/|[A-Za-z_]\w*|.', re.DOTALL)
ROW = re.compile(r"\| ((?:(`+)(?:(?!\2).)+\2(?:<br>)?)+) \|")
CODE_SPAN = re.compile(r"(`+)(.+?)\1")
CONVERSION = re.compile(r"%[-+ #0]*[\d*]*(?:\.[\d*]+)?(?:hh|h|ll|l|z|j|t)?[diouxXcsp]")


def arguments(text, start):
    """The arguments of a call, each as a list of tokens."""
    depth, args = 1, [[]]
    for match in TOKEN.finditer(text, start):
        token = match.group()
        if token.startswith("/*"):
            continue
        if token in "([{":
            depth += 1
        elif token in ")]}":
            depth -= 1
            if not depth:
                return args
        if token == "," and depth == 1:
            args.append([])
        elif token.strip():
            args[-1].append(token)
    return args


def message(tokens):
    """The message of an argument that is nothing but literals and macros; else None."""
    if not tokens or not all(t[0] == '"' or re.fullmatch(r"[A-Z]\w*", t) for t in tokens):
        return None
    if not any(t[0] == '"' for t in tokens):
        return None
    text = "".join(t[1:-1] if t[0] == '"' else "%d" for t in tokens)
    text = re.sub(r"%+%d", "%d", text)
    text = CONVERSION.sub("...", text.replace("%%", "%"))
    text = text.replace('\\"', '"').replace("\\n", "\n").strip()
    return re.sub(r"\s+", " ", text)


def says_something(text):
    """Whether it is more than a frame for another message."""
    return re.search(r"[A-Za-z]{3}", text.replace("...", ""))


def in_code():
    """{message: first place}."""
    found = {}
    for folder in ("daemon", "lib", "libxl-plugin", "ctl"):
        for path in sorted(glob.glob(f"{TOP}/{folder}/**/*.c", recursive=True)):
            if path.startswith(f"{TOP}/libxl-plugin/tools/"):
                continue
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for call in CALLS.finditer(text):
                args = arguments(text, call.end())
                texts = [m for m in map(message, args) if m]
                place = f"{os.path.relpath(path, TOP)}:{text.count(chr(10), 0, call.start()) + 1}"
                if texts and says_something(texts[0]):
                    found.setdefault(texts[0], place)
    return found


def in_document():
    """{message: line}, from the first cell of each row."""
    found = {}
    with open(os.path.join(TOP, DOCUMENT), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            row = ROW.match(line)
            for span in CODE_SPAN.finditer(row.group(1)) if row else ():
                found.setdefault(span.group(2).strip(), number)
    return found


def main(argv):
    """Exit status 1 if they differ."""
    code = in_code()
    if "--list" in argv:
        for text, place in code.items():
            print(f"{place}: {text}")
        return 0
    document = in_document()
    for text, place in code.items():
        if text not in document:
            print(f"{place}: not in {DOCUMENT}: {text}", file=sys.stderr)
    for text, line in document.items():
        if text not in code:
            print(f"{DOCUMENT}:{line}: no message of the code: {text}", file=sys.stderr)
    return 1 if set(code) ^ set(document) or not code else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
