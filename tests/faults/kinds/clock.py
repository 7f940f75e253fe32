"""The wall clock jumps by days, both ways, while everything runs. Leases, timers and rate limits go on as if nothing had
happened; seq, versions and ids never depend on it."""

import pathlib
import struct

from harness.circuit import DAEMONS
from harness.registry import fault, planted, variant
from harness.stale_worker import StaleWorker
from harness.wire import Asker
from harness.wrappers import build_shim, wall_clock


SHIM = pathlib.Path(__file__).resolve().parent.parent / "shims" / "wall_clock.c"
HOUR = 3_600.0
DAY = 24 * HOUR


class Clock:
    """The wall clock of all daemons of a trial."""

    def __init__(self, trial):
        self.library = build_shim(SHIM, trial.home)
        self.path = trial.home / "clock"
        self.set(0)

    def set(self, seconds):
        """The offset from the true time. Written over, not anew: the daemons have the file mapped."""
        with open(self.path, "r+b" if self.path.exists() else "wb") as file:
            file.write(struct.pack("=q", int(seconds * 1e6)))

    def wrapper(self):
        return wall_clock(self.library, self.path)


def start(trial, names=DAEMONS, config=None):
    clock = Clock(trial)
    trial.start(config, names=names, wrap={name: clock.wrapper() for name in (*DAEMONS, *names)})
    return clock


@fault(planted("one_clock", "stuck"), tools=["gcc"])
def jumps(trial):
    """Expiry is a month away here, so that no jump may make an order expire."""
    clock = start(trial, config={"payment": {"expire_after_s": 30 * 86_400}})
    trial.start_clients(2, rate=60, timeout_s=0.3)
    for offset in (2 * DAY, -2 * DAY, HOUR, -0.5, 0):
        trial.run_for(1)
        clock.set(offset)
        # Who is started now lives in the new time, with leases and timers of the old one on the disk.
        trial.circuit.kill(trial.random.choice(DAEMONS))
    trial.run_for(1)
    trial.conclude()


@fault(planted("lease_never_expires", "stuck", tries=1), quick=True, tools=["gcc"])
def leases_over_a_jump_back(trial):
    """A lease of two seconds ends after two seconds, also when the clock says that it is the day before yesterday."""
    clock = start(trial, names=("broker", "sandbox", "payment", "auditor"))
    stale = StaleWorker(trial.circuit.endpoint("work.sock"))
    trial.undo.append(stale.close)
    stale.say_hello()
    trial.start_clients(1, rate=0, orders=1, window=1, change_part=0, misbehave_part=0, analysis_part=0)
    first = stale.take_job(20)
    clock.set(-2 * DAY)
    second = stale.take_job(15)
    trial.expect(first[0] != second[0], "lease_kept", "the job came again under the same lease")
    stale.close()
    trial.circuit.start(["fulfillment"])
    trial.conclude()


@fault(planted("one_clock", "stuck", tries=1), tools=["gcc"])
def retries_over_a_jump_back(trial):
    """Orders that wait for their next try, or for a provider that is away, go on after a jump back by two days."""
    clock = start(trial)
    trial.start_clients(2, rate=60, misbehave_part=0.9)
    trial.run_for(1)
    trial.circuit.kill("sandbox", restart=False)
    trial.run_for(1)
    clock.set(-2 * DAY)
    trial.circuit.launch("sandbox")
    trial.run_for(1)
    trial.conclude()


@fault(planted("no_expiry", "stuck", tries=1), variant("shorter", "expired_early", tries=1), tools=["gcc"])
def expiry(trial):
    """Unpaid orders expire by the wall clock: not before their time, and all of them after it."""
    after_s = 86_400 if trial.variant != "shorter" else 80_000
    clock = start(trial, config={"sandbox": {"confirm": "manual"}, "payment": {"expire_after_s": after_s}})
    trial.manual = True
    trial.start_clients(1, rate=0, window=20, orders=50, change_part=0, misbehave_part=0, analysis_part=0)
    trial.let_clients_finish()
    asker = Asker(trial.circuit.endpoint("orders.sock"))
    expired = lambda: asker.ask({"type": "get_stats"})["stats"]["orders_expired"]
    clock.set(23 * HOUR)
    trial.circuit.kill("broker")
    trial.circuit.wait_ready()
    trial.start_clients(1, rate=0, window=20, orders=10, change_part=0, misbehave_part=0, analysis_part=0)
    trial.let_clients_finish()
    trial.wait("nothing is under way", lambda: trial.circuit.status()["runnable"] == 0, 20)
    trial.expect(expired() == 0, "expired_early", f"{expired()} orders expired an hour before their time")
    clock.set(2 * DAY)
    trial.wait("all orders expire", lambda: expired() == 60, 30)
    asker.close()
    trial.conclude()


@fault(planted("one_clock", "rate_limit", "stuck", tries=1), tools=["gcc"])
def rate_limit(trial):
    """A jump neither fills the bucket of an address nor empties it for days."""
    clock = start(trial, config={"rate_limit": {"creates_per_minute_per_ip": 10}})
    asker = Asker(trial.circuit.endpoint("orders.sock"))
    asked = iter(range(1_000_000))

    def order():
        request = {"type": "create_order", "customer_id": f"limited-{next(asked)}", "idempotency_key": "k", "amount": 2000,
                   "product_id": "LICENSE_KEY_V1", "currency": "USD", "client_ip": "203.0.113.7"}
        try:
            asker.ask(request)
            return True
        except Exception as refusal:
            if "rate_limited" not in str(refusal):
                raise
            return False

    taken = sum(order() for _ in range(30))
    clock.set(2 * DAY)
    # The wait is read off the refusals: one token in six seconds.
    soon = sum(order() for _ in range(30))
    clock.set(-2 * DAY)
    trial.wait("there is a token again, after a jump back", order, 15)
    asker.close()
    trial.expect(10 <= taken <= 12, "rate_limit", f"{taken} of 30 orders at once were taken, the limit is 10 a minute")
    trial.expect(soon <= 2, "rate_limit", f"a jump of the clock by two days gave {soon} orders more")
