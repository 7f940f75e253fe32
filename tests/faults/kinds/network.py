"""A network between upstreams and the broker that delays, cuts, resets and repeats; and hosts of their own (namespaces) whose
link loses packets and goes down."""

import json
import socket
import subprocess
import sys

from harness.circuit import DAEMONS, toml
from harness.mounts import run
from harness.process import Process, wait_until
from harness.registry import fault, planted
from harness.relay import Relay, write_key
from harness.trial import HERE
from harness.wrappers import in_namespace


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start_proxy(trial, before=(), **options):
    number = len(list((trial.home / "log").glob("proxy-*.log"))) + 1
    log = trial.home / "log" / f"proxy-{number}.log"
    options = {"seed": trial.random.randrange(1 << 30), **options}
    proxy = Process([*before, sys.executable, HERE / "proxy.py", json.dumps(options)], log)
    trial.undo.append(proxy.kill)
    wait_until("the proxy listens", lambda: "ready" in log.read_text(), 10)
    return proxy


def plain_tcp(port):
    return {"endpoints": {"orders": [f"tcp://127.0.0.1:{port}"], "plain_loopback": "allowed"}}


def behind_proxy(trial, **options):
    broker_port, proxy_port = free_ports(2)
    trial.start(plain_tcp(broker_port))
    start_proxy(trial, listen=["127.0.0.1", proxy_port], target=["127.0.0.1", broker_port], **options)
    trial.start_clients(3, endpoint=f"tcp://127.0.0.1:{proxy_port}", rate=60, timeout_s=0.5)
    trial.run_for(4 if trial.quick else 15)
    trial.conclude()


@fault(planted("idempotency_off", "duplicate_order"), quick=True)
def cut_and_replayed(trial):
    behind_proxy(trial, cut_after_s=0.6, delay_ms=5, replay=True)


@fault(planted("idempotency_off", "duplicate_order"))
def slow_in_small_pieces(trial):
    behind_proxy(trial, delay_ms=3, piece_bytes=200, cut_after_s=3)


class Host:
    """A network namespace with one end of a veth pair. Its name is the run's own."""

    def __init__(self, trial, letter, address):
        self.name = f"cf{trial.home.name[-4:]}{letter}"
        self.address = address
        self.link = f"v{self.name}"
        run("ip", "netns", "add", self.name)
        trial.undo.insert(0, lambda: subprocess.run(["ip", "netns", "del", self.name], check=False))
        self.run("ip", "link", "set", "lo", "up")

    def run(self, *command):
        return run("ip", "netns", "exec", self.name, *command)

    def up(self):
        self.run("ip", "addr", "replace", f"{self.address}/24", "dev", self.link)
        self.run("ip", "link", "set", self.link, "up")

    def filter(self, rule):
        """One rule for what comes in; an empty one takes it away."""
        subprocess.run(["ip", "netns", "exec", self.name, "nft", "delete", "table", "inet", "fault"], check=False,
                       capture_output=True)
        if rule:
            self.run("nft", f"add table inet fault; add chain inet fault in {{ type filter hook input priority 0; }}; "
                            f"add rule inet fault in {rule}")


def two_hosts(trial):
    shop, upstream = Host(trial, "a", "10.77.0.1"), Host(trial, "b", "10.77.0.2")
    run("ip", "link", "add", shop.link, "netns", shop.name, "type", "veth", "peer", "name", upstream.link, "netns",
        upstream.name)
    shop.up()
    upstream.up()
    return shop, upstream


def bad_link(trial, shop, other):
    """Loss, resets, and a link that goes down and comes up again."""
    trial.run_for(1)
    for rule in ("numgen random mod 100 < 25 drop", "numgen random mod 100 < 3 meta l4proto tcp reject with tcp reset"):
        shop.filter(rule)
        trial.run_for(3)
    shop.filter("")
    for _ in range(3):
        other.run("ip", "link", "set", other.link, "down")
        trial.run_for(trial.random.uniform(0.3, 2))
        other.up()
        trial.run_for(1)


@fault(planted("idempotency_off", "duplicate_order"), root=True, tools=["ip", "nft"])
def two_hosts_with_a_bad_link(trial):
    """The broker listens on its host's loopback; what faces the network is a forwarder, as the relay is."""
    shop, upstream = two_hosts(trial)
    wraps = {name: in_namespace(shop.name) for name in DAEMONS}
    trial.start(plain_tcp(7001), wrap=wraps)
    start_proxy(trial, before=["ip", "netns", "exec", shop.name], listen=[shop.address, 7101], target=["127.0.0.1", 7001])
    trial.start_clients(2, endpoint=f"tcp://{shop.address}:7101", namespace=upstream.name, rate=50, timeout_s=0.8)
    bad_link(trial, shop, upstream)
    trial.conclude()


class RemoteAuditor:
    """An auditor with a directory and a config of its own, on another host."""

    NAME = "auditor-remote"

    def __init__(self, trial, host, relay):
        self.host = host
        self.data = trial.home / "remote"
        self.data.mkdir(mode=0o700)
        keys = relay.let_in("books", requests=["subscribe"])
        key_file = write_key(self.data / "books.key", keys)
        self.config = self.data / "circuit.toml"
        self.config.write_text(toml({"auditor": {"events": relay.endpoint("events"), "replay": relay.endpoint("replay"),
                                                 "server_key": relay.curve(keys)["server_key"],
                                                 "secret_key_file": str(key_file)}}))

    def wrapper(self, command, environment):
        command = [command[0], "--data", self.data, "--name", f"circuit-{self.NAME}", "--config", self.config]
        return in_namespace(self.host.name)(command, environment)

    def check(self, trial):
        """Both logs are the same, byte for byte: no daemon died, so nothing was torn."""
        here, there = (b"".join(path.read_bytes() for path in sorted(log.glob("*.jsonl")))
                       for log in (trial.circuit.data / "audit", self.data / "audit"))
        if len(there) < len(here):
            trial.findings.add("audit_behind", f"the log on the other host has {len(there)} bytes of {len(here)}")
        elif here != there:
            trial.findings.add("audit_differs", "the log on the other host is another one")


@fault(planted("idempotency_off", "duplicate_order"), planted("no_replay", "audit_behind", tries=1), root=True,
       tools=["ip", "nft"])
def relay_between_hosts(trial):
    """An upstream and an auditor on another host, with CURVE through the relay, over a link that loses, resets and goes down:
    both catch up, and nothing is missing."""
    shop, other = two_hosts(trial)
    relay = Relay(trial, shop.address)
    upstream = relay.let_in("upstream")
    auditor = RemoteAuditor(trial, other, relay)
    names = (*DAEMONS, "relay")
    wraps = {name: in_namespace(shop.name) for name in names}
    trial.start(relay.config, names=(*names, auditor.NAME), wrap={**wraps, auditor.NAME: auditor.wrapper})
    trial.circuit.audit_logs.append(auditor.data / "audit")
    trial.start_clients(2, endpoint=relay.endpoint("orders"), namespace=other.name, curve=relay.curve(upstream), rate=50,
                        timeout_s=0.8)
    bad_link(trial, shop, other)
    trial.conclude()
    auditor.check(trial)
