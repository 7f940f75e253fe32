"""What this machine can do, measured beside everything else: the figures of a run mean little without."""

import os
import pathlib
import platform
import statistics
import time


def fdatasync_ms(directory, rounds=200):
    """Median of appending 4 KiB and syncing it."""
    path = pathlib.Path(directory) / "sync"
    times = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(rounds):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return statistics.median(times)


def sequential_mb_per_s(directory, rounds=100):
    """Appending 1 MiB and syncing it, again and again."""
    path = pathlib.Path(directory) / "sequential"
    block = os.urandom(1 << 20)
    began = time.perf_counter()
    with open(path, "wb", buffering=0) as file:
        for _ in range(rounds):
            file.write(block)
            os.fdatasync(file.fileno())
    seconds = time.perf_counter() - began
    path.unlink()
    return rounds * len(block) / 1e6 / seconds


def loop_ns(rounds=2_000_000):
    """One turn of an empty loop of the interpreter: how fast the processor is just now, for comparing days."""
    began = time.perf_counter()
    for _ in range(rounds):
        pass
    return (time.perf_counter() - began) / rounds * 1e9


def model():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


def limits(directory):
    return {"processors": model(), "load": os.getloadavg()[0], "loop_ns": loop_ns(),
            "fdatasync_4k_ms": fdatasync_ms(directory), "sequential_mb_per_s": sequential_mb_per_s(directory)}
