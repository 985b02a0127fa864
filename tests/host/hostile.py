# SPDX-License-Identifier: GPL-2.0-or-later
"""What no plugin and no client of ours would send."""
import contextlib
import fcntl
import json
import os
import pty
import shutil
import signal
import socket
import stat
import struct
import subprocess
import tempfile
import termios
import time

from rig import GPIO, PRODUCT, RTC, wait_for

INTERFACE = "org.scmimed"


def request(rig, domid, nodes, version="1", state="requested"):
    """Writes a request node by node as given, the state last."""
    base = f"/libxl/{domid}/scmi"
    values = {f"{base}/{name}": value for name, value in nodes.items()}
    if version is not None:
        values[f"{base}/version"] = version
    rig.store.transaction(dict(values, **{f"{base}/state": state}))


def paths(*devices):
    """Nodes of a request for these paths."""
    return {f"device/{n}/path": path for n, path in enumerate(devices)}


MALFORMED = [
    ("no version", paths(RTC), None, "version"),
    ("another version", paths(RTC), "2", "version"),
    ("an empty version", paths(RTC), "", "version"),
    ("a version with a NUL", paths(RTC), b"1\0", "version"),
    ("a device without a path", {"device/0/name": RTC}, "1", "device/0/path"),
    ("devices counted from 1", {"device/1/path": RTC}, "1", "not numbered"),
    ("devices with a gap", {"device/0/path": RTC, "device/2/path": GPIO}, "1", "not numbered"),
    ("a device by name", {"device/rtc/path": RTC}, "1", "not numbered"),
    ("a negative device", {"device/-1/path": RTC}, "1", "not numbered"),
    ("a device 00", {"device/00/path": RTC}, "1", "not numbered"),
    ("65 devices", paths(*[f"/dev{n}" for n in range(65)]), "1", "65 devices"),
    ("an empty path", paths(""), "1", "not absolute"),
    ("a path that is an alias", paths("rtc0"), "1", "not absolute"),
    ("the root", paths("/"), "1", "root"),
    ("a path with an empty name", paths("//pl031@9010000"), "1", "empty name"),
    ("a path with a slash behind", paths(RTC + "/"), "1", "empty name"),
    ("a path that is too long", paths("/" + "a" * 2000), "1", "too long"),
    ("a path with a NUL", paths(RTC.encode() + b"\0x"), "1", "device/0/path"),
    ("a path with control characters", paths("/\x1b[31m\n"), "1", "characters"),
    ("a path that is not ASCII", paths(b"/\xff\xfe"), "1", "characters"),
    ("a path with a format", paths("/%s%n"), "1", "characters"),
    ("a path without unit address", paths("/pl031"), "1", "/pl031"),
    ("a good path and a bad one", paths(RTC, "x"), "1", "not absolute"),
    ("a path named twice and one unknown", paths(RTC, RTC, "/x"), "1", "/x"),
]


def malformed_requests(tap, rig):
    """Requests in xenstore that are not as they should be."""
    domid = rig.domain("evil")
    for name, nodes, version, words in MALFORMED:
        rig.store.remove(f"/libxl/{domid}/scmi")
        request(rig, domid, nodes, version)
        wait_for(lambda: rig.store.text(f"/libxl/{domid}/scmi/state") != "requested", name)
        state = rig.store.text(f"/libxl/{domid}/scmi/state")
        error = rig.store.read(f"/libxl/{domid}/scmi/error") or b""
        tap.ok(state == "refused" and words in error.decode("ascii", "replace") and
               all(32 <= c < 127 for c in error), f"{name}: refused, and told why", (state, error))
    tap.equal((rig.bound(), rig.permitted()), ({}, {}), "nothing was granted")
    tap.equal(rig.create("good", RTC)[1:], (0, ""), "a good request is served")
    domid, status, text = rig.create("chosen", "/chosen")
    tap.ok(status == 0 and domid not in rig.bound(), "a node without SCMI needs no agent", text)


def not_requests(tap, rig):
    """Nodes that look like requests and are none."""
    domid = rig.domain("one")
    for state in ("", "granted", "refused", "REQUESTED", "requested ", b"requested\0"):
        request(rig, domid, paths(RTC), state=state)
    for name in ("0", "00", "01", "-1", "32752", "65536", "99999999999999999999", "x", "1x"):
        request(rig, name, paths(GPIO))
    rig.store.write("/libxl/scmi/state", "requested")
    rig.store.write(f"/libxl/{domid}/scmi/state/state", "requested")
    two, status, text = rig.create("two", scmi_node=True)
    tap.equal((status, text), (0, ""), "the daemon is fine")
    tap.equal(list(rig.bound()), [two], "and has granted nothing else")
    for name in rig.store.list("/libxl"):
        if not name.isdecimal() or int(name) not in rig.domains:
            rig.store.remove(f"/libxl/{name}")


