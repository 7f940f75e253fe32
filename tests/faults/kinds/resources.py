"""What a process may use is little: descriptors, file size, memory, the database's map. It refuses, or ends and says why;
nothing that it acknowledged is lost."""

import importlib.util
import json
import os
import signal
import sys

import zmq

from harness.circuit import DAEMONS
from harness.memory_group import MemoryGroup
from harness.process import Process, wait_until
from harness.registry import fault, planted
from harness.trial import HERE
from harness.wrappers import limited


@fault(planted("ack_before_commit", "lost_order", "wrong_order"), quick=True)
def small_map(trial):
    """The database may not grow any more. With a larger map everything goes on."""
    trial.start({"limits": {"map_bytes": 16 << 20}})
    trial.start_clients(2, rate=0, window=800, misbehave_part=0.02, analysis_part=0, change_part=0.05, timeout_s=2)
    trial.wait("a batch is refused", lambda: "nothing of this batch was stored" in trial.circuit.log("broker"), 120)
    trial.run_for(1)
    # A client that got nothing but refusals orders on with what it has.
    trial.circuit.config["limits"]["map_bytes"] = 1 << 30
    trial.circuit.write_config()
    trial.circuit.kill("broker")
    trial.circuit.wait_ready()
    seq = trial.last_seq()
    trial.wait("it goes on with a larger map", lambda: trial.last_seq() > seq + 10, 30)
    trial.conclude()


def crowd(trial, seconds):
    """A hundred connections, for some time."""
    sockets = [zmq.Context.instance().socket(zmq.DEALER) for _ in range(100)]
    trial.undo.append(lambda: [socket.close() for socket in sockets])
    for socket in sockets:
        socket.linger = 0
        socket.connect(trial.circuit.endpoint("orders.sock"))
    trial.run_for(seconds)
    for socket in sockets:
        socket.close()


@fault(planted("idempotency_off", "duplicate_order"), planted("ack_before_commit", "lost_order", "wrong_order"))
def few_descriptors(trial):
    """More clients than the broker has descriptors for. Those that it has are served, and the others when they leave."""
    trial.start(wrap={"broker": limited("--nofile=64:64")})
    trial.start_clients(2, rate=40, timeout_s=1)
    trial.run_for(1)
    crowd(trial, 2)
    trial.conclude()
    trial.notes.append(f"broker ended {trial.circuit.daemons['broker'].exits}")


def small_files(trial, name, bytes_max, **load):
    """A file may not grow above the limit: SIGXFSZ, or EFBIG where that is ignored. The limit goes with the next start."""
    starts = []

    def wrapper(command, environment):
        starts.append(name)
        return limited(f"--fsize={bytes_max}")(command, environment) if len(starts) == 1 else (command, environment)

    trial.start(wrap={name: wrapper})
    trial.start_clients(2, **{"rate": 150, "timeout_s": 0.8, "misbehave_part": 0.05, **load})
    trial.run_for(4)
    if trial.circuit.daemons[name].exits == []:
        trial.circuit.kill(name)  # it went on under the limit
    trial.conclude()
    trial.notes.append(f"{name} ended {trial.circuit.daemons[name].exits}")


@fault(planted("audit_gap", "audit_chain", "audit_behind"))
def small_audit_file(trial):
    small_files(trial, "auditor", 200_000)


@fault(planted("retry_without_lookup", "double_capture"))
def small_ledger_file(trial):
    small_files(trial, "sandbox", 60_000, misbehave_part=0.5, forgetful=True)


@fault(planted("ack_before_commit", "lost_order", "wrong_order"))
def small_journal_file(trial):
    small_files(trial, "broker", 400_000)


MEMORY_MIB = 48       # a broker under this load has a fifth of it
MESSAGE_MIB = 60      # taken as a whole before it is looked at
KILLS = 6


@fault(planted("ack_before_commit", "lost_order", "wrong_order"), root=True, needs=MemoryGroup.lacking)
def little_memory(trial):
    """The kernel ends a broker that needs more memory than it may have, again and again; the next one goes on from the disk."""
    group = MemoryGroup(trial, MEMORY_MIB)
    trial.start({"limits": {"message_bytes_max": 64 << 20}}, wrap={"broker": group.wrapper()})
    trial.start_clients(2, rate=100, timeout_s=0.8)
    trial.wait("the first orders", lambda: trial.last_seq() > 100)
    options = {"mode": "giant_ids", "endpoint": trial.circuit.endpoint("orders.sock"), "sizes": [MESSAGE_MIB << 20]}
    peer = Process([sys.executable, HERE / "hostile_peer.py", json.dumps(options)], trial.home / "log" / "hostile.log")
    trial.undo.append(peer.kill)
    trial.wait(f"the kernel ended the broker {KILLS} times", lambda: group.kills() >= KILLS, 60)
    peer.kill()
    trial.notes.append(f"the kernel ended the broker {group.kills()} times")
    trial.conclude()
    if trial.circuit.daemons["broker"].exits.count(-signal.SIGKILL) < KILLS:
        raise RuntimeError(f"the broker was to die of its limit, and ended {trial.circuit.daemons['broker'].exits}")


DYING_READER = """
import lmdb, os, sys
env = lmdb.open(sys.argv[1], readonly=True, max_dbs=32, map_size=1 << 40)
transaction = env.begin()
print("reading", flush=True)
os.kill(os.getpid(), 9 if sys.argv[2] == "dies" else 19)
"""


def lacks_lmdb():
    return "" if importlib.util.find_spec("lmdb") else "needs python3-lmdb: scripts/setup"


@fault(planted("dead_readers_kept", "pinned", tries=1), needs=lacks_lmdb)
def dead_reader(trial):
    """A process that read the database and died in the middle pins old pages. The broker finds that, and takes them back."""
    trial.start()
    journal = trial.circuit.data / "journal"
    trial.start_clients(2, rate=100, misbehave_part=0.02, analysis_part=0)
    trial.run_for(1)
    for number in range(3):
        log = trial.home / "log" / f"reader-{number}.log"
        reader = Process([sys.executable, "-c", DYING_READER, journal, "dies"], log)
        trial.undo.append(reader.kill)
        wait_until("the reader died in its transaction", lambda: reader.poll() == -9, 10)
        trial.run_for(1.5)
    before = os.stat(journal / "data.mdb").st_blocks * 512
    seq = trial.last_seq()
    trial.run_for(3)
    grown = os.stat(journal / "data.mdb").st_blocks * 512 - before
    events = trial.last_seq() - seq
    trial.notes.append(f"the database grew by {grown // max(events, 1)} bytes an event")
    # With old pages pinned, every commit takes new ones: several KiB an event at this rate.
    trial.expect(grown < 2_000 * max(events, 1), "pinned", f"the database grew by {grown} bytes for {events} events")
    trial.conclude()


@fault(planted("idempotency_off", "duplicate_order"))
def few_descriptors_everywhere(trial):
    """As many as each needs, and hardly one more; then comes a crowd."""
    limits = {name: 48 if name == "broker" else 16 for name in DAEMONS}
    trial.start(wrap={name: limited(f"--nofile={count}:{count}") for name, count in limits.items()})
    trial.start_clients(2, rate=40, analysis_part=0.3, timeout_s=1)
    trial.run_for(2)
    crowd(trial, 2)
    trial.conclude()
