"""A process that stands still (SIGSTOP) and comes back: its jobs go to others, what it says late is refused, and nobody's
memory grows while it does not read."""

import signal

import zmq

from harness.circuit import DAEMONS
from harness.registry import fault, planted
from harness.stale_worker import StaleWorker
from harness.wire import Asker

GROWTH_MAX_KIB = 32 * 1024
PUBLICATIONS = 1_000  # that are kept for a reader


def leased(trial, name):
    return any(w["name"] == f"circuit-{name}" and w["leased"] > 0 for w in trial.circuit.status()["workers"])


def jobs_went_to_the_other(trial, name):
    """The one that is not stopped does everything, while the leases of the other end."""
    return trial.wait("the jobs went to the other worker", lambda: not leased(trial, name), 10)


# No provider that forgets: the worker may stand still between its look-up and its charge.
@fault(planted("lease_never_expires", "stuck", tries=1), quick=True)
def payment_with_leases(trial):
    trial.start(names=(*DAEMONS, "payment-2"))
    trial.start_clients(2, rate=60, misbehave_part=0.8)
    for name in ("payment", "payment-2"):
        trial.wait(f"{name} holds leases", lambda name=name: leased(trial, name), 20)
        trial.circuit.signal(name, signal.SIGSTOP)
        trial.undo.append(lambda name=name: trial.circuit.signal(name, signal.SIGCONT))
        trial.run_for(1)
        if not jobs_went_to_the_other(trial, name):
            return
        trial.circuit.signal(name, signal.SIGCONT)
    trial.conclude()


@fault(planted("lease_never_expires", "stuck", tries=1))
def fulfillment_with_leases(trial):
    trial.start(names=(*DAEMONS, "fulfillment-2"))
    trial.start_clients(2, rate=60, analysis_part=0.5)
    for name in ("fulfillment", "fulfillment-2"):
        trial.circuit.signal(name, signal.SIGSTOP)
        trial.undo.append(lambda name=name: trial.circuit.signal(name, signal.SIGCONT))
        trial.run_for(2)
        if not jobs_went_to_the_other(trial, name):
            return
        trial.circuit.signal(name, signal.SIGCONT)
    trial.conclude()


@fault(planted("no_fencing", "stale_accepted"), planted("lease_never_expires", "stuck", tries=1), quick=True)
def stale_lease(trial):
    """A worker that is alive does nothing: its lease ends, the job is leased anew, and then comes the outcome under the old lease."""
    trial.start(names=("broker", "sandbox", "payment", "auditor"))
    stale = StaleWorker(trial.circuit.endpoint("work.sock"))
    trial.undo.append(stale.close)
    stale.say_hello()
    trial.start_clients(1, rate=0, orders=1, window=1, change_part=0, misbehave_part=0, analysis_part=0)
    first = stale.take_job(20)
    second = stale.take_job(20)
    if first[1] != second[1] or first[0] == second[0]:
        raise RuntimeError(f"the job was not leased anew: {first}, {second}")
    seq = trial.last_seq()
    stale.offer(first)
    refused = stale.refused(3)
    trial.expect(trial.last_seq() == seq, "stale_accepted", "the outcome of a lease that had ended moved the order")
    trial.expect(refused, "not_refused", "the outcome of a lease that had ended was not refused")
    stale.close()
    trial.circuit.start(["fulfillment"])
    trial.conclude()


@fault(planted("idempotency_off", "duplicate_order"))
def broker(trial):
    """Clients hear nothing, and send everything again."""
    trial.start()
    trial.start_clients(2, rate=80, timeout_s=0.3, window=300)
    for _ in range(1 if trial.quick else 4):
        trial.run_for(0.7)
        trial.stop_and_wake("broker", trial.random.choice((1.5, 3)))
    trial.conclude()


@fault(planted("refund_not_queued", "stuck", tries=1))
def refund_without_fulfillment(trial):
    """Refunds of orders that no fulfillment worker has taken yet."""
    trial.start(names=("broker", "sandbox", "payment", "auditor"))
    trial.start_clients(1, rate=50, orders=100, change_part=1, misbehave_part=0)
    trial.let_clients_finish()
    asker = Asker(trial.circuit.endpoint("control.sock"))
    pending = lambda: asker.ask({"type": "list_orders", "status": "refund_pending", "max": 1})["orders"]
    trial.wait("every refund that was asked for is made", lambda: not pending(), 20)
    asker.close()
    trial.circuit.start(["fulfillment"])
    trial.conclude()


def anonymous_kib(trial, name):
    """Without the pages of the journal, which are the kernel's."""
    with open(f"/proc/{trial.circuit.daemons[name].pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("RssAnon:"))


@fault(planted("no_replay", "stuck", "audit_behind", tries=1))
def readers(trial):
    """The auditor and a subscriber stand still until more was published than is kept for them: it is dropped, and the auditor
    asks for it when it is back."""
    trial.start({"limits": {"publications_hwm": PUBLICATIONS}})
    deaf = zmq.Context.instance().socket(zmq.SUB)
    deaf.rcvhwm = 1
    deaf.linger = 0
    deaf.subscribe(b"")
    deaf.connect(trial.circuit.endpoint("events.sock"))
    trial.undo.append(deaf.close)
    # Few at a time, because all of a batch is one publication.
    trial.start_clients(2, rate=0, window=2, misbehave_part=0, change_part=0.05, analysis_part=0)
    trial.wait("the first events", lambda: trial.audited() > 100)
    trial.circuit.signal("auditor", signal.SIGSTOP)
    trial.undo.append(lambda: trial.circuit.signal("auditor", signal.SIGCONT))
    before = anonymous_kib(trial, "broker")
    wanted = trial.last_seq() + (8 if trial.quick else 12) * PUBLICATIONS
    trial.wait(f"{wanted} events", lambda: trial.last_seq() > wanted, 300)
    grown = anonymous_kib(trial, "broker") - before
    trial.notes.append(f"broker grew by {grown} KiB over {trial.last_seq()} events")
    trial.expect(grown < GROWTH_MAX_KIB, "memory", f"the broker grew by {grown} KiB while two readers stood still")
    trial.circuit.signal("auditor", signal.SIGCONT)
    trial.conclude()


@fault(planted("retry_without_lookup", "double_capture"))
def sandbox(trial):
    """The provider answers nothing for a while: everything is in doubt, and asked about later."""
    trial.start()
    trial.start_clients(2, rate=60, misbehave_part=0.6, forgetful=True)
    for seconds in (1, 4):
        trial.run_for(1)
        trial.stop_and_wake("sandbox", seconds)
    trial.conclude()
