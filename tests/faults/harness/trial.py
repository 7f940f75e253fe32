"""One run of one fault: a circuit, its clients, what breaks it, and the judgement in the end. The same seed gives the same
choices; what the machine's scheduler adds is not repeatable, so a run that failed is kept as evidence."""

import json
import pathlib
import random
import signal
import subprocess
import sys
import time

from checker.findings import Findings
from checker.rules import check_run

from .circuit import DAEMONS, PATIENCE_S, Circuit, last_audit_seq
from .export import export
from .process import Process, wait_until

CONTROL_PATIENCE_S = 12
HERE = pathlib.Path(__file__).resolve().parent


class Trial:
    """`planted` names the bug of a control; `variant` any other change that a control makes, which the fault's own function
    knows."""

    def __init__(self, home, programs, seed, planted=None, variant=None, quick=False):
        self.home = pathlib.Path(home)
        self.programs = pathlib.Path(programs)
        self.seed = seed
        self.random = random.Random(seed)
        self.planted = planted
        self.variant = variant
        self.quick = quick
        self.findings = Findings()
        self.circuit = None
        self.clients = []
        self.listener = None
        self.undo = []    # what clean_up calls, the last first
        self.notes = []   # what was measured
        self.manual = False
        # A control is stuck more often than not, and need not prove that it stays so.
        self.patience_s = PATIENCE_S if planted is None and variant is None else CONTROL_PATIENCE_S

    @property
    def is_control(self):
        return self.planted is not None or self.variant is not None

    # --- setting up ---

    def make_circuit(self, config=None, wrap=None):
        self.circuit = Circuit(self.home, self.programs, config, self.planted)
        self.circuit.wrap.update(wrap or {})
        self.undo.append(self.circuit.close)
        return self.circuit

    def start(self, config=None, names=DAEMONS, wrap=None):
        self.make_circuit(config, wrap).start(names)
        self.listen()
        return self.circuit

    def listen(self):
        self.listener = Process([sys.executable, HERE / "listener.py", self.circuit.endpoint("events.sock"),
                                 self.home / "heard-1.jsonl"], self.home / "log" / "listener.log")
        self.undo.append(self.listener.kill)

    def start_clients(self, count=2, namespace=None, **options):
        before = ["ip", "netns", "exec", namespace] if namespace else []
        for _ in range(count):
            number = len(self.clients) + 1
            options_here = {"endpoint": self.circuit.endpoint("orders.sock"), "seed": self.seed,
                            "patience_s": self.patience_s, **options,
                            "number": number, "history": str(self.home / f"client-{number}.jsonl")}
            client = Process([*before, sys.executable, HERE / "client.py", json.dumps(options_here)],
                             self.home / "log" / f"client-{number}.log")
            self.clients.append(client)
            self.undo.append(client.kill)

    # --- watching ---

    def expect(self, condition, invariant, text):
        if not condition:
            self.findings.add(invariant, text)
        return bool(condition)

    def wait(self, what, condition, seconds=PATIENCE_S):
        """A wait whose end is a promise of the circuit: otherwise it is stuck."""
        def look():
            self.circuit.raise_if_given_up()
            return condition()

        try:
            return wait_until(what, look, min(seconds, 60) if self.is_control else seconds)
        except TimeoutError as error:
            self.findings.add("stuck", str(error))
            return None

    def last_seq(self):
        return self.circuit.status()["last_seq"]

    def run_for(self, seconds):
        """Lets the clients work for some time; how long is the dose of the fault, nothing is concluded from it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and any(client.poll() is None for client in self.clients):
            time.sleep(0.02)

    def let_clients_finish(self):
        """Those that make so many orders, and leave."""
        self.wait("the clients have made their orders", lambda: all(client.poll() is not None for client in self.clients))

    # --- the end ---

    def end_clients(self):
        """The clients order no more, and leave when each of their requests has its answer."""
        seconds = self.patience_s
        for number, client in enumerate(self.clients, 1):
            wait_until("the client has begun", (self.home / f"client-{number}.jsonl").exists, PATIENCE_S)
            client.terminate()
        for number, client in enumerate(self.clients, 1):
            code = client.wait(seconds + 30)
            if code == 3:
                self.findings.add("unanswered", f"client {number} had requests without an answer after {seconds} s")
            elif code != 0:
                raise RuntimeError(f"client {number} ended with {code}: see {self.home}/log/client-{number}.log")

    def conclude(self):
        """All faults are over: everything must come to its end, and all books must agree."""
        circuit = self.circuit
        circuit.wait_ready(seconds=PATIENCE_S)
        circuit.raise_if_given_up()
        self.end_clients()
        self.wait("every order came to its end and stands in the audit log", circuit.settled, self.patience_s)
        self.take_down()

    def take_down(self):
        circuit = self.circuit
        export(circuit, self.home / "export.jsonl")
        for name, code in circuit.stop().items():
            self.findings.add("unclean_end", f"{name} ended with {code} when it was asked to leave")
        self.listener.terminate()
        self.listener.wait(10)
        self.check()
        self.verify()

    def check(self):
        (self.home / "run.json").write_text(json.dumps({"data": "data", "manual": self.manual}))
        found, summary = check_run(self.home)
        self.findings.counts.update(found.counts)
        self.findings.shown.extend(found.shown)
        self.notes.append(f"{summary['orders']} orders, {summary['events']} events")
        exits = {d.name: len(d.exits) for d in self.circuit.daemons.values() if d.exits}
        if exits:
            self.notes.append("restarts: " + ", ".join(f"{name} {count}" for name, count in exits.items()))
        if summary["orders"] == 0:
            raise RuntimeError("no order was made, so nothing was tested")

    def verify(self):
        """The product's own check must agree with ours."""
        done = subprocess.run([self.programs / "circuit", "verify", "--data", self.circuit.data], capture_output=True,
                              text=True, check=False)
        ours = any(name.startswith("audit_chain") for name in self.findings.invariants)
        if (done.returncode != 0) != ours:
            self.findings.add("verify_differs", f"circuit verify ended with {done.returncode}: {done.stdout[-600:]}")

    def clean_up(self):
        while self.undo:
            try:
                self.undo.pop()()
            except Exception as error:  # the rest must be cleaned up, too
                print(f"    cleaning up: {error!r}", file=sys.stderr)

    # --- shorthands ---

    def stop_and_wake(self, name, seconds):
        """SIGSTOP, and SIGCONT after that time, unless it was killed meanwhile."""
        self.circuit.signal(name, signal.SIGSTOP)
        self.undo.append(lambda: self.circuit.signal(name, signal.SIGCONT))
        self.run_for(seconds)
        self.circuit.signal(name, signal.SIGCONT)

    def audited(self):
        return last_audit_seq(self.circuit.data / "audit")
