"""Ways to start a daemon so that something breaks. Each gives a function (command, environment) -> (command, environment)
for Circuit.wrap."""

import itertools
import os
import shutil
import subprocess

# Without --seccomp-bpf, although it is faster: with it, strace 6.1 injects no signal. What strace says goes nowhere.
STRACE = ["strace", "-f", "-qq", "-o", "/dev/null"]


def inject(call, rule):
    """Every start has the fault anew: `when` counts from the start of each thread."""
    return lambda command, environment: ([*STRACE, "-e", f"trace={call}", "-e", f"inject={call}:{rule}", *command], environment)


def once(wrapper):
    """Only the next start is wrapped."""
    starts = itertools.count()
    return lambda command, environment: wrapper(command, environment) if next(starts) == 0 else (command, environment)


def kill_at(call, counts):
    """kill -9 as it enters the nth such call, each start with the next n; whole when the counts are used up."""
    counts = iter(counts)

    def wrapper(command, environment):
        n = next(counts, None)
        return (command, environment) if n is None else inject(call, f"signal=SIGKILL:when={n}")(command, environment)

    return wrapper


def preload(library):
    return lambda command, environment: (command, {**environment, "LD_PRELOAD": str(library)})


def eatmydata():
    """fsync and its kin do nothing: what a lying disk does. The program must exist under this name."""
    return lambda command, environment: ([shutil.which("eatmydata"), *command], environment)


def faketime(file):
    """The wall clock is what the file says (such as +2d), looked at each time; the monotonic clock stays true."""
    library = next(path for path in ("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
                                     "/usr/lib/faketime/libfaketime.so.1") if os.path.exists(path))
    return lambda command, environment: (command, {**environment, "LD_PRELOAD": library, "FAKETIME_NO_CACHE": "1",
                                                   "FAKETIME_TIMESTAMP_FILE": str(file),
                                                   "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"})


def limited(*limits):
    """prlimit(1): such as --nofile=64:64."""
    return lambda command, environment: (["prlimit", *limits, "--", *command], environment)


def in_namespace(name):
    return lambda command, environment: (["ip", "netns", "exec", name, *command], environment)


def build_shim(source, directory):
    """A shared library for preload(), from one file of C."""
    library = directory / (source.stem + ".so")
    subprocess.run(["gcc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True,
                   capture_output=True)
    return library
