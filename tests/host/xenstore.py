# SPDX-License-Identifier: GPL-2.0-or-later
"""A client of xenstored, on its own wire format (xen/io/xs_wire.h): what the
scenarios write and read, right or wrong, without libxenstore in between."""
import errno
import socket
import struct

DIRECTORY, READ = 1, 2
TRANSACTION_START, TRANSACTION_END = 6, 7
INTRODUCE, WRITE, RM = 8, 11, 13
ERROR = 16

HEADER = struct.Struct("=IIII")


class XenstoreError(OSError):
    """xenstored said no."""


class Xenstore:
    """One connection."""

    def __init__(self, path, timeout=30):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(path)

    def close(self):
        """Ends the connection."""
        self.socket.close()

    def _receive(self, length):
        data = b""
        while len(data) < length:
            part = self.socket.recv(length - len(data))
            if not part:
                raise ConnectionError("xenstored closed the connection")
            data += part
        return data

    def call(self, kind, *parts, txn=0, nul=True):
        """Sends the parts, each but the last ended by a NUL; returns the answer."""
        payload = b"\0".join(p if isinstance(p, bytes) else p.encode() for p in parts)
        if nul:
            payload += b"\0"
        self.socket.sendall(HEADER.pack(kind, 0, txn, len(payload)) + payload)
        answer, _, _, length = HEADER.unpack(self._receive(HEADER.size))
        payload = self._receive(length)
        if answer == ERROR:
            name = payload.rstrip(b"\0").decode()
            raise XenstoreError(getattr(errno, name, errno.EIO), name)
        return payload

    def read(self, path, txn=0):
        """The value of a node as bytes, None if there is none."""
        try:
            return self.call(READ, path, txn=txn)
        except XenstoreError as error:
            if error.errno == errno.ENOENT:
                return None
            raise

    def text(self, path):
        """The value of a node as text, None if there is none."""
        value = self.read(path)
        return None if value is None else value.decode()

    def write(self, path, value, txn=0):
        """Writes a node; value is text or bytes."""
        self.call(WRITE, path, value, txn=txn, nul=False)

    def remove(self, path):
        """Removes a node and all below it; it may be absent."""
        try:
            self.call(RM, path)
        except XenstoreError as error:
            if error.errno != errno.ENOENT:
                raise

    def list(self, path):
        """Names of the nodes below; none if there is no such node."""
        try:
            return [n.decode() for n in self.call(DIRECTORY, path).split(b"\0") if n]
        except XenstoreError as error:
            if error.errno == errno.ENOENT:
                return []
            raise

    def transaction(self, values):
        """Writes all the nodes of a dict at once."""
        while True:
            txn = int(self.call(TRANSACTION_START, "").rstrip(b"\0"))
            for path, value in values.items():
                self.write(path, value, txn)
            try:
                self.call(TRANSACTION_END, "T", txn=txn)
                return
            except XenstoreError as error:
                if error.errno != errno.EAGAIN:
                    raise

    def introduce(self, domid):
        """What the toolstack does when a domain is built."""
        self.call(INTRODUCE, str(domid), "4096", "5")
