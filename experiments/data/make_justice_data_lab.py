#!/usr/bin/env python3
"""Makes justice_data_lab.csv: a programme's participants and matched comparisons, all invented, with a truth that is known.

    python3 make_justice_data_lab.py > justice_data_lab.csv
    python3 make_justice_data_lab.py --truth

Each of 500 participants has two comparisons of the same sex and nearly the same age and record. A person reoffends at a constant rate a
year, times a frailty that differs between people (gamma, mean 1, variance 1.2): numbers are negative binomial. Being a participant
multiplies the rate by 0.75 and does nothing else, and nothing that is not in the file makes participants differ from comparisons.
Only random.random() is used, whose sequence Python promises never to change.
"""
import math
import random
import sys

SEED = 20241031
PARTICIPANTS = 500
COMPARISONS_EACH = 2
RATE_RATIO = 0.75
FRAILTY_VARIANCE = 1.2
DAYS = 365
AREAS = 15

draw = random.Random(SEED).random


def normal():
    return math.sqrt(-2 * math.log(1 - draw())) * math.cos(2 * math.pi * draw())


def gamma(shape):
    """Marsaglia and Tsang (2000), with their step for shapes below 1."""
    if shape < 1:
        return gamma(shape + 1) * (1 - draw()) ** (1 / shape)
    d = shape - 1 / 3
    while True:
        x = normal()
        v = (1 + x / math.sqrt(9 * d)) ** 3
        if v > 0 and math.log(1 - draw()) < x * x / 2 + d - d * v + d * math.log(v):
            return d * v


def one_of(shares):
    u = draw()
    for name, share in shares:
        u -= share
        if u < 0:
            return name
    return shares[-1][0]


def rate(person, area_effects):
    """Reoffences a year of a comparison with these features, before frailty."""
    return math.exp(-0.62 + area_effects[person["area"]] - 0.25 * (person["age"] - 30) / 10
                    - (0.35 if person["sex"] == "female" else 0) + 0.30 * math.log(1 + person["prior"]))


def risk(mean):
    """Chance of one reoffence or more, frailty averaged out."""
    return 1 - (1 + FRAILTY_VARIANCE * mean) ** (-1 / FRAILTY_VARIANCE)


def main():
    area_effects = [0.25 * normal() for _ in range(AREAS)]
    rows, truth = [], {"with": 0.0, "without": 0.0}
    for match in range(1, PARTICIPANTS + 1):
        sex = one_of([("male", 0.85), ("female", 0.15)])
        age = 18 + int(14 * gamma(1.3) * 0.8)
        prior = int(6 * gamma(0.8))
        for place in range(1 + COMPARISONS_EACH):
            programme = place == 0
            person = {
                "match": match,
                "sex": sex,
                "age": min(75, max(18, age + (0 if programme else int(draw() * 5) - 2))),
                "prior": max(0, prior + (0 if programme else int(draw() * 3) - 1)),
                "area": int(draw() * AREAS),
                "offence": one_of([("theft", 0.35), ("violence", 0.30), ("drugs", 0.20), ("public order", 0.142),
                                   ("arson", 0.008)]),
            }
            mean = rate(person, area_effects)
            if programme:
                truth["without"] += risk(mean) / PARTICIPANTS
                truth["with"] += risk(RATE_RATIO * mean) / PARTICIPANTS
                mean *= RATE_RATIO
            a_year = mean * FRAILTY_VARIANCE * gamma(1 / FRAILTY_VARIANCE)
            # A few are lost from sight: they died or left the country.
            followed = DAYS if draw() >= 0.03 else 1 + int(draw() * (DAYS - 1))
            times, now = [], 0.0
            while a_year > 0:
                now += -math.log(1 - draw()) / a_year * 365
                if now > followed:
                    break
                times.append(math.ceil(now))
            rows.append([
                f"G{match:03d}", "yes" if programme else "no", f"area {person['area'] + 1:02d}", sex, person["age"],
                "" if draw() < 0.03 else person["prior"], person["offence"],
                # Who wasn't followed for the whole year is neither a yes nor a no, also where a reoffence was seen.
                "" if followed < DAYS else "yes" if times else "no",
                len(times), f"{followed / DAYS:.4g}", times[0] if times else followed, "yes" if times else "no"])
    if "--truth" in sys.argv[1:]:
        print(f"rate ratio {RATE_RATIO}")
        print(f"participants' risk within a year: {100 * truth['with']:.2f} in 100, "
              f"without the programme {100 * truth['without']:.2f}, difference {100 * (truth['with'] - truth['without']):.2f}, "
              f"ratio {truth['with'] / truth['without']:.3f}")
        return
    order = sorted(rows, key=lambda row: (row[2], row[0], row[1]))
    print("person,match,programme,area,sex,age,prior,offence,reoffended,reoffences,years,days,event")
    for number, row in enumerate(order, 1):
        print(f"P{number:04d}," + ",".join(str(cell) for cell in row))


main()
