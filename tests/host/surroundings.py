# SPDX-License-Identifier: GPL-2.0-or-later
"""What the daemon stands on gives way: Xen, xenstored, memory, the clock. What
is to happen then is in scmi-medd(8), FAILURES."""
import errno
import mmap
import os
import signal
import struct
import subprocess
import time

from hostile import paths, request
from kills import OPERATIONS, STRIDE, run_armed, set_kill, soon_free
from rig import DISK, PRODUCT, RTC, SANITIZED, Create, RigError, wait_for

ERRORS = (errno.EIO, errno.ENOSPC, errno.ENOMEM)
# Exit statuses that scmi-medd(8) knows, but 0 and 2; never a signal.
EXITS = {1, 3, 4, 5, 6, 7, 8, 9, 10, 11}
FLOOD = 1000


def settle(rig, operation):
    """What is wrong after an operation in which something failed: it must have
    been done, or have failed and said why."""
    if hasattr(operation, "client") and operation.client:
        _, text = operation.client.communicate(timeout=60)
        done = operation.client.returncode == 0
    elif operation.create:
        status, text = operation.create.result()
        done = status == 0
    else:
        done, text = True, ""
    wrong = None if done or (text.strip() and "scmi-medd did not answer" not in text) else f"the user is told {text!r}"
    for domid in list(rig.domains):
        rig.store.introduce(domid)
        rig.destroy(domid)
    return wrong


def failing_steps(tap, rig):
    """Each hypercall, and each request to xenstored, fails once."""
    for name, least, make in OPERATIONS:
        step, hit, wrong = 1 - STRIDE, True, None
        while hit and not wrong:
            step += STRIDE
            # It counts its steps from its start on.
            rig.daemon.kill()
            rig.start()
            operation = make()
            operation.begin(rig)
            rig.xen("fault 0")
            operation.act(rig)
            died = run_armed(rig, f"fail {step} {ERRORS[step % len(ERRORS)]}", operation.is_over)
            hit = rig.was_hit
            if died:
                status = rig.daemon.process.returncode
                wrong = None if status in EXITS else f"exit status {status}"
                rig.start()
            wrong = wrong or settle(rig, operation) or soon_free(rig, 25)
        tap.ok(not wrong and step > least, f"{name}, each of {step - 1} steps fails: it is done, or the user is told "
               "why, and nothing leaks", f"step {step}: {wrong}")


SCENARIOS = [failing_steps]
