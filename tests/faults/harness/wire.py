"""Requests to a circuit's sockets, one at a time."""

import msgpack
import zmq


class NoAnswer(Exception):
    pass


class Asker:
    """Asks one socket and waits. For questions of the harness; clients under test are programs of their own."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.context = zmq.Context.instance()
        self.socket = None

    def ask_raw(self, request, seconds=5):
        if self.socket is None:
            self.socket = self.context.socket(zmq.DEALER)
            self.socket.linger = 0
            self.socket.connect(self.endpoint)
        self.socket.send(msgpack.packb(request))
        if not self.socket.poll(seconds * 1000):
            self.close()  # a late answer must not be taken for the next one's
            raise NoAnswer(f"{self.endpoint} did not answer to {request}")
        return self.socket.recv_multipart()

    def ask(self, request, seconds=5):
        reply = msgpack.unpackb(self.ask_raw(request, seconds)[-1])
        if not reply.get("ok"):
            raise NoAnswer(f"{self.endpoint} refused {request}: {reply}")
        return reply

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None
