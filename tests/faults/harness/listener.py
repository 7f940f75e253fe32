#!/usr/bin/python3
"""Remembers every event that is published while it listens, and nothing else: what a listener heard must be stored.

    listener.py ENDPOINT FILE        until SIGTERM
"""

import json
import signal
import sys

import msgpack
import zmq

FIELDS = ("seq", "type", "order_id", "version", "status")


def main():
    endpoint, path = sys.argv[1:]
    leaving = []
    signal.signal(signal.SIGTERM, lambda *_: leaving.append(True))
    socket = zmq.Context.instance().socket(zmq.SUB)
    socket.rcvhwm = 0
    socket.setsockopt(zmq.RECONNECT_IVL, 10)
    socket.subscribe(b"events")
    socket.connect(endpoint)
    with open(path, "w", encoding="utf-8") as file:
        while not leaving or socket.poll(0):
            if not socket.poll(100):
                continue
            for event in msgpack.unpackb(socket.recv_multipart()[1]):
                file.write(json.dumps({name: event[name] for name in FIELDS}) + "\n")


if __name__ == "__main__":
    main()
