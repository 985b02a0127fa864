# SPDX-License-Identifier: GPL-2.0-or-later
"""Domains that get their devices, and domains that do not."""
import json
import os
import shutil

from rig import (DISK, DENIES, FRAME, FUNCTION_ID, GPIO, NR_GUEST_AGENTS, OK, PAGES, RESET_AGENT,
                 RTC, SET_DEVICE, wait_for)


def bind(rig, path):
    """Dom0's kernel, as its sysfs tells it, has a driver for a device."""
    node = rig.path("sys/firmware/devicetree/base" + path)
    device = rig.path("sys/devices/platform/disk")
    driver = rig.path("sys/bus/platform/drivers/virtio-mmio")
    for folder in (node, device, driver, rig.path("sys/bus/platform/devices")):
        os.makedirs(folder)
    os.symlink(node, device + "/of_node")
    os.symlink(driver, device + "/driver")
    os.symlink(device, rig.path("sys/bus/platform/devices/disk"))


def unbind(rig):
    """There is none any more."""
    shutil.rmtree(rig.path("sys"))


def dom0(tap, rig):
    """Dom0 hands over a device that it does not use, and gets it back."""
    tap.equal(rig.firmware()[1][0], 4, "Dom0 has it")
    one, status, text = rig.create("one", DISK)
    tap.equal((status, text), (0, ""), "the domain is created")
    tap.equal((rig.firmware()[1][0], rig.permitted()), (0, {3: 4}), "Dom0 has lost it to the domain")
    _, status, text = rig.create("two", DISK)
    tap.ok(status == 1 and f"domain {one} (one)" in text, "nobody else gets it", (status, text))
    tap.equal((rig.firmware()[1][0], rig.permitted()), (0, {3: 4}), "nor is it given back for that")
    rig.daemon.kill()
    rig.start()
    tap.equal((rig.firmware()[1][0], rig.permitted()), (0, {3: 4}), "a new daemon changes nothing")
    rig.destroy(one)
    wait_for(lambda: rig.firmware()[1][0] == 4, "Dom0 has it back")
    tap.equal(rig.permitted(), {}, "Dom0 has it back, and nobody else")
    two, _, _ = rig.create("two", DISK)
    rig.daemon.kill()
    rig.destroy(two)
    tap.equal((rig.firmware()[1][0], rig.permitted()), (0, {}), "the domain dies without a daemon: nobody has it")
    rig.start()
    tap.equal((rig.firmware()[1][0], rig.permitted()), (4, {}), "the next daemon gives it to Dom0")
    rig.xen(f"fault {DENIES} {SET_DEVICE}")
    _, status, text = rig.create("three", DISK)
    rig.xen(f"fault {OK}")
    tap.ok(status == 1 and DISK in text and "Dom0" in text, "what cannot be taken is refused", (status, text))
    tap.equal((rig.firmware()[1][0], rig.permitted()), (4, {}), "and stays with Dom0")


def attach(tap, rig):
    """A domain that runs gets another device, and loses it; so does Dom0."""
    one, _, _ = rig.create("one", RTC)
    two, _, _ = rig.create("two", GPIO)
    done = rig.medctl("attach", "one", GPIO)
    tap.ok(done.returncode == 3 and f"domain {two} (two)" in done.stderr, "another domain's device is refused", done)
    tap.equal(rig.medctl("detach", "two", GPIO).returncode, 0, "that domain loses it")
    tap.equal(rig.permitted(), {3: 1}, "the firmware permits it to nobody")
    tap.equal(rig.medctl("attach", str(one), GPIO).returncode, 0, "now it is attached")
    tap.equal(rig.bound(), {one: (3, [10, 11]), two: (4, [])}, "the daemon shows it")
    tap.equal(rig.medctl("attach", "two", DISK).returncode, 0, "a device that Dom0 has is attached")
    tap.equal((rig.firmware()[1][0], rig.permitted()), (0, {3: 3, 4: 4}), "Dom0 has lost it")
    rig.daemon.kill()
    rig.start()
    tap.equal(rig.bound(), {one: (3, [10, 11]), two: (4, [12])}, "a new daemon changes nothing")
    rig.xen(f"fault {DENIES} {SET_DEVICE}")
    done = rig.medctl("detach", "two", DISK)
    tap.ok(done.returncode == 3 and DISK in done.stderr, "a firmware that refuses: so is the user told", done)
    rig.xen(f"fault {OK}")
    tap.equal(rig.medctl("detach", "two", DISK).returncode, 0, "detached")
    tap.equal((rig.firmware()[1][0], rig.permitted()), (4, {3: 3}), "Dom0 has it back")
    rig.destroy(one)
    rig.destroy(two)
    wait_for(lambda: not rig.permitted(), "nobody has anything")
    tap.equal(rig.bound(), {}, "the domains are gone, with what they had")


