#!/usr/bin/python3
"""One hostile peer, which does one thing as fast as it can until SIGTERM, and then says how often it did it.

    hostile_peer.py OPTIONS      a JSON object: mode, endpoint, and for CURVE server_key, public_key, secret_key

Modes
    endless        one message that never ends: frames with more to come, for ever
    deaf           asks (request) again and again, and reads no answer
    deaf_listener  subscribes to everything and reads nothing
    crowd          opens connections, says something on each, and leaves them open
    giant_ids      requests whose ids, names and keys are as long as a message may be, or longer
    orders         good orders, as fast as the other side takes them
    meddler        cancels and refunds every order that it hears of (`events` is where)
    noise          bytes that are no request, in one, two and many frames
    raw            bytes that are no ZMTP, on plain sockets, and the beginning of ZMTP 1.0 and 3.0 handshakes
"""

import json
import os
import random
import signal
import socket as sockets
import sys
import time

import msgpack
import zmq

from curve_wire import CurveConnection

FRAME = b"x" * 16_384
CROWD = 2_000


class Peer:
    def __init__(self, options):
        self.options = options
        self.leaving = False
        self.count = 0
        self.random = random.Random(options.get("seed", 1))
        signal.signal(signal.SIGTERM, self.leave)

    def leave(self, *_):
        self.leaving = True

    def connected(self, kind, context=None):
        socket = (context or zmq.Context.instance()).socket(kind)
        socket.linger = 0
        socket.sndhwm = 100
        socket.rcvhwm = 1
        socket.sndtimeo = 200
        if "server_key" in self.options:
            socket.curve_serverkey = self.options["server_key"].encode()
            socket.curve_publickey = self.options["public_key"].encode()
            socket.curve_secretkey = self.options["secret_key"].encode()
        return socket

    def send(self, socket, frames):
        try:
            socket.send_multipart(frames)
            self.count += 1
        except zmq.Again:
            pass  # the other side takes no more: the point of its limits

    def endless(self):
        keys = {name: self.options[name] for name in ("endpoint", "server_key", "public_key", "secret_key")}
        while not self.leaving:
            try:
                connection = CurveConnection(**keys)
                while not self.leaving:
                    connection.send_frame(FRAME, more=True)
                    self.count += 1
            except OSError:
                time.sleep(0.05)  # shut out, or the relay is just being started again

    def deaf(self):
        socket = self.connected(zmq.DEALER)
        socket.connect(self.options["endpoint"])
        request = msgpack.packb(self.options["request"])
        while not self.leaving:
            self.send(socket, [request])

    def deaf_listener(self):
        socket = self.connected(zmq.SUB)
        socket.subscribe(b"")
        socket.connect(self.options["endpoint"])
        while not self.leaving:
            time.sleep(0.1)

    def crowd(self):
        # A context each: otherwise one thread would write for all of them, one after the other.
        context = zmq.Context()
        context.set(zmq.MAX_SOCKETS, CROWD + 10)
        crowd = []
        while not self.leaving:
            if len(crowd) < CROWD:
                socket = self.connected(zmq.DEALER, context)
                socket.connect(self.options["endpoint"])
                crowd.append(socket)
            self.send(self.random.choice(crowd), [msgpack.packb({"type": "ping"})])

    def giant_ids(self):
        socket = self.connected(zmq.DEALER)
        socket.connect(self.options["endpoint"])
        # Refused by its amount, if by nothing else.
        order = {"type": "create_order", "product_id": "LICENSE_KEY_V1", "amount": 1, "currency": "USD",
                 "customer_id": "c", "idempotency_key": "k"}
        while not self.leaving:
            size = self.random.choice(self.options.get("sizes", (300, 5_000, 70_000, 4_000_000)))
            field = self.random.choice(("request_id", "customer_id", "idempotency_key", "order_id", "metadata"))
            value = {"a": "y" * size} if field == "metadata" else "y" * size
            self.send(socket, [msgpack.packb({**order, field: value})])

    def orders(self):
        socket = self.connected(zmq.DEALER)
        socket.connect(self.options["endpoint"])
        while not self.leaving:
            self.send(socket, [msgpack.packb({
                "type": "create_order", "product_id": "LICENSE_KEY_V1", "amount": 2000, "currency": "USD",
                "customer_id": "stranger", "idempotency_key": f"stranger-{self.count}"})])

    def meddler(self):
        heard = self.connected(zmq.SUB)
        heard.rcvhwm = 1_000
        heard.subscribe(b"events")
        heard.connect(self.options["events"])
        socket = self.connected(zmq.DEALER)
        socket.connect(self.options["endpoint"])
        while not self.leaving:
            if not heard.poll(100):
                continue
            for event in msgpack.unpackb(heard.recv_multipart()[1]):
                for change in ("cancel_order", "request_refund"):
                    self.send(socket, [msgpack.packb({"type": change, "order_id": event["order_id"]})])

    def noise(self):
        socket = self.connected(zmq.DEALER)
        socket.connect(self.options["endpoint"])
        while not self.leaving:
            frames = [os.urandom(self.random.randint(0, 200)) for _ in range(self.random.choice((1, 2, 40)))]
            if self.random.random() < 0.3:
                frames = [b"\xdf\xff\xff\xff\xff" + b"\x91" * self.random.randint(1, 4_000)]  # a huge map, deeply nested
            self.send(socket, frames)

    def raw(self):
        host, port = self.options["endpoint"].removeprefix("tcp://").rsplit(":", 1)
        openings = (b"\x01\x00", b"\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x00CURVE" + bytes(15) + b"\x00" + bytes(31),
                    b"\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x00NULL" + bytes(16) + b"\x00" + bytes(31), b"GET / HTTP/1.1\r\n")
        held = []
        while not self.leaving:
            try:
                plain = sockets.create_connection((host, int(port)), timeout=1)
                plain.sendall(self.random.choice(openings) + os.urandom(self.random.randint(0, 9_000)))
                self.count += 1
                held.append(plain)
            except OSError:
                time.sleep(0.01)  # it was shut out, or nobody is there just now
            if len(held) > 300:
                held.pop(0).close()


def main():
    peer = Peer(json.loads(sys.argv[1]))
    getattr(peer, peer.options["mode"])()
    print(f"{peer.options['mode']}: {peer.count} times", flush=True)
    os._exit(0)  # what was not sent is nobody's loss


if __name__ == "__main__":
    main()
