"""Random daemons die, stop and come back at random moments under load, for as long as the run lasts; the sandbox misbehaves
all the while. Now and then everything dies at once and comes back in a random order."""

import signal
import time

from harness.circuit import DAEMONS
from harness.registry import fault, planted

NAMES = (*DAEMONS, "payment-2", "fulfillment-2")


def kill_one(trial):
    trial.circuit.kill(trial.random.choice(NAMES))


def kill_all(trial):
    circuit = trial.circuit
    circuit.kill_all()
    names = list(NAMES)
    trial.random.shuffle(names)
    for name in names:
        circuit.launch(name)
        trial.run_for(trial.random.uniform(0, 0.1))


def stop_one(trial):
    name = trial.random.choice(NAMES)
    trial.stop_and_wake(name, trial.random.choice((0.05, 0.3, 1, 3)))


def leave_one(trial):
    """SIGTERM: it drains, and the supervisor starts it again."""
    trial.circuit.signal(trial.random.choice(NAMES), signal.SIGTERM)


def chaos(trial, seconds, actions):
    # Whoever dies in the first second, before it is ready, is started again as well.
    trial.start(names=NAMES)
    trial.start_clients(3, rate=40, timeout_s=0.5, misbehave_part=0.5, change_part=0.35)
    end = time.monotonic() + seconds
    count = 0
    while time.monotonic() < end:
        trial.random.choice(actions)(trial)
        trial.run_for(trial.random.uniform(0.02, 0.8))
        count += 1
    trial.notes.append(f"{count} faults")
    trial.conclude()


@fault(planted("ack_refused_transition", "lost_change"), quick=True)
def all_at_random(trial):
    chaos(trial, 12 if trial.quick else 90, (kill_one, kill_one, kill_one, stop_one, leave_one, kill_all))


@fault(planted("ack_before_commit", "lost_order", "wrong_order", tries=6))
def whole_group(trial):
    chaos(trial, 8 if trial.quick else 30, (kill_all,))
