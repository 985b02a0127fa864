#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs test-threads once more, with the thread sanitizer in. Prints TAP.
set -eu
cd "$(dirname "$0")/../.."
make --no-print-directory -s say=@: B=build/host-tsan CFLAGS='-O1 -g' HARDEN=-fPIC \
    EXTRA_CFLAGS='-fsanitize=thread --param tsan-distinguish-volatile=1' \
    build/host-tsan/tests/xen/test-threads
# It cannot live with every layout of the address space.
exec setarch -R build/host-tsan/tests/xen/test-threads
