"""Ways to start a daemon so that something breaks. Each gives a function (command, environment) -> (command, environment)
for Circuit.wrap."""

import itertools
import shutil
import subprocess

# Without --seccomp-bpf, although it is faster: with it, strace 6.1 injects no signal. What strace says goes nowhere.
STRACE = ["strace", "-f", "-qq", "-o", "/dev/null"]


def inject(call, rule, path=None):
    """Every start has the fault anew: `when` counts from the start of each thread. With a path only calls on that file fail:
    a write to an eventfd is one, too."""
    only = ["-P", path] if path else []
    return lambda command, environment: ([*STRACE, *only, "-e", f"trace={call}", "-e", f"inject={call}:{rule}", *command],
                                         environment)


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


def wall_clock(library, file):
    """The wall clock is moved by what the file says; the other clocks stay true (shims/wall_clock.c)."""
    return lambda command, environment: (command, {**environment, "LD_PRELOAD": str(library), "WALL_CLOCK_FILE": str(file)})


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
