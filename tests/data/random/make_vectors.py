"""Writes streams.csv, counts.csv and thinned.csv: a second implementation of streams and of samplers by inversion.

Python integers for Philox2x64-10, PCG XSL RR 128/64, SplitMix64 and FNV-1a, written from their papers; cumulative
probabilities summed in 60 decimal digits. Python 3.11, standard library only. Run by hand:

    python3 tests/data/random/make_vectors.py
"""
import math
import pathlib
from decimal import Decimal, getcontext

getcontext().prec = 60
MASK64, MASK128 = 2**64 - 1, 2**128 - 1
CONTRACT = 1


def philox(counter0, counter1, key):
    for r in range(10):
        if r:
            key = (key + 0x9E3779B97F4A7C15) & MASK64
        product = counter0 * 0xD2B74407B1CE6E93
        counter0, counter1 = (product >> 64) ^ key ^ counter1, product & MASK64
    return counter0, counter1


def split_mix(state, index):
    z = (state + (index + 1) * 0x9E3779B97F4A7C15) & MASK64
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK64
    return z ^ (z >> 31)


def fnv1a(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK64
    return value


def words(seed, draw, replicate, purpose, entity, ordinal=0):
    state = split_mix(split_mix(CONTRACT, seed), draw)
    return philox(replicate, entity, split_mix(state ^ fnv1a(purpose), ordinal))


class Pcg64:
    MULTIPLIER = (2549297995355413924 << 64) + 4865540595714422341
    INCREMENT = (6364136223846793005 << 64) + 1442695040888963407

    def __init__(self, block):
        self.state = (block[0] << 64) | block[1]
        self.state = ((self.state + self.INCREMENT) * self.MULTIPLIER + self.INCREMENT) & MASK128

    def __call__(self):
        self.state = (self.state * self.MULTIPLIER + self.INCREMENT) & MASK128
        turn = self.state >> 122
        folded = ((self.state >> 64) ^ self.state) & MASK64
        return ((folded >> turn) | (folded << (64 - turn))) & MASK64


def uniform(word):
    return min((float(word >> 11) + 0.5) * 2.0**-53, 1 - 2.0**-53)


def quantiles(us, probabilities):
    """For each u the smallest k with P(0) + ... + P(k) >= u; the probabilities are an iterator."""
    order = sorted(range(len(us)), key=lambda i: us[i])
    result, total, k = [0] * len(us), Decimal(0), -1
    for i in order:
        while total < Decimal(us[i]):
            total += next(probabilities)
            k += 1
        result[i] = max(k, 0)
    return result


def poisson(mean):
    mean, k = Decimal(mean), 0
    p = (-mean).exp()
    while True:
        yield p
        k += 1
        p = p * mean / k


def binomial(n, p):
    p, k = Decimal(p), 0
    q, value = 1 - p, (1 - p) ** int(n)
    while True:
        yield value
        k += 1
        value = value * (int(n) - k + 1) / k * p / q


def negative_binomial(mean, size):
    mean, size, k = Decimal(mean), Decimal(size), 0
    value = (size * (size / (size + mean)).ln()).exp()
    while True:
        yield value
        k += 1
        value = value * (size + k - 1) / k * mean / (size + mean)


FOLDER = pathlib.Path(__file__).parent
HEADER = ("# {what}\n# Made by make_vectors.py beside this file: a second implementation, in Python integers and 60-digit "
          "decimals.\n# Pins stream contract 1: another number behind a key, or another count of a word, must fail here.\n")


def write(name, what, columns, rows):
    with open(FOLDER / name, "w") as file:
        file.write(HEADER.format(what=what) + columns + "\n")
        for row in rows:
            file.write(",".join(repr(x) if isinstance(x, float) else str(x) for x in row) + "\n")


def streams():
    keys = [(1, 0, 0, "a", 0, 0), (20231218, 5, 17, "referrals of an area", 42, 3), (MASK64, MASK64, MASK64, "", MASK64, MASK64)]
    keys += [(s, d, r, "vectors", e, o) for s in (0, 1) for d in (0, 1) for r in (0, 1) for e in (0, 1) for o in (0, 1)]
    for key in keys:
        block = words(*key)
        pcg = Pcg64(block)
        yield (*key, *block, pcg(), pcg(), pcg())


def counts():
    drawn = [words(20231218, 5, 17, "counts", entity)[0] for entity in range(40)] + [0, MASK64 >> 1, MASK64 - MASK64 % 2**40]
    us = [uniform(w) for w in drawn]
    laws = [("poisson", m, 0.0, poisson(m)) for m in (1e-9, 0.25, 4.0, 29.5, 30.5, 176.25, 1e6)]
    laws += [("binomial", n, p, binomial(n, p)) for n, p in ((1.0, 0.3), (54.0, 0.1484375), (249.0, 0.96875), (4e6, 0.25))]
    laws += [("negative_binomial", m, s, negative_binomial(m, s)) for m, s in ((0.5, 0.25), (12.0, 2.0), (900.0, 60.0))]
    for law, first, second, probabilities in laws:
        for word, count in zip(drawn, quantiles(us, probabilities)):
            if 1e-12 < uniform(word) < 1 - 1e-12:  # beyond lies the rounding of doubles
                yield law, first, second, word, count
    for word, u in zip(drawn, us):
        yield "bernoulli", 0.375, 0.0, word, int(u < 0.375)
        yield "categorical 0 3 1 0 4", 0.0, 0.0, word, 1 if u * 8 < 3 else 2 if u * 8 < 4 else 4


def thinned():
    """All candidates of strips 0 to 3 of base 0.5 before t = 6, kept at rate 1 before 3 and 3.5 after, in order of time."""
    events = []
    for strip in range(4):
        low, width = (0.0, 0.5) if strip == 0 else (0.5 * 2 ** (strip - 1), 0.5 * 2 ** (strip - 1))
        pcg, time, index = Pcg64(words(20231218, 5, 17, "thinned", 3, strip)), 0.0, 0
        while True:
            time += -math.log(uniform(pcg())) / width
            if time >= 6:
                break
            height = low + width * uniform(pcg())
            marks = pcg(), pcg()
            if height < (1 if time < 3 else 3.5):
                events.append((time, height, *marks, strip, index))
            index += 1
    return sorted(events)


write("streams.csv", "Keys, their two Philox words and the first three draws of their pcg64 streams.",
      "seed,draw,replicate,purpose,entity,ordinal,word_0,word_1,draw_0,draw_1,draw_2", streams())
write("counts.csv", "Counts and choices of one word, by inversion. Seed 20231218, draw 5, replicate 17, and edges.",
      "law,first,second,word,count", counts())
write("thinned.csv", "Events of a thinned process: base 0.5, rate 1 before t = 3 and 3.5 from then to 6.",
      "time,height,mark_0,mark_1,strip,index", thinned())
