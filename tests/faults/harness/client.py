#!/usr/bin/python3
"""An upstream that remembers. It orders at a rate, repeats what got no answer with the same idempotency key, cancels and
refunds some, and writes down each attempt and what it heard (tests/checker/history.py has the format).

    client.py OPTIONS          a JSON object: see DEFAULTS; until SIGTERM, then until every order has its answer

Exit codes: 0 every request was answered in the end, 3 some were not in time.
"""

import heapq
import itertools
import json
import random
import signal
import sys
import time

import msgpack
import zmq

DEFAULTS = {
    "endpoint": None, "history": None, "number": 1, "seed": 1,
    "rate": 50,             # orders a second; 0: as the window allows
    "window": 200,          # orders that are under way here at most
    "orders": None,         # how many in all; None: until SIGTERM
    "timeout_s": 1.0,       # without an answer for so long, the same request is sent again
    "patience_s": 60,       # after SIGTERM
    "change_part": 0.2,     # of the orders are cancelled or refunded
    "misbehave_part": 0.3,  # of the orders have a sandbox that misbehaves
    "forgetful": False,     # some of these sandboxes capture the same key twice
    "analysis_part": 0.02,  # of the orders are analyses with a file
    "manual": False,        # confirm each payment
    "curve": None,          # server_key, public_key, secret_key, for an endpoint of a relay
}
BEHAVIOURS = ("slow:30", "slow:400", "decline", "timeout_before", "timeout_after", "error:2", "wrong_amount",
              "slow:100,timeout_after")
# A provider that captures the same key twice. Only the look-up prevents that, so it can't be promised where a worker may
# stand still between its look-up and its charge, or its charge may wait unread at the provider when it dies.
FORGETFUL = ("forgetful,timeout_after", "forgetful", "forgetful,slow:500")
TRY_AGAIN = {"rate_limited", "busy", "unavailable", "internal"}
CHANGE_TRIES = 4  # a refund may come before the payment; it is not asked for for ever


class Order:
    __slots__ = ("request", "order_id", "plan", "tries", "silences")

    def __init__(self, request, plan):
        self.request = request
        self.order_id = None
        self.plan = plan  # requests still to come: cancel_order, request_refund, confirm_payment
        self.tries = 0
        self.silences = 0  # attempts in a row without an answer: each waits longer, or a slow broker drowns in repetitions


