"""sd_notify(3), as a supervisor hears it: READY=1, the pid that said so, STATUS= and WATCHDOG=1."""

import os
import socket
import struct
import time


class NotifySocket:
    def __init__(self, path):
        self.path = str(path)
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.socket.bind(self.path)
        self.reset()

    def reset(self):
        self.drain()
        self.ready_pid = None
        self.status = None
        self.alive_at = None

    def drain(self):
        while True:
            try:
                text, control, _, _ = self.socket.recvmsg(4096, socket.CMSG_SPACE(12))
            except BlockingIOError:
                return
            pid = struct.unpack("iii", control[0][2])[0] if control else None
            for line in text.decode(errors="replace").splitlines():
                if line == "READY=1":
                    self.ready_pid = pid
                elif line.startswith("STATUS="):
                    self.status = line[7:]
                elif line == "WATCHDOG=1":
                    self.alive_at = time.monotonic()

    def close(self):
        self.socket.close()
