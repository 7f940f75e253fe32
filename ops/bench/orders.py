"""The targets of the order pipeline, each with what was measured for it.

Programs run in turn, A B A B, on fresh files; a figure is the median of the rounds, a ratio the median of the rounds' ratios. What a
target says of `bare` is compared with what bare did in the same rounds, because no two days of a shared machine are alike.
"""

import csv
import io
import os
import pathlib
import random
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time

import msgpack
import zmq

from bench.programs import Bare, Circuit


def median(runs, field):
    return statistics.median(run[field] for run in runs)


def ratio(ours, theirs, field):
    return statistics.median(a[field] / b[field] for a, b in zip(ours, theirs))


class Bench:
    def __init__(self, ours, against, options):
        self.ours, self.against, self.options = ours, against, options
        self.bare = Bare()
        self.rows = []
        self.rates = {}  # orders: a second, of saturation

    def row(self, target, what, wanted, figure, held, more=""):
        self.rows.append({"target": target, "what": what, "wanted": wanted, "figure": figure, "held": bool(held), "more": more})
        print(f"  {target:4}{what:46}{wanted:>26}{figure:>16}  {'yes' if held else 'NO':4}{more}", flush=True)

    def alternate(self, orders, rate=0):
        programs = [self.bare, self.ours] + ([self.against] if self.against else [])
        runs = {program.name: [] for program in programs}
        for _ in range(self.options.rounds):
            for program in programs:
                runs[program.name].append(program.run(orders, rate))
        return runs

    def compared(self, runs, field, scale=1):
        """What an earlier revision did, for the last column."""
        if not self.against:
            return ""
        return f"{self.against.name}: {median(runs[self.against.name], field) * scale:,.1f}"

    # --- 1, 2, 3, 7: at saturation ---

    def saturation(self):
        orders = self.options.orders
        runs = self.alternate(orders)
        ours, bare = runs[self.ours.name], runs["bare"]
        self.rates[orders] = median(ours, "per_second")
        speed = ratio(ours, bare, "per_second")
        self.row("1", f"orders/s at {orders:,}, × bare", "≥ 1.0", f"{speed:.2f}", speed >= 1,
                 f"{median(ours, 'per_second'):,.0f} to {median(bare, 'per_second'):,.0f}  {self.compared(runs, 'per_second')}")
        for field, limit in (("e2e_p50", 45), ("e2e_p99", 90)):
            figure = median(ours, field)
            self.row("2", f"end to end at saturation, {field[4:]}", f"≤ {limit} ms", f"{figure:.1f} ms", figure <= limit,
                     f"bare {median(bare, field):.1f} ms  {self.compared(runs, field)}")
        cpu = median(ours, "cpu_us")
        self.row("3", "processor an order, sandbox apart", "≤ 12 µs", f"{cpu:.1f} µs", cpu <= 12,
                 f"bare {median(bare, 'cpu_us'):.1f} µs, × bare {ratio(ours, bare, 'cpu_us'):.2f}  {self.compared(runs, 'cpu_us')}")
        written = median(ours, "written_bytes")
        self.row("3", "written to the disk an order, with audit", "≤ 2,500 B", f"{written:,.0f} B", written <= 2_500)
        journal = statistics.median(run["report"]["journal_bytes_per_order"] for run in ours)
        self.row("3", "journal an order", "≤ 900 B", f"{journal:,.0f} B", journal <= 900)
        lag = statistics.median(run["report"]["audit_lag_ms"]["p99"] for run in ours)
        self.row("7", "audit log behind the stream, p99", "≤ 100 ms", f"{lag:.1f} ms", lag <= 100)

    # --- 2: paced ---

    def paced(self):
        for rate in (500, 2_000, 10_000):
            runs = self.alternate(rate * self.options.seconds, rate)
            ours, bare = runs[self.ours.name], runs["bare"]
            # The sandbox syncs its ledger once on the way of each order; bare has no counterparty.
            allowed = median(bare, "e2e_p50") + self.sync_ms
            p50 = median(ours, "e2e_p50")
            self.row("2", f"end to end at {rate:,}/s, p50", f"≤ {allowed:.2f} ms", f"{p50:.2f} ms", p50 <= allowed,
                     f"bare {median(bare, 'e2e_p50'):.2f} ms and a sync of {self.sync_ms:.2f}  {self.compared(runs, 'e2e_p50')}")
            p99, limit = median(ours, "e2e_p99"), 1.1 * median(bare, "e2e_p99")
            self.row("2", f"end to end at {rate:,}/s, p99", f"≤ {limit:.1f} ms", f"{p99:.1f} ms", p99 <= limit,
                     f"bare {median(bare, 'e2e_p99'):.1f} ms  {self.compared(runs, 'e2e_p99')}")

    # --- 1, 4, 5, 6, 7: with many orders ---

    def many(self):
        """One journal of many orders; the others look at it afterwards."""
        orders = self.options.many
        free = shutil.disk_usage(tempfile.gettempdir()).free
        while orders * 4_000 > free:
            orders //= 2
        data = pathlib.Path(tempfile.mkdtemp(prefix="circuit-many-"))
        try:
            run = self.ours.run(orders, options=["--data", data])
            base = self.rates.get(self.options.orders) or self.ours.run(self.options.orders)["per_second"]
            flat = run["per_second"] / base
            wanted = 0.95 if orders <= 1_000_000 else 0.85
            self.row("1", f"orders/s at {orders:,}, × at {self.options.orders:,}", f"≥ {wanted}", f"{flat:.2f}", flat >= wanted)
            for name, daemon in run["report"]["daemons"].items():
                limit = 256 if name == "circuit-broker" else 32
                size = daemon["anonymous_mib"]
                self.row("4", f"{name}, anonymous, after {orders:,}", f"≤ {limit} MiB", f"{size:.0f} MiB", size <= limit)
            self.restart(data, orders)
            self.replay(data, base)
            self.verify(data)
        finally:
            shutil.rmtree(data)

    def restart(self, data, orders):
        config = data / "waiting.toml"
        config.write_text('[sandbox]\nconfirm = "manual"\n', encoding="utf-8")
        self.ours.run(100_000, options=["--data", data, "--config", config, "--waiting"])
        for how in ("stopped", "killed"):
            seconds = statistics.median(self.ready_after(data, config, how) for _ in range(self.options.rounds))
            self.row("5", f"ready, {orders:,} finished, 100,000 open, {how}", "≤ 2 s", f"{seconds:.2f} s", seconds <= 2)

    def ready_after(self, data, config, how):
        """From the start of the broker to its word that it is ready (sd_notify(3)); then it ends in the given way."""
        path = data / "notify.sock"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            ready.bind(str(path))
            ready.settimeout(120)
            began = time.perf_counter()
            broker = subprocess.Popen([self.ours.programs / "circuit-broker", "--data", data, "--config", config],
                                      env={**os.environ, "NOTIFY_SOCKET": str(path)}, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
            while b"READY=1" not in ready.recv(4096):
                pass
            seconds = time.perf_counter() - began
        path.unlink()
        broker.kill() if how == "killed" else broker.terminate()
        broker.wait()
        return seconds

    def replay(self, data, base):
        half = int(base / 2)
        alone = self.ours.run(half * self.options.seconds, half, options=["--data", data])
        beside = self.ours.run(half * self.options.seconds, half, options=["--data", data, "--replay"])
        speed = beside["report"]["replay"]["events"] / beside["report"]["replay"]["seconds"]
        self.row("6", "replay to one subscriber, at half speed", "≥ 1,000,000/s", f"{speed:,.0f}/s", speed >= 1_000_000)
        worse = beside["e2e_p99"] / alone["e2e_p99"]
        self.row("6", "orders' p99 beside the replay, × alone", "≤ 1.2", f"{worse:.2f}", worse <= 1.2,
                 f"{beside['e2e_p99']:.1f} to {alone['e2e_p99']:.1f} ms")

    def verify(self, data):
        audit = data / "audit"
        size = sum(path.stat().st_size for path in audit.iterdir())
        times = []
        for _ in range(self.options.rounds):
            began = time.perf_counter()
            subprocess.run([self.ours.programs / "circuit", "verify", "--audit", audit], check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - began)
        speed = size / 1e6 / statistics.median(times)
        self.row("7", f"verify, {size / 1e6:,.0f} MB", "≥ 200 MB/s", f"{speed:,.0f} MB/s", speed >= 200)

    # --- 8, 9: others beside ---

    def upstreams(self):
        rate, orders = 4_000, 4_000 * self.options.seconds
        one, many = [], []
        for _ in range(self.options.rounds):
            one.append(self.ours.run(orders, rate))
            many.append(self.ours.run(orders, rate, options=["--upstreams", 1_000]))
        for field in ("e2e_p50", "e2e_p99"):
            worse = ratio(many, one, field)
            self.row("9", f"1,000 upstreams, {field[4:]}, × one with the same total", "≤ 1.1", f"{worse:.2f}", worse <= 1.1,
                     f"{median(many, field):.2f} to {median(one, field):.2f} ms")

    def beside(self, target, what, other):
        """The latency of cheap orders alone and beside another load on the same circuit."""
        rate, orders = 1_000, 1_000 * self.options.seconds
        ratios = []
        for _ in range(self.options.rounds):
            data = pathlib.Path(tempfile.mkdtemp(prefix="circuit-beside-"))
            try:
                alone = self.ours.run(orders, rate, options=["--data", data])
                with other(data):
                    beside = self.ours.run(orders, rate, options=["--data", data])
                ratios.append((beside["e2e_p99"] / alone["e2e_p99"], beside["e2e_p99"], alone["e2e_p99"]))
            finally:
                shutil.rmtree(data)
        worse, loaded, calm = (statistics.median(values) for values in zip(*ratios))
        self.row(target, what, "≤ 1.2", f"{worse:.2f}", worse <= 1.2, f"{loaded:.1f} to {calm:.1f} ms")

    def abuse(self):
        self.beside("9", "others' p99 beside one that sends 8 MiB inputs, ×", lambda data: Orders(data, table(8 << 20), 2))
        self.beside("9", "others' p99 beside one that floods, ×", lambda data: Orders(data, None, 500))

    def analysis(self):
        self.beside("8", "cheap orders' p99 beside analyses, ×", lambda data: Orders(data, table(256 << 10), 4))
        speeds = {threads: self.analyses_per_second(threads) for threads in (1, 2)}
        gain = speeds[2] / speeds[1]
        self.row("8", "analyses/s, two threads × one", f"≥ 1.5 ({os.cpu_count()} processors)", f"{gain:.2f}", gain >= 1.5,
                 f"{speeds[2]:.1f} to {speeds[1]:.1f}/s")

    def analyses_per_second(self, threads):
        data = pathlib.Path(tempfile.mkdtemp(prefix="circuit-analyses-"))
        config = data / "circuit.toml"
        config.write_text(f"[fulfillment]\nthreads = {threads}\n[rate_limit]\ncreates_per_minute_per_ip = 0\n", encoding="utf-8")
        up = [self.ours.programs / "circuit", "up", "--data", data, "--config", config]
        try:
            subprocess.run(up, check=True, stdout=subprocess.DEVNULL)
            began = time.perf_counter()
            with Orders(data, table(512 << 10), 8, count=60) as orders:
                orders.thread.join()
            while fulfilled(data) < 60:
                time.sleep(0.01)
            return 60 / (time.perf_counter() - began)
        finally:
            subprocess.run([self.ours.programs / "circuit", "down", "--data", data], check=False, stdout=subprocess.DEVNULL)
            shutil.rmtree(data)


def table(size):
    """A CSV of numbers and words, about so large."""
    chance = random.Random(1)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["day", "region", "units", "price"])
    while out.tell() < size - 64:
        writer.writerow([f"2026-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}", chance.choice(("North", "South", "East")),
                         chance.randrange(50), f"{chance.uniform(1, 500):.2f}"])
    return out.getvalue()


