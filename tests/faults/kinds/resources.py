"""What a process may use is little: descriptors, file size, memory, the database's map. It refuses, or ends and says why;
nothing that it acknowledged is lost."""

import os
import pathlib
import shutil
import sys

import zmq

from harness.circuit import DAEMONS
from harness.process import Process, wait_until
from harness.registry import fault, planted
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


@fault()
def few_descriptors(trial):
    """More clients than the broker has descriptors for. Those that it has are served, and the others when they leave."""
    trial.start(wrap={"broker": limited("--nofile=64:64")})
    trial.start_clients(2, rate=40, timeout_s=1)
    trial.run_for(1)
    crowd = [zmq.Context.instance().socket(zmq.DEALER) for _ in range(100)]
    for socket in crowd:
        socket.linger = 0
        socket.connect(trial.circuit.endpoint("orders.sock"))
    trial.undo.append(lambda: [socket.close() for socket in crowd])
    trial.run_for(2)
    for socket in crowd:
        socket.close()
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


@fault()
def small_ledger_file(trial):
    small_files(trial, "sandbox", 60_000)


@fault(planted("ack_before_commit", "lost_order", "wrong_order"))
def small_journal_file(trial):
    small_files(trial, "broker", 400_000)


MEMORY_GROUP = pathlib.Path("/sys/fs/cgroup/memory")


@fault(root=True)
def little_memory(trial):
    """The kernel ends a broker that has too little memory; the next one goes on from the disk."""
    if not (MEMORY_GROUP / "memory.limit_in_bytes").exists():
        trial.notes.append("no memory controller here: nothing tested")
        return
    group = MEMORY_GROUP / trial.home.name
    group.mkdir()
    trial.undo.insert(0, lambda: group.rmdir())

    def wrapper(command, environment):
        return ["sh", "-c", f'echo $$ > {group}/cgroup.procs; exec "$@"', "sh", *command], environment

    trial.start(wrap={"broker": wrapper})
    trial.start_clients(2, rate=100, timeout_s=0.8)
    trial.run_for(1)
    killed = False
    for mib in (24, 16, 12, 8, 6, 4):
        try:
            (group / "memory.limit_in_bytes").write_text(str(mib << 20))
        except OSError:
            continue  # it could not be squeezed below what it holds: too small already
        trial.run_for(1)
        killed = bool(trial.circuit.daemons["broker"].exits)
        if killed:
            break
    (group / "memory.limit_in_bytes").write_text("-1")
    trial.notes.append(f"broker ended {trial.circuit.daemons['broker'].exits} at {mib} MiB" if killed else "broker lived")
    trial.conclude()


DYING_READER = """
import lmdb, os, sys
env = lmdb.open(sys.argv[1], readonly=True, max_dbs=32, map_size=1 << 40)
env.begin()
print("reading", flush=True)
os.kill(os.getpid(), 9 if sys.argv[2] == "dies" else 19)
"""


@fault()
def dead_reader(trial):
    """A process that read the database and died in the middle pins old pages. The broker finds that, and takes them back."""
    if not shutil.which("python3") or not pathlib.Path("/usr/lib/python3/dist-packages/lmdb").exists():
        trial.notes.append("no python3-lmdb here: nothing tested")
        return
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
    # With old pages pinned, every commit takes new ones: tens of KiB an event at this rate.
    trial.expect(grown < 5_000 * max(events, 1), "pinned", f"the database grew by {grown} bytes for {events} events")
    trial.conclude()


@fault()
def few_descriptors_everywhere(trial):
    trial.start(wrap={name: limited("--nofile=48:48") for name in DAEMONS})
    trial.start_clients(2, rate=40, analysis_part=0.3)
    trial.run_for(3)
    trial.conclude()
