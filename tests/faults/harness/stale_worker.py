"""A worker that takes a job and then says nothing until it is too late, as one that was stopped or cut off would. It speaks
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
        self.job = None

    def take_license_job(self, seconds):
        """Says hello and waits for its one job. Its lease is (broker start, number)."""
        self.send(b"h", [PROTOCOL, FULFILLMENT, b"stale", 1])
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.socket.poll(100):
                continue
            kind, *body = self.socket.recv_multipart()
            if kind == b"j":
                self.job = msgpack.unpackb(body[0])[0]
                return self.job
        raise TimeoutError("the stale worker got no job")

    def offer_late(self):
        """The outcome of the job that it had: the licence was made."""
        lease, order = self.job[0], self.job[1]
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
