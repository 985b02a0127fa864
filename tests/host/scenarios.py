#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the scenarios, or those whose names are given, on one rig."""
import signal
import sys

import churn
import deaths
import examples
import grants
import hostile
import kills
import looking
import policies
import races
import shell
import surroundings
from rig import Rig, Tap


def main(xenstored, names):
    """Exit status 0 if all went well."""
    modules = (grants, policies, shell, hostile, races, deaths, kills, surroundings, churn,
               looking, examples)
    scenarios = [s for module in modules for s in module.SCENARIOS]
    unknown = set(names) - {s.__name__ for s in scenarios}
    if unknown:
        print(f"no scenario {', '.join(unknown)}; there are: {', '.join(s.__name__ for s in scenarios)}", file=sys.stderr)
        return 2
    tap = Tap()
    # A shell that starts this in the background has SIGINT ignored, by the programs, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # So that the rig is taken down when the run is given up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with Rig(xenstored) as rig:
        for scenario in scenarios:
            if not names or scenario.__name__ in names:
                tap.scenario(rig, scenario)
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
