#!/usr/bin/python3
"""A TCP proxy that does what bad networks do.

    proxy.py OPTIONS      a JSON object: see DEFAULTS; until SIGTERM
"""

import asyncio
import json
import random
import signal
import socket
import struct
import sys

DEFAULTS = {
    "listen": None, "target": None,  # ["127.0.0.1", port]
    "seed": 1,
    "delay_ms": 0,         # at most, of each piece
    "piece_bytes": 65536,  # pieces of random size up to this
    "cut_after_s": 0,      # each connection is reset at a random time up to this; 0: never
    "replay": False,       # what a client sent on a connection is sent again on one of its own, once it was cut
}


class Proxy:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options["seed"])

    async def serve(self):
        server = await asyncio.start_server(self.connection, *self.options["listen"])
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        print("ready", flush=True)
        await stop.wait()
        server.close()

    async def connection(self, reader, writer):
        try:
            back_reader, back_writer = await asyncio.open_connection(*self.options["target"])
        except OSError:
            return self.reset(writer)
        sent = bytearray()
        pumps = [asyncio.create_task(self.pump(reader, back_writer, sent)),
                 asyncio.create_task(self.pump(back_reader, writer, None))]
        limit = self.random.uniform(0.05, self.options["cut_after_s"]) if self.options["cut_after_s"] else None
        await asyncio.wait(pumps, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        for task in pumps:
            task.cancel()
        self.reset(writer)
        self.reset(back_writer)
        if self.options["replay"] and sent:
            await self.send_again(bytes(sent))

    async def pump(self, reader, writer, kept):
        while data := await reader.read(self.random.randint(1, self.options["piece_bytes"])):
            if self.options["delay_ms"]:
                await asyncio.sleep(self.random.uniform(0, self.options["delay_ms"]) / 1000)
            if kept is not None:
                kept += data
            writer.write(data)
            await writer.drain()

    async def send_again(self, data):
        """The handshake and all that followed, byte for byte; the answers are read, and go nowhere."""
        try:
            reader, writer = await asyncio.open_connection(*self.options["target"])
            writer.write(data)
            await writer.drain()
            await asyncio.wait_for(reader.read(1 << 20), 1)
            self.reset(writer)
        except (OSError, asyncio.TimeoutError):
            return

    @staticmethod
    def reset(writer):
        """RST instead of FIN: what is under way is lost on both sides."""
        plain = writer.get_extra_info("socket")
        if plain is not None and plain.fileno() >= 0:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()


if __name__ == "__main__":
    asyncio.run(Proxy({**DEFAULTS, **json.loads(sys.argv[1])}).serve())
