"""A worker that takes a job and does nothing about it until it is too late, as one that was stopped or cut off would. It speaks
the work socket's protocol (schema/work.hpp), because a real worker can't be made to wake up at the right moment."""

import time

import msgpack
import zmq

PROTOCOL = 1
FULFILLMENT = 4
MAKE = 1
ORDER_FULFILLED = 4


class StaleWorker:
    def __init__(self, endpoint):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(endpoint)

    def say_hello(self):
        self.send(b"h", [PROTOCOL, FULFILLMENT, b"stale", 1])

    def take_job(self, seconds):
        """Waits for a job, alive but renewing nothing. Its lease is (broker start, number)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.socket.send_multipart([b"b", b""])
            if self.socket.poll(500):
                kind, *body = self.socket.recv_multipart()
                if kind == b"j":
                    return msgpack.unpackb(body[0])[0]
        raise TimeoutError("the stale worker got no job")

    def offer(self, job):
        """The outcome of that job: the licence was made."""
        lease, order = job[0], job[1]
        self.send(b"o", [lease, order, MAKE, ORDER_FULFILLED, 0, False, 0, b"", b"", b"", b"", b"", b"license", b"", []])

    def refused(self, seconds):
        """Whether the broker refuses what was offered."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.socket.poll(100) and self.socket.recv_multipart()[0] == b"r":
                return True
        return False

    def send(self, kind, item):
        self.socket.send_multipart([kind, msgpack.packb([item])])

    def close(self):
        self.socket.close()
