# SPDX-License-Identifier: GPL-2.0-or-later
"""One run of the measuring program on the emulated board, instructions counted.

The board has one CPU here and its time is its instructions: 1 ns each, and none
while it sleeps. So a run is the same on every machine, however busy.
"""
import os
import re
import shutil
import subprocess
import tempfile
import time

from qemu import BOARD, HERE as SYSTEM, BoardError, die_with_parent, machine

PROGRAM = f"{BOARD}/bench/program"
ICOUNT = ["-icount", "shift=0,sleep=off"]
# Seconds; a run takes a few on a quiet machine.
TIMEOUT = 120 * float(os.environ.get("SCMI_MED_SLOW", "1"))

# Where guests' kernel is: behind Dom0's.
GUEST_KERNEL_ADDR = 0x44200000
XEN_EXTRA = "dom0_mem=128M dom0_max_vcpus=1"


def addresses():
    """XEN_ADDR and the like, of machine.sh."""
    names = ("XEN_ADDR", "KERNEL_ADDR", "DTB_ADDR")
    out = subprocess.run(["bash", "-c", f". ./machine.sh; echo {' '.join('$' + n for n in names)}"],
                         cwd=SYSTEM, stdout=subprocess.PIPE, text=True, check=True).stdout
    return dict(zip(names, out.split()))


def guest_nodes(guests, measuring):
    """Text of an overlay with guests that Xen starts; the first one may measure."""
    size = os.path.getsize(PROGRAM)
    # fdtoverlay puts each before the one before.
    nodes = "".join(f"""
        bench-{n} {{
            compatible = "xen,domain";
            #address-cells = <2>;
            #size-cells = <2>;
            memory = <0 0x4000>;
            cpus = <1>;
            module@{GUEST_KERNEL_ADDR:x} {{
                compatible = "multiboot,kernel", "multiboot,module";
                reg = <0 {GUEST_KERNEL_ADDR:#x} 0 {size:#x}>;
                bootargs = "{'bench-guest=0x1' if measuring and n == 1 else 'bench-idle'}";
            }};
        }};""" for n in range(guests, 0, -1))
    return f"&{{/chosen}} {{ {nodes} }};"


def host_tree(name, nodes, dom0_args):
    """Makes the host device tree of a run; returns its file."""
    env = dict(os.environ, BOARD_CPUS="1", DOM0_KERNEL=PROGRAM, DOM0_INITRD="",
               XEN_EXTRA=XEN_EXTRA, DOM0_EXTRA=dom0_args, MORE_DTS=nodes)
    p = subprocess.run([f"{SYSTEM}/dtb.sh", name], env=env, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, text=True, check=False)
    if p.returncode:
        raise BoardError(f"dtb.sh could not make the host tree:\n{p.stdout[-2000:]}")
    return f"{BOARD}/{name}.dtb"


def parse(line):
    """The words of a line "BENCH word name=value ..." as a dict."""
    kind, *pairs = line.split()
    values = {"kind": kind}
    for pair in pairs:
        name, _, value = pair.partition("=")
        values[name] = int(value) if value.isdigit() else value
    return values


class Run:
    """What a run printed, and what the firmware logged meanwhile."""

    def __init__(self, name, images, parties):
        """images: pairs of file and address. parties: who is to say the end."""
        self.name = name
        self.folder = tempfile.mkdtemp(prefix="scmi-med-bench-")
        try:
            self._run(images, parties)
        finally:
            if os.environ.get("SCMI_MED_KEEP_LOGS"):
                shutil.copytree(self.folder, os.path.join(os.environ["SCMI_MED_KEEP_LOGS"], name),
                                dirs_exist_ok=True)
            shutil.rmtree(self.folder)

    def _run(self, images, parties):
        argv = ["qemu-system-aarch64", *machine(), "-smp", "1", *ICOUNT, "-bios", f"{BOARD}/flash.bin"]
        for file, addr in images:
            argv += ["-device", f"loader,file={file},addr={addr},force-raw=on"]
        for log in ("console.log", "secure.log"):
            with open(os.path.join(self.folder, log), "wb"):
                pass    # there to be read before QEMU opens it
            argv += ["-chardev", f"file,id={log},path={log}", "-serial", f"chardev:{log}"]
        with open(os.path.join(self.folder, "qemu.log"), "wb") as log:
            process = subprocess.Popen(     # pylint: disable=consider-using-with
                [*argv, "-monitor", "none"], cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, preexec_fn=die_with_parent)
        try:
            self._wait(process, parties)
        finally:
            process.kill()
            process.wait()
        # Once more, now that nothing is added any more.
        self.console = self._read("console.log")
        self.lines = [parse(m) for m in re.findall(r"BENCH (.*)", self.console)]
        self.firmware = self._read("secure.log").split("\n")

    def _read(self, log):
        with open(os.path.join(self.folder, log), encoding="utf-8", errors="replace") as f:
            return f.read().replace("\r", "")

    def _wait(self, process, parties):
        deadline = time.monotonic() + TIMEOUT
        while True:
            console = self._read("console.log")
            if re.search(r"BENCH error .*\n", console):
                self.wrong("the program gave up: " + re.search("BENCH error (.*)", console).group(1))
            if all(re.search(rf"BENCH end who={p} .*\n", console) for p in parties):
                return
            if "Panic on CPU" in console:
                self.wrong("Xen panicked:\n" + console[-2000:])
            if process.poll() is not None:
                self.wrong("QEMU ended: " + self._read("qemu.log") + console[-2000:])
            if time.monotonic() > deadline:
                self.wrong(f"not ready after {TIMEOUT:.0f} s; the console ends with:\n"
                           + console[-2000:])
            time.sleep(0.05)

    def wrong(self, what):
        """Gives up: this run did not measure what it should."""
        raise BoardError(f"{self.name}: {what}")


def run_bare(name):
    """The program in place of Xen."""
    addr = addresses()
    return Run(name, [(PROGRAM, addr["XEN_ADDR"])], ["bare"])


def run_xen(name, xen, guests, agents):
    """The program as Dom0 of a Xen, and as so many guests.

    agents: how many are in use in the end, Dom0's included; 0 if this Xen has
    none to give. With an agent the first guest measures, too.
    """
    addr = addresses()
    measuring = guests > 0 and agents > 0
    dom0_args = "bench-dom0=0x1" + (f" bench-agents={agents:#x}" if agents else "")
    tree = host_tree(f"bench-{name}", guest_nodes(guests, measuring), dom0_args)
    images = [(f"{BOARD}/{xen}", addr["XEN_ADDR"]), (PROGRAM, addr["KERNEL_ADDR"]),
              (PROGRAM, hex(GUEST_KERNEL_ADDR)), (tree, addr["DTB_ADDR"])]
    return Run(name, images, ["dom0", "guest"] if measuring else ["dom0"])
