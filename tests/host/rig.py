# SPDX-License-Identifier: GPL-2.0-or-later
"""The rig: a fake Xen (hypervisor.c), Debian's real xenstored, the real
scmi-medd and scmi-medctl, and the plugin's real code playing xl (create.c).
Everything lives in one temporary folder and runs as an ordinary user."""
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

from xenstore import Xenstore

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
# Programs of the product, and those of the rig (with sanitizers).
PRODUCT = os.path.join(TOP, os.environ.get("PRODUCT", "build/host"))
TOOLS = os.path.join(TOP, os.environ.get("TOOLS", "build/host-san"))
SANITIZED = PRODUCT.endswith("-san")

RTC, GPIO, DISK = "/pl031@9010000", "/pl061@9030000", "/virtio_mmio@a000000"
NR_GUEST_AGENTS = 14
FUNCTION_ID = 0x82000010
FRAME, PAGES = 0x22001, 0xbff00
# enum firmware_fault of tests/xen/world.h, and messages of the Base protocol.
OK, SILENT, DENIES = 0, 2, 8
SET_DEVICE, RESET_AGENT = 9, 11


class RigError(Exception):
    """The rig itself does not work."""


def wait_for(condition, what, timeout=120):
    """Waits until the condition is true."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise RigError(f"waited {timeout} s in vain until {what}")
        time.sleep(0.01)


class Daemon:
    """One scmi-medd process."""

    def __init__(self, rig, *args, env=None, group=None):
        self.rig = rig
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        # In the abstract namespace, where nothing has to be removed.
        self.notify.bind(f"\0{rig.folder}/notify-{time.monotonic_ns()}")
        self.status = ""
        self.is_ready = False
        self.last_fed = 0       # when it last fed the watchdog
        self.log = open(rig.path("medd.log"), "ab")  # pylint: disable=consider-using-with
        self.log_start = os.path.getsize(rig.path("medd.log"))
        # Not this machine's policy, if it has one, nor its devices.
        args = ["--socket", rig.path("control"), "--fdt", rig.dtb, "--log-level", "debug",
                "--policy", rig.path("no-policy"), "--sysfs", rig.path("sys"), *args]
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            [os.path.join(PRODUCT, "scmi-medd"), *args], stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log, group=group,
            env={**rig.env, "LD_PRELOAD": rig.xencall,
                 "NOTIFY_SOCKET": "@" + self.notify.getsockname()[1:].decode(), **(env or {})})
        rig.processes.append(self.process)
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self):
        """Takes what it tells the service manager: it waits if nobody does."""
        while True:
            for line in self.notify.recv(4096).decode().split("\n"):
                if line == "END":
                    self.notify.close()
                    return
                if line.startswith("STATUS="):
                    self.status = line[7:]
                if line == "WATCHDOG=1":
                    self.last_fed = time.monotonic()
                if line == "READY=1":
                    self.is_ready = True

    def wait_ready(self):
        """Waits for READY=1; True if it came, False if the daemon ended."""
        wait_for(lambda: self.is_ready or self.process.poll() is not None,
                 "scmi-medd is ready or gone")
        return self.is_ready

    def wait_for_debugger(self):
        """Whoever debugs it has all the time there is to attach."""
        print(f"# scmi-medd waits for: gdb -p {self.process.pid}", flush=True)
        tracer = ["0"]
        while tracer == ["0"]:
            time.sleep(0.1)
            with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
                tracer = [line.split()[1] for line in file if line.startswith("TracerPid:")]

    def wait_status(self, text):
        """Waits until it tells the service manager a status with this text."""
        wait_for(lambda: text in self.status, f"the status has {text!r}")

    def wait(self, timeout=120):
        """Exit status, once it ends."""
        status = self.process.wait(timeout)
        if self.listener.is_alive():
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
                end.sendto(b"END", self.notify.getsockname())
            self.listener.join()
        self.log.close()
        return status

    def kill(self, number=signal.SIGKILL):
        """Ends it and returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def said(self):
        """What it has logged."""
        with open(self.rig.path("medd.log"), encoding="utf-8", errors="replace") as log:
            log.seek(self.log_start)
            return log.read()


class Create:
    """An xl that creates a domain; result() waits for it."""

    def __init__(self, rig, domid, tree, timeout_ms, dtdevs, env=None):
        self.out = rig.path(f"out-{domid}.dtb")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.out)
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            [os.path.join(TOOLS, "tests/host/create"), str(domid), tree, self.out, *dtdevs],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env=dict(rig.env, SCMI_MED_SOCKET=rig.path("control"),
                     SCMI_MED_TIMEOUT_MS=str(timeout_ms), **(env or {})))
        rig.processes.append(self.process)
        self.start = time.monotonic()
        self.seconds = None

    def result(self):
        """(exit status, what it said): status 0 is success."""
        _, text = self.process.communicate(timeout=180)
        self.seconds = time.monotonic() - self.start
        return self.process.returncode, text.strip()

    def tree(self):
        """The guest's tree as source."""
        return subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dts", self.out], check=True,
                              capture_output=True, text=True).stdout


