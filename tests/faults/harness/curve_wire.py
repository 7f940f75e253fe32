"""A CURVE client of our own on a plain socket (RFC 23 ZMTP, RFC 26 CurveZMQ), because libzmq's sends no message before it
has its end. Only what a hostile upstream needs: the hand-shake, and frames."""

import ctypes
import os
import socket as sockets
import struct

from zmq.utils import z85

SODIUM = ctypes.CDLL("libsodium.so.23")
LONG, MORE_INSIDE = 0x02, 0x01


def box(text, nonce, public, secret):
    out = ctypes.create_string_buffer(len(text) + 16)
    if SODIUM.crypto_box_easy(out, text, ctypes.c_ulonglong(len(text)), nonce, public, secret) != 0:
        raise OSError("a box can't be made")
    return out.raw


def unbox(text, nonce, public, secret):
    out = ctypes.create_string_buffer(len(text) - 16)
    if SODIUM.crypto_box_open_easy(out, text, ctypes.c_ulonglong(len(text)), nonce, public, secret) != 0:
        raise ConnectionError("the server's box can't be opened: it has another key")
    return out.raw


def metadata(name, value):
    return bytes([len(name)]) + name + struct.pack(">I", len(value)) + value


class CurveConnection:
    def __init__(self, endpoint, server_key, public_key, secret_key):
        host, port = endpoint.removeprefix("tcp://").rsplit(":", 1)
        self.server = z85.decode(server_key.encode())
        self.public = z85.decode(public_key.encode())
        self.secret = z85.decode(secret_key.encode())
        public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
        SODIUM.crypto_box_keypair(public, secret)
        self.short_public, self.short_secret = public.raw, secret.raw
        self.nonce = 0
        self.socket = sockets.create_connection((host, int(port)), timeout=5)
        self.shake_hands()

    def next_nonce(self):
        self.nonce += 1
        return struct.pack(">Q", self.nonce)

    def read(self, size):
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                raise ConnectionError("the server hung up")
            data += part
        return data

    def read_command(self):
        flags = self.read(1)[0]
        size = struct.unpack(">Q", self.read(8))[0] if flags & LONG else self.read(1)[0]
        return self.read(size)

    def send_command(self, body):
        head = bytes([0x04, len(body)]) if len(body) < 256 else b"\x06" + struct.pack(">Q", len(body))
        self.socket.sendall(head + body)

    def shake_hands(self):
        self.socket.sendall(b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"CURVE".ljust(20, b"\0") + bytes(32))
        self.read(64)
        nonce = self.next_nonce()
        signature = box(bytes(64), b"CurveZMQHELLO---" + nonce, self.server, self.short_secret)
        self.send_command(b"\x05HELLO\x01\x00" + bytes(72) + self.short_public + nonce + signature)
        welcome = self.read_command()
        inner = unbox(welcome[24:], b"WELCOME-" + welcome[8:24], self.server, self.short_secret)
        self.peer, cookie = inner[:32], inner[32:]
        vouch_nonce = os.urandom(16)
        vouch = vouch_nonce + box(self.short_public + self.server, b"VOUCH---" + vouch_nonce, self.peer, self.secret)
        nonce = self.next_nonce()
        about = metadata(b"Socket-Type", b"DEALER") + metadata(b"Identity", b"")
        self.send_command(b"\x08INITIATE" + cookie + nonce +
                          box(self.public + vouch + about, b"CurveZMQINITIATE" + nonce, self.peer, self.short_secret))
        ready = self.read_command()
        if not ready.startswith(b"\x05READY"):
            raise ConnectionError(f"the server did not let us in: {ready[:40]}")

    def send_frame(self, payload, more):
        nonce = self.next_nonce()
        body = b"\x07MESSAGE" + nonce + box(bytes([MORE_INSIDE if more else 0]) + payload, b"CurveZMQMESSAGEC" + nonce,
                                            self.peer, self.short_secret)
        self.socket.sendall(bytes([LONG]) + struct.pack(">Q", len(body)) + body)

    def close(self):
        self.socket.close()
