# SPDX-License-Identifier: GPL-2.0-or-later
"""Takes apart what the board's first UART prints.

Dom0 and Xen share it: Xen puts whole lines between the pieces that Dom0's
console driver hands it, also in the middle of a line of Dom0. Each of Xen's
lines starts with "(XEN) ".
"""
import codecs
import re

XEN = "(XEN) "
ESCAPE = re.compile(r"\x1b(\[[0-9;?!]*[A-Za-z]|[>=78])")
OPEN_ESCAPE = re.compile(r"\x1b(\[[0-9;?!]*)?$")


class Console:
    """Fed with bytes; has the text of Dom0, of Xen, and of both in turn."""

    def __init__(self):
        self.dom0 = ""
        self.xen = ""
        self.all = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""         # whose it is cannot be told yet
        self._escape = ""       # start of an escape sequence of Dom0

    def feed(self, data):
        """Takes in bytes as they came."""
        text = self._rest + self._decoder.decode(data).replace("\r", "")
        while True:
            start = text.find(XEN)
            if start < 0:
                break
            end = text.find("\n", start)
            if end < 0:
                break
            self._feed_dom0(text[:start])
            self.xen += text[start:end + 1]
            self.all += text[start:end + 1]
            text = text[end + 1:]
        if start < 0:
            start = len(text) - self._overlap(text)
        self._feed_dom0(text[:start])
        self._rest = text[start:]

    @staticmethod
    def _overlap(text):
        """How many last characters may be the beginning of a line of Xen."""
        for n in range(len(XEN) - 1, 0, -1):
            if text.endswith(XEN[:n]):
                return n
        return 0

    def _feed_dom0(self, text):
        text = ESCAPE.sub("", self._escape + text)
        m = OPEN_ESCAPE.search(text)
        self._escape = m.group(0) if m else ""
        text = text[:len(text) - len(self._escape)]
        self.dom0 += text
        self.all += text