def grant(tap, rig):
    """A domain gets a device, uses it, and dies."""
    domid, status, text = rig.create("one", RTC)
    if not tap.equal((status, text), (0, ""), "the domain is created"):
        return
    tap.equal(rig.bound(), {domid: (3, [10])}, "it has an agent with the device")
    tap.equal(rig.permitted(), {3: 1}, "so says the firmware")
    frames = rig.xen(f"mapping {domid}").split()
    tap.ok(frames[0] == f"{FRAME:#x}" and int(frames[1], 16) < PAGES,
           "a page of Xen's is mapped, and none of the firmware's", frames)
    tap.equal(rig.xen(f"clock {domid} 1"), "status=0", "it switches its device's clock on")
    tap.equal(rig.xen(f"clock {domid} 2"), "status=-3", "and no other")
    tap.equal(rig.xen(f"call {domid}"), "status=0 forwarded=1 "
              f"function_id={FUNCTION_ID + 3:#x} client_id=3", "its calls go out as that agent's")
    rig.xen("dirty 3")
    rig.destroy(domid)
    tap.equal(rig.permitted(), {}, "dead, it has no permission")
    tap.ok(rig.firmware()[3][2], "its page is scrubbed")
    tap.equal(rig.bound(), {}, "its agent is free")
    domid, status, text = rig.create("again", RTC)
    tap.equal((status, rig.bound().get(domid)), (0, (3, [10])), "the next one gets the same")


def show(tap, rig):
    """scmi-medctl show: all about a domain, and why it has its device."""
    one, _, _ = rig.create("one", RTC)
    for name in ("one", str(one)):
        done = rig.medctl("--json", "show", name)
        if not tap.equal((done.returncode, done.stderr), (0, ""), f"{name} is shown"):
            return
        answer = json.loads(done.stdout)
        tap.equal((answer["agent"]["agent"], answer["agent"]["domid"]), (3, one), "its agent")
        tap.equal([(p["id"], p["path"], p["property"]) for p in answer["permissions"]],
                  [(10, RTC, "access-controllers")], "its permission, and the reason")
        tap.ok({"clocks", "power-domains", "resets"} <=
               {r["property"] for r in answer["permissions"][0]["resources"]}, "the resources", answer)
    other, _, _ = rig.create("2nd", scmi_node=True)
    for name, whose in (("2nd", f"2nd ({other})"), ("0", "Domain-0 (0)"), ("Domain-0", "Domain-0 (0)")):
        done = rig.medctl("show", name)
        tap.ok(done.returncode == 0 and whose in done.stdout, f"{name} is {whose}", done)
    done = rig.medctl("show", "one")
    tap.ok(f"one ({one})" in done.stdout and RTC in done.stdout and "access-controllers" in done.stdout,
           "as tables, too", done)
    rig.medctl("detach", "one", RTC)
    tap.equal(json.loads(rig.medctl("--json", "show", "one").stdout)["permissions"], [],
              "a device that is taken away is not shown")
    done = rig.medctl("show", "two")
    tap.ok(done.returncode == 3 and "xl list" in done.stderr, "nobody of that name", done)
    three = rig.domain("three")
    done = rig.medctl("show", "three")
    tap.ok(done.returncode == 3 and "scmi-medctl domains" in done.stderr, "a domain without an agent", done)
    rig.destroy(three)
    rig.destroy(one)
    tap.equal(rig.medctl("show", str(one)).returncode, 3, "nor one that is dead")


