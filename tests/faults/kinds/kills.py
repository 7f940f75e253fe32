"""kill -9 as a daemon enters its nth system call of a kind, for n = 1, 2, 3 …: every boundary between two steps that reach
the disk or a peer is a place to die at. Each restart dies at the next n, under load; in the end all books must agree.

What a daemon never calls has no run. Only the broker calls pwrite64 and writev: the others have no file that they write into,
but such as they append to. Payment has no file at all; the relay has its key, made once. Only the broker, for inputs, and
fulfillment, for deliverables, rename. `write` is also how a thread of ZeroMQ wakes another: what it was woken for dies with it.
"""

from harness.circuit import DAEMONS
from harness.registry import fault, planted
from harness.relay import Relay
from harness.wrappers import kill_at


def kills(trial, name, call, counts, config=None, names=DAEMONS, **load):
    """`name` dies at its nth call for each n of counts."""
    counts = list(counts)
    circuit = trial.make_circuit(config, {name: kill_at(call, counts)})
    circuit.restart_wait_s = 0.0
    for daemon in names:
        circuit.launch(daemon)
    trial.listen()
    trial.start_clients(2, **{"rate": 60, "timeout_s": 0.4, "analysis_part": 0.1, **load})
    # The last of them dies, and the one after it lives.
    trial.wait(f"{name} died {len(counts)} times", lambda: len(circuit.daemons[name].exits) >= len(counts), 300)
    trial.conclude()
    died = sum(code == -9 for code in circuit.daemons[name].exits)
    if died < len(counts):
        raise RuntimeError(f"{name} was to die {len(counts)} times, and died {died} times: {circuit.daemons[name].exits}")


STEPS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 200, 300, 400)


def last(trial, quick, full):
    return range(1, (quick if trial.quick else full) + 1)


# What was published and not stored stands in the audit log, so that the broker may refuse to start: that tells, too.
# The first two of a broker's syncs make the journal and its keys; an order's are behind them.
@fault(planted("ack_before_commit", "lost_order", "wrong_order"), planted("publish_before_commit", "published_not_stored", "gave_up"),
       planted("idempotency_off", "duplicate_order", quick=False), quick=True, tools=["strace"])
def broker_fdatasync(trial):
    kills(trial, "broker", "fdatasync", last(trial, 12, 30))


@fault(planted("ack_before_commit", "lost_order", "wrong_order"), tools=["strace"])
def broker_pwrite64(trial):
    kills(trial, "broker", "pwrite64", last(trial, 12, 30))


@fault(planted("idempotency_off", "duplicate_order"), tools=["strace"])
def broker_sendto(trial):
    kills(trial, "broker", "sendto", STEPS)


@fault(planted("ack_before_commit", "lost_order", "wrong_order"), tools=["strace"])
def broker_writev(trial):
    kills(trial, "broker", "writev", last(trial, 5, 20))


@fault(planted("idempotency_off", "duplicate_order"), tools=["strace"])
def broker_write(trial):
    kills(trial, "broker", "write", STEPS)


# Inputs: the file, its name, and the names of the directories on its way.
@fault(planted("idempotency_off", "duplicate_order"), tools=["strace"])
def broker_rename(trial):
    kills(trial, "broker", "rename", last(trial, 5, 20), analysis_part=0.5)


@fault(planted("idempotency_off", "duplicate_order"), tools=["strace"])
def broker_fsync(trial):
    kills(trial, "broker", "fsync", STEPS, analysis_part=0.5)


@fault(planted("retry_without_lookup", "double_capture"), quick=True, tools=["strace"])
def payment_sendto(trial):
    kills(trial, "payment", "sendto", [n for n in last(trial, 20, 40) if n % 2 == 0], misbehave_part=0.6, forgetful=True)


@fault(planted("retry_without_lookup", "double_capture"), tools=["strace"])
def payment_write(trial):
    kills(trial, "payment", "write", STEPS, misbehave_part=0.6, forgetful=True)


@fault(planted("retry_without_lookup", "double_capture"), tools=["strace"])
def sandbox_fdatasync(trial):
    kills(trial, "sandbox", "fdatasync", last(trial, 8, 25), misbehave_part=0.6, forgetful=True)


@fault(planted("retry_without_lookup", "double_capture"), tools=["strace"])
def sandbox_write(trial):
    kills(trial, "sandbox", "write", last(trial, 5, 25), misbehave_part=0.6, forgetful=True)


@fault(planted("retry_without_lookup", "double_capture"), tools=["strace"])
def sandbox_sendto(trial):
    kills(trial, "sandbox", "sendto", last(trial, 8, 25), misbehave_part=0.6, forgetful=True)


@fault(planted("lease_never_expires", "stuck", tries=1), tools=["strace"])
def fulfillment_rename(trial):
    kills(trial, "fulfillment", "rename,renameat,renameat2", last(trial, 3, 10), analysis_part=0.5)


@fault(planted("lease_never_expires", "stuck", tries=1), tools=["strace"])
def fulfillment_fsync(trial):
    kills(trial, "fulfillment", "fsync,fdatasync", last(trial, 5, 20), analysis_part=0.5)


@fault(planted("lease_never_expires", "stuck", tries=1), tools=["strace"])
def fulfillment_sendto(trial):
    kills(trial, "fulfillment", "sendto", last(trial, 5, 20))


@fault(planted("lease_never_expires", "stuck", tries=1), tools=["strace"])
def fulfillment_write(trial):
    kills(trial, "fulfillment", "write", STEPS[:12], analysis_part=0.5)


# Its first writes are those of its log; the lines come behind them.
@fault(planted("audit_gap", "audit_chain", "audit_behind"), tools=["strace"])
def auditor_write(trial):
    kills(trial, "auditor", "write", last(trial, 14, 30))


@fault(planted("audit_gap", "audit_chain", "audit_behind"), quick=True, tools=["strace"])
def auditor_fdatasync(trial):
    kills(trial, "auditor", "fdatasync", last(trial, 8, 25))


# What it sends is its subscription and what it asks for again.
@fault(planted("audit_gap", "audit_chain", "audit_behind"), tools=["strace"])
def auditor_sendto(trial):
    kills(trial, "auditor", "sendto", last(trial, 5, 12))


def relay_kills(trial, call):
    """The upstream comes in through the relay, which is not there half of the time."""
    relay = Relay(trial)
    upstream = relay.let_in("upstream", requests_per_second=100_000)
    kills(trial, "relay", call, STEPS, relay.config, (*DAEMONS, "relay"), endpoint=relay.endpoint("orders"),
          curve=relay.curve(upstream))


@fault(planted("idempotency_off", "duplicate_order"), tools=["strace"])
def relay_sendto(trial):
    relay_kills(trial, "sendto")


@fault(planted("idempotency_off", "duplicate_order"), tools=["strace"])
def relay_write(trial):
    relay_kills(trial, "write")