def ghosts(tap, rig):
    """Requests for domains that do not exist, and many of them."""
    for domid in range(100, 300):
        request(rig, domid, paths(RTC))
    one, status, text = rig.create("one", RTC)
    tap.equal((status, text), (0, ""), "among 200 of them a real domain is served")
    tap.equal(rig.bound(), {one: (3, [10])}, "and no other")
    states = {rig.store.text(f"/libxl/{domid}/scmi/state") for domid in range(100, 300)}
    tap.equal(states, {"refused"}, "they are refused")
    errors = rig.store.text("/libxl/100/scmi/error")
    tap.ok("100" in errors or "domain" in errors, "and told why", errors)
    for domid in range(100, 300):
        rig.store.remove(f"/libxl/{domid}")


# ---- The control socket -------------------------------------------------------


def connect(rig):
    """A connection of our own."""
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(10)
    client.connect(rig.path("control"))
    return client


def answers(client, count):
    """Answers as objects; fewer if the daemon hangs up."""
    data = b""
    with contextlib.suppress(ConnectionError):
        while data.count(b"\0") < count:
            part = client.recv(65536)
            if not part:
                break
            data += part
    return [json.loads(text) for text in data.split(b"\0")[:-1]]


def call(rig, data, count=1):
    """What the daemon answers to some bytes."""
    with connect(rig) as client:
        with contextlib.suppress(ConnectionError):
            client.sendall(data)
        return answers(client, count)


BAD_CALLS = [
    ("no JSON", b"hello\0"), ("an empty message", b"\0"), ("a number", b"7\0"),
    ("a list", b"[]\0"), ("no method", b"{}\0"), ("a method that is a number", b'{"method":7}\0'),
    ("deep nesting", b"[" * 60000 + b"\0"), ("not UTF-8", b'{"method":"\xff"}\0'),
    ("a name twice", b'{"method":"a.b","method":"a.c"}\0'),
    ("70000 bytes without an end", b"x" * 70000), ("70000 bytes with one", b" " * 70000 + b"{}\0"),
]


def bad_calls(tap, rig):
    """Calls on the control socket that are none."""
    for name, data in BAD_CALLS:
        got = call(rig, data)
        tap.ok(not got or "error" in got[0], f"{name}: no answer but an error", got)
    for method, error in (("org.scmimed.Nonsense", "MethodNotFound"),
                          ("org.example.GetStatus", "InterfaceNotFound"),
                          ("GetStatus", "InterfaceNotFound"), (".", "InterfaceNotFound")):
        got = call(rig, json.dumps({"method": method}).encode() + b"\0")
        tap.ok(got and got[0].get("error") == "org.varlink.service." + error,
               f"{method}: {error}", got)
    got = call(rig, b'{"method":"org.scmimed.ListAgents","parameters":[]}\0')
    tap.ok(got and "InvalidParameter" in got[0].get("error", ""), "parameters in a list", got)
    tap.equal(rig.medctl("status").returncode, 0, "the daemon is fine")


def good_calls(tap, rig):
    """Calls that are unusual, but right."""
    status = f'{{"method":"{INTERFACE}.GetStatus"}}'.encode() + b"\0"
    agents = f'{{"method":"{INTERFACE}.ListAgents","parameters":null}}'.encode() + b"\0"
    got = call(rig, status + agents + status, 3)
    tap.ok(len(got) == 3 and "agents" in got[1]["parameters"], "three at once, in order", got)
    with connect(rig) as client:
        for byte in status:
            client.send(bytes([byte]))
        tap.ok("pid" in answers(client, 1)[0]["parameters"], "byte by byte")
    got = call(rig, b'{"method":"org.varlink.service.GetInfo"}\0')
    tap.ok(INTERFACE in got[0]["parameters"]["interfaces"], "varlink's own GetInfo", got)
    got = call(rig, b'{"method":"org.varlink.service.GetInterfaceDescription",'
               b'"parameters":{"interface":"org.scmimed"}}\0')
    with open("doc/org.scmimed.varlink", encoding="utf-8") as file:
        tap.equal(got[0]["parameters"]["description"], file.read(), "the interface tells itself")


def greedy_clients(tap, rig):
    """Clients that do not read, hang around, or are many."""
    agents = f'{{"method":"{INTERFACE}.ListAgents"}}'.encode() + b"\0"
    descriptors = f"/proc/{rig.daemon.process.pid}/fd"
    before, clients = len(os.listdir(descriptors)), []
    with connect(rig) as client:
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            for _ in range(100000):
                client.send(agents)
        start = time.monotonic()
        tap.equal(rig.medctl("agents").returncode, 0, "one that never reads stops nobody")
        tap.ok(time.monotonic() - start < 10, "nor holds it up")
        tap.equal(rig.create("one", RTC)[1:], (0, ""), "nor a domain")
    # Earlier clients may still have been there when the daemon was looked at.
    wait_for(lambda: len(os.listdir(descriptors)) <= before, "it is forgotten")
    while len(clients) < 500:
        try:
            clients.append(connect(rig))
        except BlockingIOError:
            # More at once than wait to be taken.
            time.sleep(0.01)
            continue
        if len(clients) % 2:
            clients[-1].send(b'{"method":')
        elif len(clients) % 3:
            clients[-1].shutdown(socket.SHUT_WR)
    tap.equal(rig.medctl("agents").returncode, 0, "500 that are quiet keep nobody out")
    tap.equal(rig.create("two", GPIO)[1:], (0, ""), "nor a domain")
    tap.ok(len(os.listdir(descriptors)) - before <= 32, "the daemon keeps 32 of them at most",
           len(os.listdir(descriptors)))
    for client in clients:
        client.close()
    wait_for(lambda: len(os.listdir(descriptors)) == before, "they are forgotten")
    tap.equal(rig.medctl("agents").returncode, 0, "when they have gone, all is as before")


