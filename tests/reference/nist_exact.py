#!/usr/bin/env python3
"""Checks the certified values below tests/data/nist against exact rational arithmetic on the decimal text.

Prints what it compared; exits 1 if a value differs in its first 15 digits.
"""
import csv
import decimal
import pathlib
import sys
from fractions import Fraction

DATA = pathlib.Path(__file__).resolve().parents[1] / "data" / "nist"
decimal.getcontext().prec = 60
compared = failures = 0


def check(name, what, exact, certified):
    global compared, failures
    compared += 1
    if abs(exact - Fraction(certified)) > abs(Fraction(certified)) * Fraction(5, 10**15):
        failures += 1
        print(f"{name}: {what} is {float(exact)!r}, certified as {certified}")


def root(fraction):
    return Fraction((decimal.Decimal(fraction.numerator) / fraction.denominator).sqrt())


def pairs_around(middle, pairs):
    """The rule of NumAcc2 to 4 and of each treatment of SmLs: the middle, then a tenth less and a tenth more in turn."""
    tenth = Fraction(1, 10)
    return [middle] + [middle - tenth, middle + tenth] * pairs


def univariate(name):
    made = {"NumAcc1": [Fraction(10000001), Fraction(10000003), Fraction(10000002)],
            "NumAcc2": pairs_around(Fraction("1.2"), 500),
            "NumAcc3": pairs_around(Fraction("1000000.2"), 500),
            "NumAcc4": pairs_around(Fraction("10000000.2"), 500)}
    return made.get(name) or [Fraction(line) for line in (DATA / f"{name}.txt").read_text().split()]


def anova(name):
    if not name.startswith("SmLs"):
        groups = {}
        for row in csv.DictReader((DATA / f"{name}.csv").open()):
            groups.setdefault(row["instrument"], []).append(Fraction(row["value"]))
        return list(groups.values())
    number = int(name[4:]) - 1
    offset = [1, 10**6, 10**12][number // 3]
    pairs = [10, 100, 1000][number % 3]
    middles = ["0.4"] + ["0.3", "0.5"] * 4
    return [pairs_around(offset + Fraction(middle), pairs) for middle in middles]


def mean_of(values):
    return sum(values) / len(values)


for row in csv.DictReader((DATA / "certified.csv").open()):
    values = univariate(row["name"])
    mean = mean_of(values)
    deviations = [value - mean for value in values]
    squares = sum(d * d for d in deviations)
    check(row["name"], "n", Fraction(len(values)), row["n"])
    check(row["name"], "mean", mean, row["mean"])
    check(row["name"], "standard deviation", root(squares / (len(values) - 1)), row["standard_deviation"])
    check(row["name"], "autocorrelation", sum(a * b for a, b in zip(deviations, deviations[1:])) / squares,
          row["autocorrelation"])

for row in csv.DictReader((DATA / "certified_anova.csv").open()):
    groups = anova(row["name"])
    n = sum(map(len, groups))
    grand = mean_of([value for group in groups for value in group])
    between = sum(len(group) * (mean_of(group) - grand) ** 2 for group in groups)
    within = sum((value - mean) ** 2 for group in groups for mean in [mean_of(group)] for value in group)
    check(row["name"], "n", Fraction(n), row["n"])
    check(row["name"], "groups", Fraction(len(groups)), row["groups"])
    check(row["name"], "F", between / (len(groups) - 1) / (within / (n - len(groups))), row["f"])
    check(row["name"], "R squared", between / (between + within), row["r_squared"])

print(f"{compared} values compared, {failures} differ")
sys.exit(failures > 0 or compared == 0)
