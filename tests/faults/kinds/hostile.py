"""Peers that mean harm: strangers without a key, upstreams with one, and local members of the group. Honest upstreams go on
meanwhile, over the network and on this host, nothing of theirs is lost, and the broker's memory stays what it was. The relay
may end; it comes back."""

import json
import sys
import time

from harness.circuit import DAEMONS
from harness.process import Process
from harness.registry import fault, planted, variant
from harness.relay import Keys, Relay
from harness.trial import HERE

RELAY_MIB = 96
GROWTH_MAX_MIB = 700   # of the broker: 4,000 publications, and 10,000 replies for each peer that reads none; 410 were measured
NAMES = (*DAEMONS, "relay")


class Network:
    """A relay with an honest upstream and a hostile one."""

    def __init__(self, trial):
        self.trial = trial
        mib = RELAY_MIB if trial.variant != "no_limit" else 65_536
        self.relay = Relay(trial, memory_bytes_max=mib << 20)
        self.honest = self.relay.let_in("honest", requests_per_second=100_000)
        self.hostile = self.relay.let_in("hostile", requests_per_second=100_000,
                                         requests=["create_order", "cancel_order", "request_refund", "get_order",
                                                   "get_receipt", "ping", "subscribe"])
        self.stranger = self.relay.let_in("stranger") if trial.variant == "listed" else Keys()
        trial.start(self.relay.config, names=NAMES)

    def honest_clients(self):
        self.trial.start_clients(1, endpoint=self.relay.endpoint("orders"), curve=self.relay.curve(self.honest), rate=40,
                                 timeout_s=1.5)
        self.trial.start_clients(1, rate=40)

    def attack(self, mode, socket=None, local=None, stranger=False, **options):
        settings = {"mode": mode, "seed": self.trial.seed, **options,
                    "endpoint": self.trial.circuit.endpoint(local) if local else self.relay.endpoint(socket)}
        if mode == "meddler":
            settings["events"] = self.relay.endpoint("events")
        if not local and mode != "raw":
            settings.update(self.relay.curve(self.stranger if stranger else self.hostile))
        log = self.trial.home / "log" / "hostile.log"
        peer = Process([sys.executable, HERE / "hostile_peer.py", json.dumps(settings)], log)
        self.trial.undo.append(peer.kill)
        return peer


def memory_mib(trial, field="RssAnon"):
    """{daemon: MiB}; a relay that is just being started again has none."""
    sizes = {}
    for name, daemon in trial.circuit.daemons.items():
        try:
            with open(f"/proc/{daemon.pid}/status", encoding="ascii") as file:
                sizes[name] = next(int(line.split()[1]) for line in file if line.startswith(field)) / 1024
        except (OSError, StopIteration):
            sizes[name] = 0
    return sizes


def memory_after(trial, seconds, broker_max_mib):
    """What the daemons have at the end of an attack, which is over at once when the broker has more than it may: the machine is
    not to be filled."""
    end = time.monotonic() + seconds
    while (sizes := memory_mib(trial))["broker"] < broker_max_mib and time.monotonic() < end:
        trial.run_for(0.05)
    return sizes


def flood(trial, network, attacks, seconds, growth_max_mib=GROWTH_MAX_MIB):
    network.honest_clients()
    trial.wait("the first orders", lambda: trial.last_seq() > 100)
    before = memory_mib(trial)
    peers = [network.attack(*arguments, **options) for arguments, options in attacks]
    after = memory_after(trial, seconds, before["broker"] + growth_max_mib)
    broken = [peer.poll() for peer in peers if peer.poll() is not None]
    if broken:
        raise RuntimeError(f"hostile peers ended by themselves, with {broken}: see {trial.home}/log/hostile.log")
    for peer in peers:
        peer.terminate()
    for peer in peers:
        if peer.wait(10) is None:
            peer.kill()
    trial.notes.append("anonymous MiB before and after: " +
                       ", ".join(f"{name} {before[name]:.0f}→{after[name]:.0f}" for name in ("broker", "relay", "auditor")))
    trial.expect(after["broker"] - before["broker"] < growth_max_mib, "memory",
                 f"the broker grew from {before['broker']:.0f} to {after['broker']:.0f} MiB")
    trial.expect(not trial.circuit.daemons["broker"].exits, "broker_died",
                 f"the broker ended with {trial.circuit.daemons['broker'].exits}")
    trial.conclude()


STRANGERS = [(("noise", "orders"), {"stranger": True}), (("orders", "orders"), {"stranger": True}),
             (("raw", "orders"), {}), (("raw", "events"), {})]
KNOWN = [(("endless", "orders"), {}), (("noise", "orders"), {}), (("giant_ids", "orders"), {}),
         (("deaf", "orders"), {"request": {"type": "ping"}}), (("deaf_listener", "events"), {}),
         (("deaf", "replay"), {"request": {"type": "replay", "from_seq": 1, "max": 10_000}}), (("crowd", "orders"), {}),
         (("meddler", "orders"), {})]
LOCAL = [(("noise",), {"local": "orders.sock"}), (("giant_ids",), {"local": "orders.sock"}),
         (("deaf",), {"local": "orders.sock", "request": {"type": "get_stats"}}),
         (("deaf",), {"local": "replay.sock", "request": {"type": "replay", "from_seq": 1, "max": 10_000}}),
         (("deaf_listener",), {"local": "events.sock"}), (("crowd",), {"local": "orders.sock"})]


@fault(variant("listed", "invented_order", tries=1), quick=True)
def strangers(trial):
    """Peers without a key that anybody knows."""
    flood(trial, Network(trial), STRANGERS, 6 if trial.quick else 30)


@fault(planted("upstreams_not_separated", "invented_change"))
def known_upstream(trial):
    """A listed upstream that turned: messages without an end, answers that it does not read, thousands of connections, and
    changes to everybody's orders."""
    flood(trial, Network(trial), KNOWN, 8 if trial.quick else 45)


@fault(planted("unbounded_queues", "memory", tries=1))
def local_peers(trial):
    """Members of the group."""
    flood(trial, Network(trial), LOCAL, 8 if trial.quick else 45)


@fault(variant("no_limit", "stuck", tries=1), quick=True)
def endless_message(trial):
    """libzmq can't bound it: it ends the relay, and the relay alone."""
    network = Network(trial)
    network.honest_clients()
    trial.wait("the first orders", lambda: trial.last_seq() > 50)
    before = memory_mib(trial)["broker"]
    peer = network.attack("endless", "orders")
    relay = trial.circuit.daemons["relay"]
    if not trial.wait("the relay is ended by its limit", lambda: relay.exits, 20):
        return
    peer.kill()
    trial.expect(memory_mib(trial)["broker"] - before < 64, "memory", "the broker's memory grew with the relay's")
    trial.conclude()
    trial.expect(not trial.circuit.daemons["broker"].exits, "broker_died", "the broker ended with the relay")