def selftest(tap, rig):
    """scmi-medctl selftest: what the daemon tells it; this machine has no Xen."""
    def checks():
        done = rig.medctl("--json", "--fdt", rig.dtb, "selftest")
        tap.equal((done.returncode, done.stderr), (9, ""), "it is not ready without Xen's files")
        results = {c["check"]: c["result"] for c in json.loads(done.stdout)["checks"]}
        return [results[name] for name in known]

    known = ("daemon", "hypervisor", "firmware", "agents", "host tree")
    tap.equal(checks(), ["ok"] * 5, "the daemon's part is well")
    one, _, _ = rig.create("one", RTC)
    rig.xen(f"fault {DENIES}")
    rig.destroy(one)
    rig.xen(f"fault {OK}")
    tap.equal(checks(), ["ok", "ok", "ok", "FAILED", "ok"], "a quarantined agent")
    rig.daemon.kill()
    tap.equal(checks(), ["FAILED"] + ["unknown"] * 3 + ["ok"],
              "without the daemon, what it knows is not known")


def tree(tap, rig):
    """What the guest's tree says."""
    domid = rig.domain("one")
    create = rig.create_begin(domid, [RTC])
    tap.equal(create.result(), (0, ""), "the domain is created")
    text = create.tree()
    for words in ('compatible = "arm,scmi-smc"', "arm,smc-id = <0x82000011>",
                  'compatible = "arm,scmi-shmem"', "protocol@11", "protocol@14", "protocol@16",
                  'clock-names = "apb_pclk"', "clocks =", "power-domains =", "resets ="):
        tap.ok(words in text, f"it has {words}", text)
    create = rig.create_begin(rig.domain("plain"), [])
    tap.equal(create.result(), (0, ""), "one without devices needs nothing")
    tap.ok("scmi" not in create.tree(), "and gets nothing")
    tap.ok(list(rig.bound()) == [domid], "not even an agent")
    domid, status, text = rig.create("agent", scmi_node=True)
    tap.equal((status, rig.bound().get(domid)), (0, (4, [])),
              "an SCMI node without devices gets an agent without permission")


def two_domains(tap, rig):
    """Two domains on different agents, one with both kinds of configuration."""
    one, status, text = rig.create("one", RTC)
    tap.equal((status, text), (0, ""), "the first")
    two, status, text = rig.create("two", dtdevs=[GPIO])
    tap.equal((status, text), (0, ""), "the second, by dtdev")
    tap.equal(rig.bound(), {one: (3, [10]), two: (4, [11])}, "each has its own")
    tap.equal(rig.permitted(), {3: 1, 4: 2}, "so says the firmware")
    rig.destroy(one)
    tap.equal(rig.bound(), {two: (4, [11])}, "the end of one is none of the other's business")
    tap.ok("forwarded=1" in rig.xen(f"call {two}"), "which goes on calling")
    both, status, text = rig.create("both", RTC, dtdevs=[RTC])
    tap.equal((status, rig.bound().get(both)), (0, (3, [10])), "named twice is granted once")


def refusals(tap, rig):
    """Devices that nobody may have, or somebody has."""
    def refused(name, devices, *words, **more):
        domid, status, text = rig.create("late", *devices, **more)
        tap.ok(status == 1 and all(w in text for w in words), f"{name} is refused", (status, text))
        tap.ok(domid not in rig.bound(), "without an agent used up", rig.bound())

    refused("an unknown device", ["/nonexistent"], "/nonexistent")
    one, _, _ = rig.create("one", RTC)
    refused("a device that another has", [RTC], RTC, f"domain {one} (one)")
    refused("it, beside one that is free,", [GPIO, RTC], RTC, f"domain {one} (one)")
    bind(rig, DISK)
    refused("a device that Dom0 uses", [DISK], DISK,
            "echo disk > /sys/bus/platform/drivers/virtio-mmio/unbind")
    tap.equal(rig.firmware()[1][0], 4, "and it stays with Dom0")
    unbind(rig)
    tap.equal(rig.permitted(), {3: 1}, "the firmware has heard nothing of it")
    rig.xen(f"fault {DENIES} {SET_DEVICE}")
    refused("what the firmware refuses", [GPIO], GPIO)
    rig.xen(f"fault {OK}")
    tap.equal(rig.permitted(), {3: 1}, "and nothing stays of it")


