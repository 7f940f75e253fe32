#!/usr/bin/python3
"""Sends orders as fast as it is told, from prebuilt bytes, and counts the answers.

    sender.py OPTIONS      a JSON object: see DEFAULTS

Requests differ in two numbers of fixed width, so that none is encoded anew. Answers come back with the request's number.
"""

import json
import sys
import time

import msgpack
import zmq

DEFAULTS = {
    "endpoint": None, "result": None,
    "prefix": "s",       # of customers
    "rate": 1000,        # orders a second
    "seconds": 10,
    "window": 0,         # orders without an answer at most; 0: no limit, whatever the circuit does
    "patience_s": 60,    # for the last answers
}
DIGITS = 10


def template(prefix):
    """The pieces around the number, which stands there three times, as text."""
    mark = "#" * DIGITS
    body = msgpack.packb({"type": "create_order", "product_id": "LICENSE_KEY_V1", "customer_id": f"{prefix}-{mark}",
                          "idempotency_key": f"{prefix}-{mark}", "amount": 2000, "currency": "USD", "request_id": mark})
    return body.split(mark.encode())


class Sender:
    def __init__(self, options):
        self.options = options
        self.first, self.second, self.third, self.last = template(options["prefix"])
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.sndhwm = self.socket.rcvhwm = 0
        self.socket.connect(options["endpoint"])
        self.sent_at = {}
        self.counts = {"sent": 0, "ok": 0, "refused": 0, "other": 0, "unanswered": 0, "late_ms_max": 0.0}

    def send(self, now):
        number = self.counts["sent"]
        text = b"%010d" % number
        self.sent_at[text] = now
        self.socket.send(self.first + text + self.second + text + self.third + text + self.last)
        self.counts["sent"] += 1

    def receive(self, wait_ms):
        if not self.socket.poll(wait_ms):
            return
        now = time.monotonic()
        for _ in range(500):
            try:
                reply = msgpack.unpackb(self.socket.recv(zmq.DONTWAIT))
            except zmq.Again:
                return
            sent_at = self.sent_at.pop(reply["request_id"].encode())
            self.counts["late_ms_max"] = max(self.counts["late_ms_max"], (now - sent_at) * 1000)
            if reply["ok"]:
                self.counts["ok"] += 1
            else:
                self.counts["refused"] += 1
                self.counts["other"] += reply["error"]["code"] != "busy"

    def run(self):
        began = time.monotonic()
        rate, seconds, window = self.options["rate"], self.options["seconds"], self.options["window"] or 1 << 60
        while (elapsed := time.monotonic() - began) < seconds:
            now = began + elapsed
            # A sender that was held up catches up in pieces, and reads between them.
            for _ in range(min(200, int(elapsed * rate) - self.counts["sent"])):
                if len(self.sent_at) >= window:
                    break
                self.send(now)
            self.receive(0 if elapsed * rate - self.counts["sent"] > 1 and len(self.sent_at) < window else 1)
        end = time.monotonic() + self.options["patience_s"]
        while self.sent_at and time.monotonic() < end:
            self.receive(50)
        self.counts["unanswered"] = len(self.sent_at)


def main():
    options = {**DEFAULTS, **json.loads(sys.argv[1])}
    sender = Sender(options)
    sender.run()
    with open(options["result"], "w", encoding="utf-8") as file:
        json.dump(sender.counts, file)


if __name__ == "__main__":
    main()