def fulfilled(data):
    with zmq.Context() as context, context.socket(zmq.REQ) as asker:
        asker.linger = 0
        asker.connect(f"ipc://{data}/run/orders.sock")
        asker.send(msgpack.packb({"type": "get_stats"}))
        return msgpack.unpackb(asker.recv())["stats"]["orders_fulfilled"]


class Orders:
    """Another upstream: sends orders as fast as they are answered, so many at a time, until it is left."""

    def __init__(self, data, csv_text, window, count=1 << 60):
        self.endpoint, self.csv_text, self.window, self.count = f"ipc://{data}/run/orders.sock", csv_text, window, count
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()

    def request(self, number):
        order = {"type": "create_order", "customer_id": f"other_{number}", "idempotency_key": f"other-{number}", "currency": "USD"}
        if self.csv_text is None:
            return msgpack.packb({**order, "product_id": "LICENSE_KEY_V1", "amount": 2000})
        # Each its own input: one that is there already would not be stored again.
        return msgpack.packb({**order, "product_id": "DATA_ANALYSIS_V1", "amount": 5000,
                              "input": {"csv": self.csv_text + f"2026-01-01,{number},1,1\n"}})

    def run(self):
        with zmq.Context() as context, context.socket(zmq.DEALER) as upstream:
            upstream.linger = 0
            upstream.connect(self.endpoint)
            sent = answered = 0
            while not self.stop.is_set() and answered < self.count:
                while sent - answered < self.window and sent < self.count:
                    upstream.send(self.request(sent))
                    sent += 1
                if upstream.poll(100):
                    upstream.recv()
                    answered += 1


SCENARIOS = {
    "saturation": Bench.saturation,
    "paced": Bench.paced,
    "many": Bench.many,
    "upstreams": Bench.upstreams,
    "abuse": Bench.abuse,
    "analysis_orders": Bench.analysis,
}