def all_agents(tap, rig):
    """More domains than agents."""
    for n in range(NR_GUEST_AGENTS):
        _, status, text = rig.create(f"guest{n}", scmi_node=True)
        if status:
            tap.ok(False, f"guest {n} is created", text)
    tap.equal(len(rig.bound()), NR_GUEST_AGENTS, "all agents are in use")
    _, status, text = rig.create("late", RTC)
    tap.ok(status == 1 and f"{NR_GUEST_AGENTS} " in text and "agents" in text,
           "the next is refused, and told why", (status, text))
    rig.destroy(next(iter(rig.bound())))
    _, status, text = rig.create("late", RTC)
    tap.equal((status, text), (0, ""), "when one has gone, it gets in")


def quarantine(tap, rig):
    """Firmware that does not confirm that permissions are gone."""
    one, _, _ = rig.create("one", RTC)
    # Neither the deny nor the reset is confirmed.
    rig.xen(f"fault {DENIES}")
    rig.destroy(one)
    rig.xen(f"fault {OK}")
    agent = next(a for a in rig.listing("agents") if a["agent"] == 3)
    tap.equal((agent["state"], agent["devices"]), ("quarantined", [10]), "its agent is quarantined")
    rig.daemon.wait_status("1 quarantined")
    tap.equal(rig.listing("status")["agents_quarantined"], 1, "and scmi-medctl")
    rig.xen(f"fault {DENIES}")
    _, status, text = rig.create("two", RTC)
    tap.ok(status == 1 and RTC in text and "quarantine" in text, "nobody gets the device",
           (status, text))
    rig.xen(f"fault {OK}")
    two, status, text = rig.create("two", RTC)
    tap.equal((status, text), (0, ""), "as soon as the firmware confirms, somebody does")
    tap.equal(rig.permitted(), {rig.bound()[two][0]: 1}, "and only that one")
    rig.destroy(two)
    rig.xen(f"fault {DENIES} {RESET_AGENT}")
    three, _, _ = rig.create("three", GPIO)
    rig.destroy(three)
    rig.xen(f"fault {OK}")
    tap.equal(rig.permitted(), {}, "a reset that fails leaves no permission, either")


def stale(tap, rig):
    """Xen says which domains exist, also where xenstore is stale."""
    one, _, _ = rig.create("one", RTC)
    rig.xen(f"dying {one}")
    for verb, name, device in (("attach", "one", GPIO), ("attach", str(one), GPIO), ("detach", "one", RTC)):
        done = rig.medctl(verb, name, device)
        tap.ok(done.returncode == 3 and f"domain {one} is being destroyed" in done.stderr,
               f"{verb} {name}: not while the domain is dying", done)
    tap.equal((rig.medctl("show", "one").returncode, rig.permitted()), (0, {3: 1}), "it is still shown")
    rig.die(one)
    for verb, name in (("attach", "one"), ("detach", "one"), ("show", "one")):
        done = rig.medctl(verb, name, *([] if verb == "show" else [RTC]))
        tap.ok(done.returncode == 3 and "there is no guest \"one\"" in done.stderr,
               f"{verb}: a name that only xenstore still has", done)
    done = rig.medctl("attach", str(one), RTC)
    tap.ok(done.returncode == 3 and f"there is no domain {one};" in done.stderr, "nor by its id", done)
    two, _, _ = rig.create("one", RTC)
    tap.equal(rig.medctl("attach", "one", GPIO).returncode, 0, "the next one of this name gets the device")

    rig.daemon.kill()
    path = "/libxl/300/scmi"
    rig.store.transaction({f"{path}/version": "1", f"{path}/device/0/path": DISK, f"{path}/state": "requested"})
    rig.xen(f"dying {two}")
    rig.store.remove(f"/libxl/{two}")
    rig.start()
    tap.equal((rig.store.text(f"{path}/state"), rig.store.text(f"{path}/error")),
              ("refused", "the domain is gone"), "a request without a domain is refused")
    tap.equal(rig.firmware()[1][0], 4, "Dom0 has kept the device")
    tap.ok(f"domain {two} (one) is being destroyed" in rig.daemon.said(), "a dying domain is no surprise",
           rig.daemon.said())
    for domid in (one, 300):
        rig.store.remove(f"/local/domain/{domid}")
        rig.store.remove(f"/libxl/{domid}")


SCENARIOS = [grant, show, stale, selftest, tree, two_domains, dom0, attach, refusals, all_agents, quarantine]
