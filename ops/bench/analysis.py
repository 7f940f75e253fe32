"""`circuit analyze` on one core, beside pandas' read_csv and describe (Debian's python3-pandas, installed if it is not there), on
generated tables of numbers and of mixed columns; then the three sample data sets in a warm process.

How to read it: both programs run in turn, A B A B, pinned to one core; the figures are medians of the rounds. A machine that is
shared gives other figures every day, so the ratio is what counts. Circuit's time is processor time of reading and all statistics
(types, moments, quantiles, outliers, histograms, relations with p-values, series, findings), then of writing the three files; pandas'
is the same clock around its two calls. Peak memory is that of the whole process.
"""

import csv
import datetime
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CIRCUIT = ROOT / "build/release/bin/circuit"
SAMPLES = ("seattle-weather", "us-employment", "birdstrikes")
SPEED = re.compile(r"(\d+) bytes, (\d+) rows: ([\d.]+) ms of processor time, ([\d.]+) MB/s; report: ([\d.]+) ms")
PANDAS = """
import sys, time, pandas
began = time.process_time()
table = pandas.read_csv(sys.argv[1])
table.describe(include="all")
print((time.process_time() - began) * 1000)
"""


def numeric_rows(chance):
    """Ten columns: whole numbers and decimals in turn."""
    yield [f"c{i}" for i in range(10)]
    while True:
        yield [f"{chance.gauss(100, 15):.4f}" if i % 2 else chance.randrange(10**6) for i in range(10)]


def mixed_rows(chance):
    """Dates, categories, whole numbers, decimals, quoted texts, some missing, and an identifier."""
    comments = ("quick", "on order", "late", 'said "very good"', "ok, thanks", "")
    day = datetime.date(2019, 1, 1)
    yield ["date", "region", "product", "units", "price", "discount", "comment", "customer"]
    number = 0
    while True:
        number += 1
        yield [day + datetime.timedelta(days=number // 500 % 2000), chance.choice(("North", "South", "East", "West")),
               f"P{chance.randint(1, 200)}", chance.randint(1, 50), f"{chance.uniform(1, 500):.2f}",
               chance.choice(("0.05", "0.1", "", "0")), chance.choice(comments), f"CUST-{chance.randint(1, 200000):06}"]


def generate(path, rows, size):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, row in enumerate(rows):
            writer.writerow(row)
            if number % 1000 == 0 and file.tell() >= size:
                return


def run(command):
    """What the command printed, on both streams, and its peak memory in MB. On one core."""
    before = lambda: os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=before)
    out, errors = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"bench: {' '.join(map(str, command))} failed:\n{errors}")
    return out, errors, usage.ru_maxrss / 1024


def analyze(path, directory, repeat=1):
    command = [CIRCUIT, "analyze", path, "--out", directory / "report", "--force", "--repeat", str(repeat)]
    _, errors, memory = run(command)
    size, rows, examine, _, write = SPEED.search(errors).groups()
    return {"bytes": int(size), "rows": int(rows), "statistics_ms": float(examine), "report_ms": float(write), "peak_mb": memory}


def pandas(path):
    out, _, memory = run(["/usr/bin/python3", "-c", PANDAS, path])
    return {"statistics_ms": float(out), "peak_mb": memory}


def medians(runs):
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def compare(name, rows, size, rounds, directory):
    path = directory / f"{name}.csv"
    generate(path, rows, size)
    analyze(path, directory)  # not counted: the file comes into memory
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(analyze(path, directory))
        theirs.append(pandas(path))
    ratio = statistics.median(b["statistics_ms"] / a["statistics_ms"] for a, b in zip(ours, theirs))
    ours, theirs = medians(ours), medians(theirs)
    speed = lambda figures: ours["bytes"] / 1000 / figures["statistics_ms"]
    return {"name": name, "bytes": ours["bytes"], "rows": ours["rows"], "circuit_mb_per_s": speed(ours),
            "circuit_report_ms": ours["report_ms"], "circuit_peak_mb": ours["peak_mb"], "pandas_mb_per_s": speed(theirs),
            "pandas_peak_mb": theirs["peak_mb"], "times_as_fast": ratio}


def bench_analysis(options):
    subprocess.run([ROOT / "scripts/setup", "python3-pandas"], check=True)
    subprocess.run(["cmake", "--preset", "release"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "--preset", "release", "--target", "circuit"], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(prefix="circuit-bench-") as name:
        directory = pathlib.Path(name)
        tables = [compare(kind, rows(random.Random(1)), options.size * 10**6, options.rounds, directory)
                  for kind, rows in (("numeric", numeric_rows), ("mixed", mixed_rows))]
        samples = [{"name": sample, **analyze(ROOT / f"tests/data/{sample}.csv", directory, repeat=20)} for sample in SAMPLES]
    return {"tables": tables, "samples": samples}


def print_analysis(result):
    print(f"{'':18}{'MB':>6}{'rows':>11}{'circuit':>12}{'report':>10}{'peak':>9}{'pandas':>12}{'peak':>9}{'ratio':>8}")
    for row in result["tables"]:
        print(f"{row['name']:18}{row['bytes'] / 1e6:6.0f}{row['rows']:11,}{row['circuit_mb_per_s']:7.0f} MB/s"
              f"{row['circuit_report_ms']:7.1f} ms{row['circuit_peak_mb']:6.0f} MB{row['pandas_mb_per_s']:7.0f} MB/s"
              f"{row['pandas_peak_mb']:6.0f} MB{row['times_as_fast']:7.1f}x")
    print(f"\nIn a warm process{'':7}rows  statistics    report     total")
    for row in result["samples"]:
        total = row["statistics_ms"] + row["report_ms"]
        print(f"{row['name']:18}{row['rows']:10,}{row['statistics_ms']:9.1f} ms{row['report_ms']:7.1f} ms{total:7.1f} ms")


def bench(options):
    result = bench_analysis(options)
    print_analysis(result)
    return result
