# SPDX-License-Identifier: GPL-2.0-or-later
"""A second reader of what a device tree says about SCMI, to compare the first
with: written from the Devicetree Specification and the kernel's bindings, as
trees of objects where the other has tables, with no library and no limits."""
import itertools
import struct

TRANSPORTS = {"arm,scmi", "arm,scmi-smc", "arm,scmi-smc-param", "qcom,scmi-smc",
              "linaro,scmi-optee", "arm,scmi-virtio"}
BUSES = {"simple-bus", "simple-mfd", "simple-pm-bus", "isa", "arm,amba-bus"}
# Property: what says how many cells follow a phandle, and where the names are.
LISTS = {
    "clocks": ("#clock-cells", "clock-names"),
    "assigned-clocks": ("#clock-cells", None),
    "assigned-clock-parents": ("#clock-cells", None),
    "power-domains": ("#power-domain-cells", "power-domain-names"),
    "performance-domains": ("#performance-domain-cells", None),
    "resets": ("#reset-cells", "reset-names"),
    "thermal-sensors": ("#thermal-sensor-cells", None),
    "io-channels": ("#io-channel-cells", "io-channel-names"),
}


class Malformed(Exception):
    """A property is not what it must be."""


def cells(value):
    """A property's value as numbers."""
    if len(value) % 4:
        raise Malformed("not of whole cells")
    return list(struct.unpack(f">{len(value) // 4}I", value))


