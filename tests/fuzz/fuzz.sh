#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: fuzz.sh FOLDER SECONDS
# Runs each libFuzzer program of the folder for so long, one after the other.
# What is found is kept in build/fuzz/TARGET; what breaks a target, beside it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
status=0

for program in "$top/$1"/fuzz-*; do
    [[ -x $program && ! -d $program && $program != *.* ]] || continue
    name=${program##*/}
    found=$top/build/fuzz/$name
    mkdir -p "$found" "$here/corpus/$name"
    echo "-- $name: $2 s"
    if ! ASAN_OPTIONS=detect_leaks=0 "$program" -max_total_time="$2" -timeout=20 -rss_limit_mb=2048 \
            -print_final_stats=1 -verbosity=1 -artifact_prefix="$found-" \
            "$found" "$here/corpus/$name" > "$found.log" 2>&1; then
        tail -n 30 "$found.log"
        echo "-- $name: broken by an input, see $found-*"
        status=1
    fi
    grep -aE 'stat::number_of_executed_units|cov:' "$found.log" | tail -n 2
done
exit $status