class Rig:
    """The whole machine. Use as a context manager."""

    def __init__(self, xenstored):
        self.folder = tempfile.mkdtemp(prefix="scmi-rig-")
        self.xenstored_binary = xenstored
        self.xencall = os.path.join(TOOLS, "tests/host/fake-xencall.so")
        self.xenctrl = os.path.join(TOOLS, "tests/host/fake-xenstored.so")
        self.dtb = os.path.join(TOOLS, "tests/xen/board.dtb")
        self.env = dict(os.environ, FAKE_XEN=self.folder, XENSTORED_PATH=self.path("xenstored"),
                        XENSTORED_RUNDIR=self.folder, XENSTORED_ROOTDIR=self.folder)
        self.env.pop("LD_PRELOAD", None)
        self.processes = []
        self.domains = {}
        # Whether what fake-xencall.c was to do came to pass.
        self.was_hit = False
        self.xen_socket = self.xenstored = self.store = self.daemon = None

    def path(self, name):
        """A file of the rig."""
        return os.path.join(self.folder, name)

    def __enter__(self):
        try:
            os.mkfifo(self.path("virq"), 0o600)
            self._start_xen()
            self.start_xenstored()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder)

    # ---- Xen ----------------------------------------------------------------

    def _start_xen(self):
        hypervisor = subprocess.Popen(  # pylint: disable=consider-using-with
            [os.path.join(TOOLS, "tests/host/hypervisor"), self.path("hypervisor")],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=self.env)
        self.processes.append(hypervisor)
        if hypervisor.stdout.readline() != b"ready\n":
            raise RigError("hypervisor does not start")
        self.xen_socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.xen_socket.settimeout(30)
        self.xen_socket.connect(self.path("hypervisor"))

    def xen(self, command):
        """Tells Xen, or the firmware, something: see hypervisor.c."""
        self.xen_socket.send(command.encode())
        reply = self.xen_socket.recv(65536)
        if not reply:
            raise RigError("hypervisor is gone")
        return reply.rstrip(b"\0").decode()

    def _virq(self):
        with open(self.path("virq"), "wb", buffering=0) as pipe:
            pipe.write(b"x")

    def firmware(self):
        """{agent: (devices as a mask from 10 on, resets, page is scrubbed)}"""
        rows = (map(int, line.split()) for line in self.xen("firmware").splitlines())
        return {agent: (devices, resets, bool(scrubbed))
                for agent, devices, resets, scrubbed in rows}

    def permitted(self):
        """{agent: devices} of the guests' agents that have any."""
        return {agent: devices for agent, (devices, _, _) in self.firmware().items()
                if devices and agent > 2}

    # ---- xenstored ----------------------------------------------------------

    def start_xenstored(self):
        """Starts it with an empty store."""
        log = open(self.path("xenstored.log"), "ab")  # pylint: disable=consider-using-with
        self.xenstored = subprocess.Popen(  # pylint: disable=consider-using-with
            [self.xenstored_binary, "-N", "--internal-db"], stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, env=dict(self.env, LD_PRELOAD=self.xenctrl))
        self.processes.append(self.xenstored)
        deadline = time.monotonic() + 20
        while True:
            try:
                self.store = Xenstore(self.path("xenstored"))
                break
            except OSError as error:
                if self.xenstored.poll() is not None or time.monotonic() > deadline:
                    with open(self.path("xenstored.log"), encoding="utf-8") as text:
                        raise RigError("xenstored does not run: " + text.read()) from error
                time.sleep(0.02)
        self.store.write("/local/domain/0/name", "Domain-0")

    def stop_xenstored(self):
        """It dies, and with it all that it held."""
        self.store.close()
        self.xenstored.kill()
        self.xenstored.wait()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path("xenstored"))

    # ---- The daemon and its client ------------------------------------------

    def start(self, *args, **more):
        """Starts the daemon and waits until it is ready."""
        self.daemon = Daemon(self, *args, **more)
        if not self.daemon.wait_ready():
            raise RigError(f"scmi-medd ended with {self.daemon.wait()}: {self.daemon.said()}")
        if os.environ.get("SCMI_MED_GDB"):
            self.daemon.wait_for_debugger()
        return self.daemon

    def medctl(self, *args):
        """Runs scmi-medctl."""
        return subprocess.run([os.path.join(PRODUCT, "scmi-medctl"), "--socket",
                               self.path("control"), *args], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=180, check=False)

    def listing(self, verb):
        """What scmi-medctl lists, as JSON."""
        done = self.medctl("--json", verb)
        if done.returncode:
            raise RigError(f"scmi-medctl {verb}: {done.stderr}")
        answer = json.loads(done.stdout)
        return answer if verb == "status" else answer[verb]

    def bound(self):
        """{domid: (agent, device ids)} of the guests, as the daemon tells it."""
        return {a["domid"]: (a["agent"], a["devices"]) for a in self.listing("agents")
                if a["state"] == "bound" and a["role"] == "guest"}

    # ---- Domains -------------------------------------------------------------

    def domain(self, name):
        """A domain as it is when the hook is called: made, paused, not built."""
        domid = next(n for n in range(1, 512) if n not in self.domains)
        self.xen(f"create {domid}")
        with open(self.path(f"dom{domid}"), "w", encoding="ascii") as file:
            file.write("r")
        self.store.transaction({f"/local/domain/{domid}/name": name, f"/libxl/{domid}/type": "pvh"})
        self.domains[domid] = name
        return domid

    def guest_tree(self, devices, scmi_node=False):
        """A guest's tree with these devices in /passthrough."""
        name = self.path("guest")
        nodes = "".join(f'dev{n} {{ compatible = "x"; xen,path = "{path}"; }};'
                        for n, path in enumerate(devices))
        if scmi_node:
            nodes += 'scmi { compatible = "arm,scmi-smc"; };'
        source = ("/dts-v1/; / { #address-cells = <2>; #size-cells = <2>; passthrough {"
                  'compatible = "simple-bus"; ranges; #address-cells = <2>; #size-cells = <2>;'
                  + nodes + "}; };")
        subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", name + ".dtb"],
                       input=source, text=True, check=True)
        return name + ".dtb"

    def create_begin(self, domid, devices, timeout_ms=20000, scmi_node=False, dtdevs=()):
        """Starts an xl that asks for these devices."""
        return Create(self, domid, self.guest_tree(devices, scmi_node), timeout_ms, dtdevs)

    def create(self, name, *devices, **more):
        """Creates a domain: (domid, exit status, what xl said). As with xl, a
        domain that could not get its devices is destroyed."""
        domid = self.domain(name)
        status, text = self.create_begin(domid, devices, **more).result()
        if status:
            self.destroy(domid)
        else:
            self.store.introduce(domid)
        return domid, status, text

    def destroy(self, domid):
        """xl destroy: first its nodes, then the domain."""
        for path in (f"/local/domain/{domid}", f"/libxl/{domid}"):
            self.store.remove(path)
        self.die(domid)

    def die(self, domid):
        """Xen tears the domain down; then, not before, it tells xenstored."""
        reply = self.xen(f"destroy {domid}")
        with open(self.path(f"dom{domid}"), "w", encoding="ascii") as file:
            file.write("d")
        self._virq()
        os.unlink(self.path(f"dom{domid}"))
        self._virq()
        del self.domains[domid]
        if reply != "ok":
            raise RigError(f"domain {domid}: {reply}")

    def clean(self):
        """Back to a fresh machine with a daemon."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path("kill"))
        for domid in list(self.domains):
            self.destroy(domid)
        self.xen("result 0")
        self.xen("missing 0")
        self.xen("boot")
        if not self.daemon or self.daemon.process.poll() is not None:
            self.start()


class Tap:
    """Numbers results and prints them."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, condition, name, detail=None):
        """One result; detail is shown if it is bad."""
        self.count += 1
        if not condition:
            self.failed += 1
        print(f"{'ok' if condition else 'not ok'} {self.count} - {name}", flush=True)
        if not condition and detail is not None:
            for line in str(detail).splitlines():
                print(f"#   {line}", flush=True)
        return bool(condition)

    def skip(self, name, why):
        """One result that cannot be had here."""
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}", flush=True)

    def equal(self, got, wanted, name):
        """One result: two values are the same."""
        return self.ok(got == wanted, name, f"got    {got!r}\nwanted {wanted!r}")

    def scenario(self, rig, function):
        """Runs one scenario; what ends it early is one failure, with the reason."""
        print(f"# {function.__doc__}", flush=True)
        start = time.monotonic()
        try:
            rig.clean()
            function(self, rig)
        except Exception:  # pylint: disable=broad-except
            detail = traceback.format_exc()
            if rig.daemon:
                detail += "the daemon's log:\n" + rig.daemon.said()[-2000:]
            self.ok(False, f"{function.__name__} goes through to its end", detail)
        print(f"# {function.__name__}: {time.monotonic() - start:.1f} s", flush=True)