def access(tap, rig):
    """Who may use the control socket: root, and the group of the daemon's process."""
    name = "the control socket is for root and one group"
    if os.geteuid():
        tap.skip(name, "needs root, to be somebody else")
        return
    group, other = 54321, 65534
    os.chmod(rig.folder, 0o755)
    rig.daemon.kill(signal.SIGTERM)
    rig.start(group=group)
    status = os.stat(rig.path("control"))
    tap.equal((status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)), (0, group, 0o660), name)

    def status_as(**who):
        with tempfile.TemporaryDirectory(prefix="scmi-access-") as folder:
            os.chmod(folder, 0o755)
            program = shutil.copy(os.path.join(PRODUCT, "scmi-medctl"), folder)
            return subprocess.run([program, "--socket", rig.path("control"), "status"], check=False,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, **who)

    done = status_as(user=other, group=other, extra_groups=[group])
    tap.equal((done.returncode, done.stderr), (0, ""), "its members may use it")
    done = status_as(user=other, group=other, extra_groups=[])
    tap.ok(done.returncode == 2 and "ermission" in done.stderr and not done.stdout,
           "nobody else may even read, and is told why", done)
    rig.daemon.kill(signal.SIGTERM)
    os.chmod(rig.folder, 0o700)
    rig.start()


# ---- scmi-medctl --------------------------------------------------------------


def on_terminal(rig, columns, verb):
    """What scmi-medctl shows on a terminal of this width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    done = subprocess.run([os.path.join(PRODUCT, "scmi-medctl"), "--socket", rig.path("control"),
                           verb], stdin=theirs, stdout=theirs, stderr=theirs, check=False,
                          timeout=60, env=dict(os.environ, TERM="xterm"))
    os.close(theirs)
    data = b""
    with contextlib.suppress(OSError):
        while part := os.read(ours, 65536):
            data += part
    os.close(ours)
    return done.returncode, data.decode().replace("\r\n", "\n")


def client(tap, rig):
    """scmi-medctl as people and scripts use it."""
    one, _, _ = rig.create("a-domain-with-a-rather-long-name", RTC, GPIO)
    for verb, words in (("agents", "10 11"), ("domains", f"{RTC} {GPIO}"),
                        ("devices", "power-domains 1"), ("status", "13 of 14 free")):
        done = rig.medctl(verb)
        tap.ok(done.returncode == 0 and words in done.stdout and not done.stderr,
               f"{verb}: a table", done)
        bare = rig.medctl("--no-headings", verb).stdout
        tap.equal(len(bare.splitlines()), len(done.stdout.splitlines()) - 1,
                  f"{verb}: without its first line")
        done = rig.medctl("--json", verb)
        tap.ok(done.returncode == 0 and json.loads(done.stdout), f"{verb}: one JSON object", done)
        for columns in (80, 132):
            try:
                status, text = on_terminal(rig, columns, verb)
            except OSError as error:
                tap.skip(f"{verb}: on a terminal", f"there is none to be had: {error}")
                break
            widest = max(len(line) for line in text.splitlines())
            tap.ok(status == 0 and widest <= columns and "\033" not in text,
                   f"{verb}: fits {columns} columns, plain", text)
    agent = next(a for a in rig.listing("agents") if a["domid"] == one)
    tap.equal((agent["domain"], agent["devices"], agent["function_id"], agent["client_id"],
               agent["page"], agent["frame"], agent["state"], agent["role"]),
              ("a-domain-with-a-rather-long-name", [10, 11], 0x82000013, 3, 0xbff02000, 0x22001,
               "bound", "guest"), "the agent, typed")
    device = next(d for d in rig.listing("devices") if d["path"] == RTC)
    tap.equal((device["ids"], device["agent"], device["domid"]), ([10], 3, one), "the device")
    rig.xen("result -5")
    done = rig.medctl("agents")
    tap.ok(done.returncode == 3 and "HypervisorFailed" in done.stderr and not done.stdout,
           "the daemon's errors are exit status 3", done)
    rig.xen("result 0")
    for args in ([], ["nonsense"], ["--nonsense"], ["agents", "domains"]):
        done = rig.medctl(*args)
        tap.ok(done.returncode == 1 and done.stderr and not done.stdout, f"usage: {args}", done)
    tap.equal(rig.medctl("--help").returncode, 0, "--help")


SCENARIOS = [malformed_requests, not_requests, ghosts, bad_calls, good_calls,
             greedy_clients, access, client]
