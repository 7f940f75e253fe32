"""The programs that are compared: this checkout's, the bare prototype's, an earlier revision's. Each run measures one of them
on fresh files and gives a dictionary of the same names."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = ROOT / "build/release/bin"
DAEMONS = ("circuit", "circuit-broker", "circuit-sandbox", "circuit-payment", "circuit-fulfillment", "circuit-auditor")
BARE_LINE = re.compile(r"lifecycle ([\d.]+) orders/s; ack p50 ([\d.]+) p99 ([\d.]+) ms; e2e p50 ([\d.]+) p99 ([\d.]+) ms")
BARE_CPU = re.compile(r"pid cpu ([\d.]+)s")


def quietly(command, **options):
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, **options)


def device_bytes():
    """What the disk of the runs' files has written so far, for everybody on it. A process's own count (/proc/PID/io) takes a large
    folio of the page cache for written as a whole, however little of it was: for the journal twice what arrives."""
    device = os.stat(tempfile.gettempdir()).st_dev
    path = pathlib.Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}/stat")
    return int(path.read_text(encoding="ascii").split()[6]) * 512 if path.exists() else 0


def build(directory=ROOT):
    quietly(["cmake", "--preset", "release"], cwd=directory)
    quietly(["cmake", "--build", "--preset", "release", "--target", *DAEMONS], cwd=directory)
    return directory / "build/release/bin"


def build_revision(revision):
    """An earlier state of the project, below build/against."""
    name = subprocess.run(["git", "rev-parse", "--short", f"{revision}^{{commit}}"], cwd=ROOT, check=True, text=True,
                          capture_output=True).stdout.strip()
    tree = ROOT / "build/against" / name
    if not tree.exists():
        quietly(["git", "worktree", "add", "--detach", tree, name], cwd=ROOT)
    return build(tree)


def build_bare():
    out = ROOT / "build/bare"
    source = ROOT / "ops/bench/bare.cpp"
    if not out.exists() or out.stat().st_mtime < source.stat().st_mtime:
        out.parent.mkdir(exist_ok=True)
        quietly(["g++", "-std=c++20", "-O2", "-w", "-DMSGPACK_NO_BOOST", source, "-o", out, "-lzmq", "-llmdb", "-lsodium",
                 "-lpthread"])
    return out


class Bare:
    """The prototype: it checks nothing, leases nothing, and has no counterparty."""
    name = "bare"

    def __init__(self):
        self.program = build_bare()

    def run(self, orders, rate=0, window=2_000):
        directory = tempfile.mkdtemp(prefix="circuit-bare-")
        try:
            (pathlib.Path(directory) / "data").mkdir()
            out = subprocess.run([self.program, str(orders), str(window), "0", str(rate)], cwd=directory, check=True, text=True,
                                 capture_output=True).stdout
        finally:
            shutil.rmtree(directory)
        speed, ack50, ack99, e2e50, e2e99 = map(float, BARE_LINE.search(out).groups())
        cpu = sum(map(float, BARE_CPU.findall(out)))
        return {"per_second": speed, "ack_p50": ack50, "ack_p99": ack99, "e2e_p50": e2e50, "e2e_p99": e2e99,
                "cpu_us": cpu * 1e6 / orders}


class Circuit:
    """The real daemons with everything on; `circuit bench` drives and measures them."""

    def __init__(self, name, programs):
        self.name, self.programs = name, programs

    def run(self, orders, rate=0, window=2_000, options=()):
        command = [self.programs / "circuit", "bench", "--orders", orders, "--window", window, "--rate", rate, "--json", *options]
        written = device_bytes()
        done = subprocess.run(list(map(str, command)), text=True, capture_output=True, check=False)
        written = device_bytes() - written
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        report = json.loads(done.stdout)
        daemons = report["daemons"]
        cpu = sum(daemon["cpu_us_per_order"] for name, daemon in daemons.items() if name != "circuit-sandbox")
        return {"per_second": report["lifecycles_per_second"],
                "ack_p50": report["acknowledged_ms"]["p50"], "ack_p99": report["acknowledged_ms"]["p99"],
                "e2e_p50": report["end_to_end_ms"]["p50"], "e2e_p99": report["end_to_end_ms"]["p99"],
                "cpu_us": cpu, "report": report,
                "written_bytes": written / orders - daemons["circuit-sandbox"]["written_bytes_per_order"]}
