"""A disk that refuses: errors, short writes, and writes that were done but are reported as failed, under load. A commit in
doubt is neither acknowledged nor refused until the journal was looked at; nothing may be lost, and it goes on by itself."""

import pathlib

from harness.mounts import Disk
from harness.registry import fault, planted
from harness.wrappers import build_shim, inject, once, preload

SHIM = pathlib.Path(__file__).resolve().parent.parent / "shims" / "done_but_failed.c"


def failing(trial, name, wrapper, seconds=3, power_cut=False, **load):
    """The first start of `name` has the fault; a restart, if it ends for it, has not. The load runs on over it."""
    circuit = trial.make_circuit(wrap={name: once(wrapper)})
    disk = Disk(trial, circuit.data) if power_cut else None
    for daemon in ("broker", "sandbox", "payment", "fulfillment", "auditor"):
        circuit.launch(daemon)
    trial.listen()
    trial.start_clients(2, **{"rate": 60, "timeout_s": 0.6, "analysis_part": 0.05, **load})
    # An error in the very first steps may end it at once; the load begins when it is there again.
    circuit.wait_ready()
    trial.run_for(seconds)
    if disk:
        disk.cut()
        circuit.kill_all()
        disk.restore()
        circuit.start()
    trial.notes.append(f"{name} ended {circuit.daemons[name].exits} times" if circuit.daemons[name].exits else f"{name} lived")
    trial.conclude()
    return circuit


def refused_storage(trial):
    log = trial.circuit.log("broker")
    if "nothing of this batch was stored" not in log and not trial.circuit.daemons["broker"].exits:
        raise RuntimeError("the journal was never refused anything: the fault did not happen")


@fault(planted("ack_before_commit", "lost_order", "wrong_order"), quick=True, tools=["strace"])
def journal_fdatasync_eio(trial):
    failing(trial, "broker", inject("fdatasync", "error=EIO:when=8..50+7"))
    refused_storage(trial)


@fault(planted("ack_before_commit", "lost_order", "wrong_order"), tools=["strace"])
def journal_pwrite_enospc(trial):
    failing(trial, "broker", inject("pwrite64", "error=ENOSPC:when=9..60+8"))
    refused_storage(trial)


@fault(planted("ack_before_commit", "lost_order", "wrong_order"), tools=["strace"])
def journal_pwrite_short(trial):
    """The call claims to have written two bytes, and wrote none."""
    failing(trial, "broker", inject("pwrite64", "retval=2:when=9..60+8"))
    refused_storage(trial)


@fault(planted("ack_before_commit", "lost_order", "wrong_order"), tools=["strace"])
def journal_writev_eio(trial):
    failing(trial, "broker", inject("writev", "error=EIO:when=3..20+3"), rate=300, window=600, change_part=0)


def shim(trial, call, when):
    library = build_shim(SHIM, trial.home)

    def wrapper(command, environment):
        return preload(library)(command, {**environment, "SHIM_CALL": call, "SHIM_WHEN": when})

    return wrapper


def some(trial, first, count, width):
    return ",".join(str(first + i * width + trial.random.randrange(width)) for i in range(count))


@fault(planted("ack_before_commit", "lost_order", "wrong_order", tries=4), quick=True, tools=["gcc"])
def journal_pwrite_done_but_failed(trial):
    """Data pages and meta pages alike: a commit that reports EIO may be on the disk."""
    failing(trial, "broker", shim(trial, "pwrite64", some(trial, 12, 12, 9)))
    refused_storage(trial)


@fault(planted("ack_before_commit", "lost_order", "wrong_order", tries=4), tools=["gcc"])
def journal_fdatasync_done_but_failed(trial):
    failing(trial, "broker", shim(trial, "fdatasync", some(trial, 8, 12, 7)))
    refused_storage(trial)


@fault(planted("retry_without_lookup", "double_capture"), tools=["strace"])
def ledger_fdatasync_eio(trial):
    failing(trial, "sandbox", inject("fdatasync", "error=EIO:when=5..60+9"), misbehave_part=0.5, forgetful=True)


@fault(planted("retry_without_lookup", "double_capture"), tools=["strace"])
def ledger_write_enospc(trial):
    path = trial.home / "data" / "sandbox" / "ledger.jsonl"
    failing(trial, "sandbox", inject("write", "error=ENOSPC:when=5..60+9", path), misbehave_part=0.5, forgetful=True)


# What a failed sync leaves has arrived all the same, so a bug shows by writing it a second time.
@fault(planted("audit_twice", "audit_chain"), quick=True, tools=["strace"])
def audit_fdatasync_eio(trial):
    circuit = failing(trial, "auditor", inject("fdatasync", "error=EIO:when=4..30+5"))
    if "nothing behind seq" not in circuit.log("auditor") and not circuit.daemons["auditor"].exits:
        raise RuntimeError("the auditor was never refused anything: the fault did not happen")


@fault(planted("audit_gap", "audit_chain", "audit_behind"), tools=["strace"])
def audit_write_short(trial):
    """A line cut in the middle, and reported so: the log goes on in a new segment."""
    path = trial.home / "data" / "audit" / "000000000001.jsonl"
    circuit = failing(trial, "auditor", inject("write", "retval=7:when=4", path))
    if "cut short" not in circuit.log("auditor"):
        raise RuntimeError("no write was cut short: the fault did not happen")


@fault(planted("deliverable_not_synced", "wrong_deliverable", "missing_deliverable"), root=True,
       tools=["strace", "xfs_io", "mkfs.ext4"])
def deliverables_fsync_eio(trial):
    """An order is fulfilled when its files are on the disk, and not before: that shows when the power is cut."""
    circuit = failing(trial, "fulfillment", inject("fsync,fdatasync", "error=EIO:when=3..20+3"), power_cut=True,
                      analysis_part=0.5)
    if "cannot sync" not in circuit.log("fulfillment"):
        raise RuntimeError("no sync was refused: the fault did not happen")


@fault(planted("input_not_stored", "stuck"), tools=["strace"])
def inputs_write_enospc(trial):
    failing(trial, "broker", inject("rename,renameat2", "error=ENOSPC:when=2..12+2"), analysis_part=0.5)
