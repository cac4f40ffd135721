#!/bin/sh
# Tasks T1 and T3 beside a heap in plain Python with NumPy's draws, five interleaved rounds: medians and their ratios.
# Usage: tests/bench/compare_caseload.sh [build/release]. Needs python3-numpy. queuecomputer's and SimPy's figures are as they
# were printed with the tasks, not run again: 9.5 million and 0.17 million customers, 26 replicates a second.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build/release}
rounds=$(mktemp)
trap 'rm -f "$rounds"' EXIT
for round in 1 2 3 4 5; do
  "$build/tests/bench/caseload_bench" --benchmark_format=json --benchmark_min_time=0.3 2>/dev/null >>"$rounds"
  echo ROUND >>"$rounds"
  PYTHONPATH=tests/bench/peers /usr/bin/python3 tests/bench/peers/mmc_numpy.py "$round" 1000000 >>"$rounds"
  echo ROUND >>"$rounds"
  PYTHONPATH=tests/bench/peers /usr/bin/python3 tests/bench/peers/caseload_numpy.py "$round" 200 >>"$rounds"
  echo ROUND >>"$rounds"
done
/usr/bin/python3 - "$rounds" <<'PYTHON'
import json, statistics, sys
speeds, stats, peers, found_by_peer = {}, {}, {}, {}
for text in open(sys.argv[1]).read().split("ROUND\n"):
    if not text.strip():
        continue
    found = json.loads(text)
    if "benchmarks" in found:
        for b in found["benchmarks"]:
            name = b["name"].replace("/real_time", "")
            unit = "customers/s" if "customers/s" in b else "replicates/s"
            speeds.setdefault((name, unit), []).append(b[unit])
            stats[name] = {k: round(b[k], 4) for k in ("mean_wait", "share_late", "gave_up") if k in b}
    else:
        peers.setdefault(found["task"], []).append(found["units_per_s"])
        found_by_peer[found["task"]] = found["stats"]
heap = {"customers/s": statistics.median(peers["T1"]), "replicates/s": statistics.median(peers["T3"])}
for task, unit in (("T1", "customers/s"), ("T3", "replicates/s")):
    print(f"{'Python heap, ' + task:32}{heap[unit]:14,.0f} {unit}  {found_by_peer[task]}")
for (name, unit), values in speeds.items():
    speed = statistics.median(values)
    beside = f"{speed / 9.5e6:6.2f} x queuecomputer" if unit == "customers/s" else f"{speed / 26:8.0f} x SimPy"
    print(f"{name:32}{speed:14,.0f} {unit}  {speed / heap[unit]:6.2f} x heap {beside}  {stats[name]}")
PYTHON
