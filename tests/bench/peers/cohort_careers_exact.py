"""Exact offences a person by phase of T4 in continuous time, as cohort_bench task_t4_by_the_full_model simulates it.

While free, people offend at Z m(t) a year (Z gamma, shape .5, mean 4; m = 1, .5 for 26 weeks from their start, .8 then);
5 offences in 100 take them to custody for 13 weeks; 2 in 100 desist a month. The start is at week 52, or at the release of
who is in custody then. P(free) solves F' = -.05 Z m F + what flowed into custody 13 weeks ago: steps of an eighth of a
week, exact for a flow that is constant over a step; Z = 4 x^2 for a standard normal x, by the midpoint rule.
"""
import math

WEEKS_A_YEAR, UNTIL, STEPS, CUSTODY = 365.25 / 7, 156, 8, 13
DESIST = -math.log(0.98) * 12 / WEEKS_A_YEAR


def walk(rate, start, until, factor_and_phase):
    """Of one who is free at `start`: offences by phase, P(free) at the end, flow into custody by step."""
    free, offences, flow = 1.0, [0.0, 0.0, 0.0], []
    for i in range(math.floor((until - start) * STEPS)):
        t = start + (i + 0.5) / STEPS
        factor, phase = factor_and_phase(t)
        hazard = 0.05 * rate * factor / STEPS
        released = flow[i - CUSTODY * STEPS] if i >= CUSTODY * STEPS else 0.0
        stay_free = math.exp(-hazard)
        at_end = free * stay_free + released / hazard * (1 - stay_free)
        flow.append(free - at_end + released)
        offences[phase] += flow[-1] / 0.05 * math.exp(-DESIST * t)
        free = at_end
    return offences, free, flow


def person(rate):
    total, free, flow = walk(rate, 0, 52, lambda t: (1, 0))
    starts = [(52, free)]
    for i in range(len(flow) - CUSTODY * STEPS, len(flow)):
        starts.append(((i + 0.5) / STEPS + CUSTODY, flow[i]))
    for start, share in starts:
        after, _, _ = walk(rate, start, UNTIL, lambda t: (0.5, 1) if t < start + 26 else (0.8, 2))
        total = [a + share * b for a, b in zip(total, after)]
    return total


points, furthest = 120, 6.5
mean = [0.0, 0.0, 0.0]
for k in range(points):
    x = (k + 0.5) * furthest / points
    weight = math.sqrt(2 / math.pi) * math.exp(-x * x / 2) * furthest / points
    mean = [m + weight * o for m, o in zip(mean, person(4 * x * x / WEEKS_A_YEAR))]
print(" ".join(f"{m:.3f}" for m in mean))
