"""A circuit in a directory of its own, under a supervisor that starts again what died, as systemd would.

    home/data        the data directory             home/log/NAME.log      what each daemon wrote
    home/run.json    for the checker                home/*.jsonl           histories and the export

A name such as "payment-2" is one more instance of circuit-payment. Wrappers (wrappers.py) may change how a daemon is
started."""

import os
import pathlib
import signal
import threading
import time

from .notify import NotifySocket
from .process import Process, wait_until
from .wire import Asker, NoAnswer

DAEMONS = ("broker", "sandbox", "payment", "fulfillment", "auditor")
NOT_RESTARTED = {64, 78}  # as ops/systemd has it: a person is needed
PATIENCE_S = 60
RESTARTS_MAX = 500        # of one daemon; more is a loop that no restart mends

# Short waits, no rate limit, and every job is tried again, so that each order must come to its end.
QUICK_CONFIG = {
    "rate_limit": {"creates_per_minute_per_ip": 0},
    "payment": {"timeout_ms": 300, "retry_first_ms": 20, "retry_max_ms": 200, "tries_max": 1000},
    "fulfillment": {"retry_first_ms": 20, "retry_max_ms": 200, "tries_max": 1000},
    "dispatch": {"lease_ms": 2000, "worker_silence_ms": 2000, "lost_leases_max": 1000},
    "limits": {"free_space_floor_bytes": 0},
}


class GaveUp(Exception):
    """A daemon ended in a way that needs a person."""


def toml(config):
    value = lambda v: str(v).lower() if isinstance(v, bool) else str(v) if isinstance(v, int) else \
        "[" + ", ".join(map(value, v)) + "]" if isinstance(v, list) else '"' + v + '"'
    table = lambda head, keys: head + "\n" + "".join(f"{key} = {value(v)}\n" for key, v in keys.items())
    return "\n".join(table(f"[[{section}]]", entry) if isinstance(keys, list) else table(f"[{section}]", entry)
                     for section, keys in config.items() for entry in (keys if isinstance(keys, list) else [keys]))


def merged(config, changes):
    both = {section: keys for section, keys in {**config, **changes}.items() if isinstance(keys, list)}
    return both | {section: {**config.get(section, {}), **changes.get(section, {})}
                   for section in config.keys() | changes.keys() if section not in both}


class Daemon:
    def __init__(self, name, notify):
        self.name = name
        self.notify = notify
        self.process = None
        self.wanted = False     # the supervisor keeps it running
        self.exits = []         # exit codes, in order
        self.gave_up = None     # why it is not started again

    @property
    def pid(self):
        """Of the daemon itself, even behind a wrapper; None until it is ready."""
        self.notify.drain()
        return self.notify.ready_pid

    def running(self):
        return self.process is not None and self.process.poll() is None

    def ready(self):
        return self.running() and self.pid is not None


