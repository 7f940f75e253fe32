"""A disk that fills up under load: it says so, acknowledges nothing that it can't keep, and goes on when there is room."""

import shutil

from harness.mounts import Disk, Tmpfs
from harness.registry import fault, planted

# More orders at a time, and no answers that take long: the disk fills by what is stored.
LOAD = {"rate": 200, "window": 2000, "misbehave_part": 0.05, "change_part": 0.1, "timeout_s": 1.0}


def fill(path):
    """Takes all the room there is; gives the file that holds it."""
    ballast = path / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\1" * size)
            except OSError:
                continue
    return ballast


def refused(trial):
    """How many orders clients were refused as unavailable so far."""
    return trial.circuit.log("broker").count("nothing of this batch was stored")


def journal_on(trial, place):
    trial.make_circuit({"limits": {"map_bytes": 1 << 30}})
    place(trial.circuit.data / "journal")
    trial.circuit.start()
    trial.listen()
    trial.start_clients(2, **LOAD)
    trial.run_for(1.5)
    for _ in range(2 if trial.quick else 4):
        ballast = fill(trial.circuit.data / "journal")
        before = refused(trial)
        if not trial.wait("a batch is refused for want of room", lambda: refused(trial) > before, 20):
            break
        trial.run_for(1.5)
        ballast.unlink()
        seq = trial.last_seq()
        trial.wait("it goes on when there is room", lambda: trial.last_seq() > seq, 20)
    trial.expect("No space" in trial.circuit.log("broker"), "silent", "the broker's log does not say that the disk is full")
    trial.conclude()


@fault(planted("ack_before_commit", "lost_order", "wrong_order"), quick=True, root=True)
def journal_tmpfs(trial):
    journal_on(trial, lambda path: Tmpfs(trial, path, "16m"))


@fault(planted("ack_before_commit", "lost_order", "wrong_order"), root=True, tools=["mkfs.ext4"])
def journal_ext4(trial):
    journal_on(trial, lambda path: Disk(trial, path, mib=24))


@fault(planted("audit_gap", "audit_chain", "audit_behind"), root=True)
def audit_tmpfs(trial):
    """The auditor waits, and says so; orders go on meanwhile, and the log has everything in the end."""
    trial.make_circuit()
    audit = trial.circuit.data / "audit"
    Tmpfs(trial, audit, "16m")
    trial.circuit.start()
    trial.listen()
    trial.start_clients(2, **LOAD)
    trial.run_for(1)
    ballast = fill(audit)
    trial.wait("the auditor says that there is no room", lambda: "No space" in trial.circuit.log("auditor"), 20)
    seq = trial.last_seq()
    trial.wait("orders go on without the auditor", lambda: trial.last_seq() > seq + 50, 20)
    ballast.unlink()
    trial.conclude()
    exits = trial.circuit.daemons["auditor"].exits
    trial.expect(len(exits) <= 2, "restart_loop", f"the auditor ended {len(exits)} times because of a full disk: {exits[:5]}")


FLOOR = 8 << 20
ROOM = 5 << 20  # less than the floor, and enough for the orders that are open


@fault(planted("no_floor", "below_floor", tries=1), root=True)
def floor_of_free_space(trial):
    """Above the end of the disk is a floor: new orders are refused there, and the open ones come to their end."""
    trial.make_circuit({"limits": {"map_bytes": 1 << 30, "free_space_floor_bytes": FLOOR}})
    Tmpfs(trial, trial.circuit.data / "journal", "24m")
    trial.circuit.start()
    trial.listen()
    trial.start_clients(2, **{**LOAD, "window": 300})
    trial.run_for(1)
    journal = trial.circuit.data / "journal"
    ballast = journal / "ballast"
    ballast.write_bytes(b"\1" * (shutil.disk_usage(journal).free - ROOM))
    said = lambda text: text in trial.circuit.log("broker")
    if trial.wait("new orders are refused", lambda: said("new orders are refused") or refused(trial), 60) and not refused(trial):
        trial.wait("open orders come to their end", lambda: trial.circuit.status()["runnable"] == 0, 30)
    trial.expect(refused(trial) == 0, "below_floor", "a batch failed although the floor was there to prevent it")
    ballast.unlink()
    if said("new orders are refused"):
        trial.wait("new orders are taken", lambda: said("new orders are taken"), 20)
    trial.conclude()
    trial.expect(said("new orders are refused"), "silent", "the broker's log does not say that new orders are refused")