class Client:
    def __init__(self, options, leaving):
        self.options = options
        self.leaving = leaving  # no more orders once there is something in it
        self.random = random.Random(options["seed"] * 1_000 + options["number"])
        self.behaviours = BEHAVIOURS + (FORGETFUL if options["forgetful"] else ())
        self.history = open(options["history"], "w", encoding="utf-8")
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.setsockopt(zmq.RECONNECT_IVL, 10)
        self.socket.setsockopt(zmq.RECONNECT_IVL_MAX, 100)
        if options["curve"]:
            self.socket.curve_serverkey = options["curve"]["server_key"].encode()
            self.socket.curve_publickey = options["curve"]["public_key"].encode()
            self.socket.curve_secretkey = options["curve"]["secret_key"].encode()
        self.socket.connect(options["endpoint"])
        self.attempts = itertools.count(1)
        self.waiting = {}      # n: (deadline, order)
        self.deadlines = []    # (deadline, n)
        self.later = []        # (due, tie, order)
        self.tie = itertools.count()
        self.open = 0
        self.made = 0

    # --- what it orders ---

    def new_order(self):
        self.made += 1
        name = f"c{self.options['number']}-{self.made}"
        request = {"type": "create_order", "customer_id": name, "idempotency_key": f"key-{name}", "currency": "USD",
                   "product_id": "LICENSE_KEY_V1", "amount": 2000}
        if self.random.random() < self.options["analysis_part"]:
            rows = "".join(f"{i},{self.random.randint(0, 99)},{self.random.choice('abc')}\n" for i in range(20))
            request.update(product_id="DATA_ANALYSIS_V1", amount=5000, input={"csv": "day,value,group\n" + rows})
        elif self.random.random() < self.options["misbehave_part"]:
            request["metadata"] = {"sandbox": self.random.choice(self.behaviours)}
        plan = ["confirm_payment"] if self.options["manual"] else []
        if self.random.random() < self.options["change_part"]:
            plan.append(self.random.choice(("cancel_order", "request_refund")))
        return Order(request, plan)

    # --- the loop ---

    def run(self):
        began = time.monotonic()
        patience_ends = None
        while True:
            now = time.monotonic()
            if self.leaving and patience_ends is None:
                patience_ends = now + self.options["patience_s"]
            while self.may_order(now - began):
                self.open += 1
                self.send(self.new_order(), now)
            while self.later and self.later[0][0] <= now:
                self.send(heapq.heappop(self.later)[2], now)
            while self.deadlines and self.deadlines[0][0] <= now:
                self.time_out(heapq.heappop(self.deadlines)[1], now)
            if self.done():
                return 0
            if patience_ends and now > patience_ends:
                return 3
            if self.socket.poll(10 if self.options["rate"] else 50):
                self.receive()

    def may_order(self, elapsed):
        if self.leaving or self.open >= self.options["window"]:
            return False
        if self.options["orders"] is not None and self.made >= self.options["orders"]:
            return False
        return not self.options["rate"] or self.made < elapsed * self.options["rate"]

    def done(self):
        ended = bool(self.leaving) or (self.options["orders"] is not None and self.made >= self.options["orders"])
        return ended and self.open == 0

    def send(self, order, now):
        n = next(self.attempts)
        request = order.request if order.order_id is None else {"type": order.plan[0], "order_id": order.order_id}
        record = {name: value for name, value in request.items() if name not in ("input", "metadata")}
        self.write({"e": "invoke", "n": n, **record})
        try:
            self.socket.send(msgpack.packb({**request, "request_id": n}), zmq.DONTWAIT)
        except zmq.Again:
            pass  # nobody is there; it times out like any other
        deadline = now + self.options["timeout_s"] * min(2 ** order.silences, 8) * self.random.uniform(0.8, 1.6)
        self.waiting[n] = (deadline, order)
        heapq.heappush(self.deadlines, (deadline, n))

    def write(self, record):
        self.history.write(json.dumps(record) + "\n")

    def time_out(self, n, now):
        held = self.waiting.pop(n, None)
        if held:
            self.write({"e": "unknown", "n": n})
            held[1].silences += 1
            self.again(held[1], now, 0)

    def again(self, order, now, wait_s):
        heapq.heappush(self.later, (now + wait_s, next(self.tie), order))

    def receive(self):
        while self.socket.poll(0):
            reply = msgpack.unpackb(self.socket.recv_multipart()[-1])
            n = reply["request_id"]
            now = time.monotonic()
            _, order = self.waiting.pop(n, (None, None))
            if reply["ok"]:
                self.write({"e": "ok", "n": n, "order_id": reply["order_id"], "status": reply["status"]})
            else:
                self.write({"e": "refused", "n": n, "code": reply["error"]["code"]})
            # A late answer is written down; the attempt after it has taken over.
            if order:
                self.answered(order, reply, now)

    def answered(self, order, reply, now):
        order.silences = 0
        code = None if reply["ok"] else reply["error"]["code"]
        if code in TRY_AGAIN:
            wait_s = min(reply["error"].get("retry_after_ms", 100), 1_000) / 1000
            return self.again(order, now, wait_s * self.random.uniform(0.5, 1))
        if order.order_id is None:
            if code is None:
                order.order_id = reply["order_id"]
        elif code == "invalid_transition" and order.plan[0] == "request_refund" and order.tries < CHANGE_TRIES:
            order.tries += 1
            return self.again(order, now, self.random.uniform(0.05, 0.6))
        else:
            order.plan.pop(0)
        if order.order_id is None or not order.plan:
            self.open -= 1
        else:
            self.again(order, now, self.random.choice((0, 0, 0.01, 0.3)))


def main():
    leaving = []
    signal.signal(signal.SIGTERM, lambda *_: leaving.append(True))
    # The history is there from now on, which tells that the signal will be heard.
    client = Client({**DEFAULTS, **json.loads(sys.argv[1])}, leaving)
    try:
        sys.exit(client.run())
    finally:
        client.history.close()


if __name__ == "__main__":
    main()