def whole_cells(value):
    """The same of a value that may have some bytes too many."""
    return cells(value[:len(value) // 4 * 4])


def strings(value):
    """A property's value as strings."""
    return value.split(b"\0")[:-1]


class Node:
    """A node, with everything below it."""

    def __init__(self, name, parent):
        self.name, self.parent = name, parent
        self.props, self.children = {}, []

    def path(self):
        if self.parent is None:
            return "/"
        above = self.parent.path()
        return (above if above != "/" else "") + "/" + self.name

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def above(self):
        """This node, its parent, and so on."""
        node = self
        while node is not None:
            yield node
            node = node.parent

    def compatible(self):
        return {s.decode("latin-1") for s in strings(self.props.get("compatible", b""))}

    def cell(self, prop):
        value = self.props.get(prop, b"")
        return struct.unpack(">I", value)[0] if len(value) == 4 else None

    def is_off(self):
        return any(n.props.get("status", b"okay\0") not in (b"okay\0", b"ok\0")
                   for n in self.above())

    def is_scmi(self):
        return any(c in TRANSPORTS or (c.startswith("arm,scmi-") and c != "arm,scmi-shmem")
                   for c in self.compatible())


def parse(blob):
    """The root node of a flattened device tree."""
    header = struct.unpack(">10I", blob[:40])
    assert header[0] == 0xd00dfeed and header[6] <= 17 <= header[5] + 1
    size = header[9] if header[5] > 16 else header[1] - header[2]
    structure = blob[header[2]:header[2] + size]
    names = blob[header[3]:header[3] + header[8]]
    at, top = 0, None
    open_nodes = []
    while True:
        token = int.from_bytes(structure[at:at + 4], "big")
        at += 4
        if token == 1:
            end = structure.index(b"\0", at)
            node = Node(structure[at:end].decode("ascii"), open_nodes[-1] if open_nodes else None)
            if open_nodes:
                open_nodes[-1].children.append(node)
            else:
                top = node
            open_nodes.append(node)
            at = (end + 4) & ~3
        elif token == 2:
            open_nodes.pop()
        elif token == 3:
            size, name = struct.unpack_from(">2I", structure, at)
            name = names[name:names.index(b"\0", name)].decode("ascii")
            open_nodes[-1].props.setdefault(name, structure[at + 8:at + 8 + size])
            at = (at + 8 + size + 3) & ~3
        elif token == 9:
            assert not open_nodes
            return top
        else:
            assert token == 4, f"token {token}"


class Reader:
    """What uses SCMI in one tree."""

    def __init__(self, blob):
        self.root = parse(blob)
        self.nodes = list(self.root.walk())
        self.by_phandle = {}
        for node in self.nodes:
            phandle = node.cell("phandle" if "phandle" in node.props else "linux,phandle")
            if phandle not in (None, 0, 0xffffffff):
                self.by_phandle.setdefault(phandle, node)
        self.providers = {}         # node: (protocol, SCMI node)
        self.parts = {}             # node below a provider: the same
        self.inside = set()         # nodes that are no devices
        self.trusted = None
        self.find_roles()

    def find_roles(self):
        """Sorts out what belongs to SCMI itself."""
        scmi = set()
        for node in self.nodes:
            if node in self.inside or node.parent in scmi:
                continue
            if "xen,sci" in node.compatible():
                self.inside.update(node.walk())
                smc = [n for n in node.walk() if n is not node
                       and n.compatible() & {"arm,scmi-smc", "arm,scmi-smc-param"}]
                if smc and self.trusted is None:
                    self.trusted = smc[0]
            elif node.is_scmi():
                self.inside.add(node)
                scmi.add(node)
                for child in node.children:
                    protocol = child.cell("reg")
                    if protocol is None or protocol > 0xff:
                        continue
                    self.providers[child] = (protocol, node)
                    for part in child.walk():
                        self.inside.add(part)
                        if part is not child:
                            self.parts[part] = (protocol, node)

    def entries(self, node, prop, cells_name):
        """The (provider, arguments) of a list; raises where it is malformed
        and SCMI is in what is left."""
        left = []
        try:
            left = cells(node.props[prop])
            while left:
                if left[0] in (0, 0xffffffff):
                    yield None, []
                    left = left[1:]
                    continue
                provider = self.by_phandle.get(left[0])
                count = provider.cell(cells_name) if provider else None
                if count is None or count > 16 or len(left) <= count:
                    raise Malformed(prop)
                yield provider, left[1:1 + count]
                left = left[1 + count:]
        except Malformed:
            if not left:
                left = whole_cells(node.props[prop])
            ours = {self.trusted} if prop == "access-controllers" \
                else self.providers.keys() | self.parts.keys()
            if any(self.by_phandle.get(c) in ours for c in left if c in self.by_phandle):
                raise

    def ids(self, node):
        found = []
        if "scmi_devid" in node.props:
            found += cells(node.props["scmi_devid"])
            if not found:
                raise Malformed("scmi_devid")
        if "access-controllers" in node.props:
            for provider, args in self.entries(node, "access-controllers",
                                               "#access-controller-cells"):
                if provider is not None and provider is self.trusted:
                    if not args:
                        raise Malformed("#access-controller-cells")
                    found.append(args[0])
        return list(dict.fromkeys(found))

    def resource(self, prop, provider, number, name, target=None):
        protocol, scmi = self.providers.get(provider) or self.parts[provider]
        return {"property": prop, "protocol": protocol, "id": number, "name": name,
                "scmi": scmi.path(), "target": target, "child": None}

    def from_lists(self, node):
        for prop in LISTS.keys() & node.props.keys():
            cells_name, names_prop = LISTS[prop]
            names = [s.decode("latin-1") for s in strings(node.props.get(names_prop, b""))]
            for position, (provider, args) in enumerate(self.entries(node, prop, cells_name)):
                if provider not in self.providers:
                    continue
                if not args:
                    raise Malformed(cells_name)
                name = None
                if names_prop in node.props:
                    name = names[position] if position < len(names) else ""
                yield self.resource(prop, provider, args[0], name)

    def from_supplies(self, node):
        for prop, value in node.props.items():
            if not prop.endswith("-supply") or prop == "-supply" or len(value) < 4:
                continue
            target = self.by_phandle.get(cells(value[:4])[0])
            protocol = (self.parts.get(target) or self.providers.get(target) or [None])[0]
            if protocol != 0x17:
                continue
            number = target.cell("reg")
            if len(value) != 4 or number is None or target.parent.name != "regulators" \
                    or target.parent.parent not in self.providers:
                raise Malformed(prop)
            yield self.resource(prop, target, number, prop.removesuffix("-supply"), target.name)

    def from_pins(self, node):
        names = [s.decode("latin-1") for s in strings(node.props.get("pinctrl-names", b""))]
        for n in itertools.takewhile(lambda n: f"pinctrl-{n}" in node.props, range(32)):
            name = None
            if "pinctrl-names" in node.props:
                name = names[n] if n < len(names) else ""
            value = node.props[f"pinctrl-{n}"]
            for phandle in whole_cells(value):
                target = self.by_phandle.get(phandle)
                if target in self.parts and self.parts[target][0] == 0x19:
                    if len(value) % 4:
                        raise Malformed(f"pinctrl-{n}")
                    yield self.resource(f"pinctrl-{n}", target, None, name, target.name)
        ranges = whole_cells(node.props.get("gpio-ranges", b""))
        for entry in (ranges[i:i + 4] for i in range(0, len(ranges), 4)):
            provider = self.by_phandle.get(entry[0])
            if provider in self.providers and self.providers[provider][0] == 0x19:
                if len(entry) < 4:
                    raise Malformed("gpio-ranges")
                yield self.resource("gpio-ranges", provider, entry[2], None)

    def owner(self, node):
        """The node whose driver sees what this one has."""
        for n in node.above():
            if n.parent is None:
                return node
            if "compatible" in n.props:
                return node if n.compatible() & BUSES else n
            if "access-controllers" in n.props or "scmi_devid" in n.props:
                return n
        return node

    def of_node(self, node):
        """Ids and resources of one node alone; raises if it cannot be used."""
        ids = self.ids(node)
        lists = list(self.from_lists(node))
        if len({r["scmi"] for r in lists
                if r["property"] in ("clocks", "power-domains", "resets")}) > 1:
            raise Malformed("several SCMI nodes")
        resources = [*lists, *self.from_supplies(node), *self.from_pins(node)]
        if any(not "!" <= c <= "~" for r in resources for c in r["name"] or ""):
            raise Malformed("names")
        return ids, resources

    def devices(self):
        """Path: {"ids", "resources", "disabled", "part", "problem"}."""
        found, owners = {}, {}
        for node in self.nodes:
            if node in self.inside:
                continue
            problem = False
            try:
                ids, resources = self.of_node(node)
            except Malformed:
                ids, resources, problem = [], [], True
            if not ids and not resources and not problem:
                continue
            owner = self.owner(node)
            if owner is not node:
                if owner in self.inside or (node.is_off() and not owner.is_off()):
                    continue
                for r in resources:
                    r["child"] = node.path()[len(owner.path()) + 1:]
            device = found.setdefault(owner.path(), {
                "ids": [], "resources": [], "disabled": owner.is_off(), "problem": False,
                "part": owner.props.get("device_type") == b"cpu\0"
                        or (owner.parent is not None and owner.parent.path() == "/thermal-zones")})
            if owners.setdefault(owner.path(), owner) is not owner:
                problem = True      # two nodes have one path
            device["problem"] |= problem
            device["ids"] += ids
            device["resources"] += resources
        return found
