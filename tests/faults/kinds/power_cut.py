"""The power is cut under load: everything that was not synced is gone, and every daemon with it. What was acknowledged must
be there when the machine comes back. The controls are a disk that lies (eatmydata), a journal and an audit log without
sync: a run that does not turn red there would not notice a missing fsync."""

from harness.mounts import Disk
from harness.registry import fault, planted, variant
from harness.wrappers import eatmydata
from harness.circuit import DAEMONS, last_audit_seq


# A journal that lost what the audit log has is refused by the broker: that tells, too.
LOSSES = ("lost_order", "wrong_order", "published_not_stored", "charge_without_order", "gave_up")


def wraps(trial):
    return {name: eatmydata() for name in DAEMONS} if trial.variant == "eatmydata" else {}


def cut_under_load(trial, system):
    trial.make_circuit(wrap=wraps(trial))
    disk = Disk(trial, trial.circuit.data, system)
    trial.circuit.start()
    trial.listen()
    trial.start_clients(2, rate=150, window=600, timeout_s=0.8, analysis_part=0.05)
    for _ in range(1 if trial.quick else 3):
        trial.run_for(trial.random.uniform(1.5, 3))
        disk.cut()
        trial.circuit.kill_all()
        disk.restore()
        trial.circuit.start()
    trial.conclude()


@fault(planted("journal_nosync", *LOSSES),
       variant("eatmydata", *LOSSES, quick=False),
       quick=True, root=True, tools=["xfs_io", "mkfs.ext4", "eatmydata"])
def ext4(trial):
    cut_under_load(trial, "ext4")


@fault(planted("journal_nosync", *LOSSES),
       variant("eatmydata", *LOSSES),
       root=True, tools=["xfs_io", "mkfs.xfs", "eatmydata"])
def xfs(trial):
    cut_under_load(trial, "xfs")


def first_start(trial, system):
    """Keys, directories and the journal of a new installation must be as durable as its first order."""
    trial.make_circuit(wrap=wraps(trial))
    disk = Disk(trial, trial.circuit.data, system)
    trial.circuit.start()
    trial.listen()
    trial.start_clients(1, rate=20, orders=20, change_part=0, misbehave_part=0, analysis_part=0.5)
    trial.wait("the first orders are acknowledged", lambda: trial.last_seq() > 5)
    disk.cut()
    trial.circuit.kill_all()
    disk.restore()
    trial.circuit.start()
    trial.conclude()


@fault(variant("eatmydata", *LOSSES, "harness", "stuck"),
       root=True, tools=["xfs_io", "mkfs.ext4", "eatmydata"])
def first_start_ext4(trial):
    first_start(trial, "ext4")


def audit_log(trial, system):
    """Lines that are followed by a later batch were reported as written, so they must survive. The log has a disk of its
    own: the journal's syncs would write it out, too."""
    trial.make_circuit()
    disk = Disk(trial, trial.circuit.data / "audit", system)
    trial.circuit.start()
    trial.listen()
    durable = 0
    for number in range(1, 6):
        trial.start_clients(1, rate=0, window=1, orders=3, change_part=0, misbehave_part=0, analysis_part=0)
        trial.wait("the clients have their orders", lambda: all(client.poll() == 0 for client in trial.clients))
        seq = trial.last_seq()
        trial.wait("the log has them", lambda: trial.audited() >= seq)
        # Written means visible. Synced it is before the next batch is written: so the batch before this one must be.
        if number < 5:
            durable = seq
    disk.cut()
    trial.circuit.kill_all()
    disk.restore()
    kept = last_audit_seq(trial.circuit.data / "audit")
    trial.expect(kept >= durable, "audit_lost", f"the log was synced up to seq {durable}, and has {kept} after the power cut")
    trial.circuit.start()
    trial.conclude()


@fault(planted("audit_nosync", "audit_lost"), quick=True, root=True, tools=["xfs_io", "mkfs.ext4"])
def audit_ext4(trial):
    audit_log(trial, "ext4")


@fault(planted("audit_nosync", "audit_lost"), root=True, tools=["xfs_io", "mkfs.xfs"])
def audit_xfs(trial):
    audit_log(trial, "xfs")
