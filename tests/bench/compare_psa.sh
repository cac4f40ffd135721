#!/bin/sh
# Task T6 beside NumPy, five interleaved rounds: medians and their ratios. Usage: tests/bench/compare_psa.sh [build/release]
# Needs python3-numpy.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build/release}
rounds=$(mktemp)
trap 'rm -f "$rounds"' EXIT
for round in 1 2 3 4 5; do
  "$build/tests/bench/psa_bench" --benchmark_filter=t6 --benchmark_format=json --benchmark_min_time=0.3 2>/dev/null >>"$rounds"
  echo ROUND >>"$rounds"
  PYTHONPATH=tests/bench/peers /usr/bin/python3 tests/bench/peers/psa_numpy.py "$round" 1000000 >>"$rounds"
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
            speeds.setdefault(name, []).append(b["items_per_second"])
            stats[name] = {k: round(v, 4) for k, v in b.items() if k.startswith(("evpi", "best"))}
    else:
        numpy.append(found["units_per_s"])
        numpy_stats = found["stats"]
peer = statistics.median(numpy)
print(f"{'NumPy':24}{peer:12,.0f} draws/s  {numpy_stats}")
for name, values in speeds.items():
    speed = statistics.median(values)
    print(f"{name:24}{speed:12,.0f} draws/s  {speed / peer:5.2f} x NumPy  {stats[name]}")
PYTHON
