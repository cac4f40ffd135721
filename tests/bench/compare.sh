#!/bin/sh
# Task T2 beside NumPy, five interleaved rounds: medians and their ratios. Usage: tests/bench/compare.sh [build/release]
# Needs python3-numpy. SimPy's figure is as it was printed with the task: 25.8 replicates a second on the machine of that table.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build/release}
rounds=$(mktemp)
trap 'rm -f "$rounds"' EXIT
for round in 1 2 3 4 5; do
  "$build/tests/bench/marac_bench" --benchmark_format=json --benchmark_min_time=0.3 2>/dev/null >>"$rounds"
  echo ROUND >>"$rounds"
  PYTHONPATH=tests/bench/peers /usr/bin/python3 tests/bench/peers/marac_numpy.py "$round" 2000 >>"$rounds"
  echo ROUND >>"$rounds"
done
/usr/bin/python3 - "$rounds" <<'PYTHON'
import json, statistics, sys
speeds, stats, numpy = {}, {}, []
for text in open(sys.argv[1]).read().split("ROUND\n"):
    if not text.strip():
        continue
    found = json.loads(text)
    if "benchmarks" in found:
        for b in found["benchmarks"]:
            name = b["name"].replace("/real_time", "")
            speeds.setdefault(name, []).append(b["replicates/s"])
            stats[name] = (b.get("mean_backlog"), b.get("mean_wait"))
    else:
        numpy.append(found["units_per_s"])
        numpy_stats = found["stats"]
peer, simpy = statistics.median(numpy), 25.8
print(f"{'NumPy':30}{peer:12,.0f} replicates/s  {numpy_stats}")
for name, values in speeds.items():
    speed = statistics.median(values)
    backlog, wait = stats[name]
    found = f"  mean backlog {backlog:.1f}, mean wait {wait:.4f}" if backlog else "  (random numbers only)"
    print(f"{name:30}{speed:12,.0f} replicates/s  {speed / peer:6.2f} x NumPy {speed / simpy:8.1f} x SimPy{found}")
PYTHON