class Circuit:
    def __init__(self, home, programs, config=None, planted=None):
        self.home = pathlib.Path(home)
        self.data = self.home / "data"
        self.programs = pathlib.Path(programs)
        self.planted = planted
        self.config = merged(QUICK_CONFIG, config or {})
        self.wrap = {}         # name: function(command, environment) -> (command, environment), used at each start
        self.daemons = {}
        self.audit_logs = [self.data / "audit"]  # all that must have every event in the end
        self.restart_wait_s = 0.02
        self.lock = threading.RLock()
        self.leaving = threading.Event()
        for directory in ("log", "notify"):
            (self.home / directory).mkdir(exist_ok=True)
        self.write_config()
        self.thread = threading.Thread(target=self.supervise, daemon=True)
        self.thread.start()

    def write_config(self):
        (self.home / "circuit.toml").write_text(toml(self.config))

    def endpoint(self, socket):
        return f"ipc://{self.data}/run/{socket}"

    # --- starting and ending ---

    def program(self, name):
        program = "circuit-" + name.split("-")[0]
        planted = self.programs / "planted" / program
        return planted if self.planted and planted.exists() else self.programs / program

    def command(self, name):
        command = [self.program(name), "--data", self.data, "--name", f"circuit-{name}",
                   "--config", self.home / "circuit.toml"]
        environment = {"NOTIFY_SOCKET": str(self.home / "notify" / name)}
        if self.planted:
            environment["CIRCUIT_PLANTED_BUG"] = self.planted
        if name in self.wrap:
            command, environment = self.wrap[name](command, environment)
        return command, environment

    def launch(self, name):
        with self.lock:
            if name not in self.daemons:
                self.daemons[name] = Daemon(name, NotifySocket(self.home / "notify" / name))
            daemon = self.daemons[name]
            daemon.notify.reset()
            daemon.process = Process(*self.spawned(name))
            daemon.wanted = True
            return daemon

    def spawned(self, name):
        command, environment = self.command(name)
        return command, self.home / "log" / f"{name}.log", environment

    def start(self, names=DAEMONS, seconds=PATIENCE_S):
        for name in names:
            self.launch(name)
        self.wait_ready(names, seconds)
        self.raise_if_given_up()

    def raise_if_given_up(self):
        for daemon in self.daemons.values():
            if daemon.wanted and daemon.gave_up:
                raise GaveUp(f"{daemon.name} is not started again, {daemon.gave_up}: {self.log(daemon.name)[-500:]}")

    def wait_ready(self, names=None, seconds=PATIENCE_S):
        def ready():
            wanted = names or [d.name for d in self.daemons.values() if d.wanted]
            return all(self.daemons[name].ready() or self.daemons[name].gave_up for name in wanted)

        wait_until(f"the daemons are ready ({self.states()})", ready, seconds)

    def states(self):
        return {d.name: "ready" if d.ready() else "running" if d.running() else d.exits[-3:]
                for d in self.daemons.values()}

    def kill(self, name, restart=True):
        """kill -9. The supervisor starts it again, unless it shall not."""
        with self.lock:
            daemon = self.daemons[name]
            daemon.wanted = restart
            daemon.process.kill()

    def signal(self, name, number):
        """To the daemon itself. Whether it was there to get it."""
        pid = self.daemons[name].pid
        try:
            if pid:
                os.kill(pid, number)
            return bool(pid)
        except ProcessLookupError:
            return False

    def kill_all(self):
        with self.lock:
            for name in self.daemons:
                self.kill(name, restart=False)

    def stop(self, names=None, seconds=PATIENCE_S):
        """Asks them to end, workers first; {name: exit code} of those that did not end with 0."""
        wrong = {}
        names = list(names or self.daemons)
        for group in ([n for n in names if n not in ("broker", "sandbox")], [n for n in names if n in ("broker", "sandbox")]):
            for name in group:
                self.daemons[name].wanted = False
                if not self.signal(name, signal.SIGTERM):
                    self.daemons[name].process.kill()
            for name in group:
                code = self.daemons[name].process.wait(seconds)
                if code is None:
                    self.daemons[name].process.kill()
                if code != 0:
                    wrong[name] = code
        return wrong

    def supervise(self):
        while not self.leaving.wait(0.01):
            with self.lock:
                for daemon in list(self.daemons.values()):
                    daemon.notify.drain()
                    if daemon.wanted and not daemon.gave_up and not daemon.running():
                        self.restart(daemon)

    def restart(self, daemon):
        code = daemon.process.poll()
        daemon.exits.append(code)
        # What strace leaves of a killed tracee, and so on: the session ends as a whole.
        daemon.process.kill()
        if code in NOT_RESTARTED:
            daemon.gave_up = f"exit code {code} needs a person"
        elif len(daemon.exits) > RESTARTS_MAX:
            daemon.gave_up = f"it ended {len(daemon.exits)} times"
        else:
            time.sleep(self.restart_wait_s)
            self.launch(daemon.name)

    def close(self):
        self.leaving.set()
        self.thread.join()
        for daemon in self.daemons.values():
            daemon.process.kill()
            daemon.notify.close()

    # --- asking ---

    def log(self, name):
        path = self.home / "log" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def status(self):
        asker = Asker(self.endpoint("control.sock"))
        try:
            return asker.ask({"type": "status"})["status"]
        finally:
            asker.close()

    def settled(self):
        """Whether no order has work left, and the logs have every event."""
        try:
            status = self.status()
        except NoAnswer:
            return False
        return status["runnable"] == 0 and all(last_audit_seq(log) >= status["last_seq"] for log in self.audit_logs)


def last_audit_seq(directory):
    """The seq of the newest whole line, 0 without any."""
    for path in sorted(directory.glob("*.jsonl"), reverse=True):
        with open(path, "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 200_000))
            lines = file.read().split(b"\n")[:-1]
        for line in reversed(lines):
            if line.startswith(b'{"seq":') and line.endswith(b'"}'):
                return int(line[7:line.index(b",")])
    return 0
