#!/usr/bin/python3
"""Orders a data analysis of a CSV file, waits until it is delivered, and prints the delivery token.

    scripts/examples/push_order.py FILE.csv [--data DIR | --endpoint ENDPOINT] [--customer ID] [--key KEY]
    scripts/examples/push_order.py FILE.csv --endpoint tcp://HOST:PORT --server-key KEY --key-file FILE

Needs Debian's python3-zmq and python3-msgpack. Exit codes: 0 fulfilled, 1 refused or failed, 3 no answer.
"""

import argparse
import hashlib
import sys
import time

import msgpack
import zmq

ANSWER_WAIT_MS = 2_000
DONE = {"fulfilled", "refunded", "cancelled", "expired", "payment_failed", "fulfillment_failed"}


class Refused(Exception):
    """The broker's answer is no. `code` is what programs match on."""

    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}")
        self.code = error["code"]
        self.retry_after_s = error.get("retry_after_ms", 0) / 1000


class Circuit:
    def __init__(self, endpoint, server_key=None, key_file=None):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        if server_key:  # over the network: encrypted, and known by the key
            with open(key_file, encoding="ascii") as file:
                secret = file.read().strip().encode()
            self.socket.curve_secretkey = secret
            self.socket.curve_publickey = zmq.curve_public(secret)
            self.socket.curve_serverkey = server_key.encode()
        self.socket.connect(endpoint)
        self.requests = 0

    def ask(self, deadline, **request):
        """Sends until an answer comes. Safe for what may arrive twice: reads, and creates, by their idempotency key."""
        while time.monotonic() < deadline:
            self.requests += 1
            self.socket.send(msgpack.packb({**request, "request_id": self.requests}))
            while self.socket.poll(ANSWER_WAIT_MS):
                reply = msgpack.unpackb(self.socket.recv())
                if reply["request_id"] != self.requests:
                    continue  # a late answer to an earlier sending
                if reply["ok"]:
                    return reply
                refused = Refused(reply["error"])
                if refused.code not in ("busy", "unavailable", "rate_limited"):
                    raise refused
                time.sleep(min(refused.retry_after_s, max(0, deadline - time.monotonic())))
                break
        raise TimeoutError("no answer in time; the same command again goes on where this one stopped")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("csv", metavar="FILE.csv")
    options.add_argument("--data", default="data", help="the circuit's data directory (default ./data)")
    options.add_argument("--endpoint", help="where orders go; default ipc://DATA/run/orders.sock")
    options.add_argument("--customer", default="customer_001")
    options.add_argument("--key", help="idempotency key; default: made from the file, so that the same file is one order")
    options.add_argument("--wait-s", type=float, default=60)
    options.add_argument("--server-key", help="over the network: the relay's public key (circuit keygen --relay)")
    options.add_argument("--key-file", help="over the network: your secret key (circuit keygen NAME)")
    given = options.parse_args()
    if bool(given.server_key) != bool(given.key_file):
        options.error("--server-key and --key-file go together")
    with open(given.csv, "rb") as file:
        csv = file.read()
    deadline = time.monotonic() + given.wait_s
    circuit = Circuit(given.endpoint or f"ipc://{given.data}/run/orders.sock", given.server_key, given.key_file)

    created = circuit.ask(deadline, type="create_order", product_id="DATA_ANALYSIS_V1", customer_id=given.customer,
                          idempotency_key=given.key or "csv-" + hashlib.sha256(csv).hexdigest(),
                          amount=5000, currency="USD", input={"csv": csv})
    print("order ", created["order_id"] + (" (it was there already)" if created["replayed"] else ""))

    status = None
    while status not in DONE:
        order = circuit.ask(deadline, type="get_order", order_id=created["order_id"])["order"]
        if order["status"] != status:
            status = order["status"]
            print("status", status, flush=True)
        elif status not in DONE:
            time.sleep(0.1)
    if status != "fulfilled":
        print(f"push_order: the order is {status}", file=sys.stderr)
        return 1
    print("token ", order["delivery_token"])
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused as refused:
        sys.exit(f"push_order: refused: {refused}")
    except OSError as error:  # TimeoutError is one
        print(f"push_order: {error}", file=sys.stderr)
        sys.exit(3 if isinstance(error, TimeoutError) else 1)
    except zmq.ZMQError as error:
        sys.exit(f"push_order: {error}")
