"""A program in a session of its own, with everything that it started. Nothing survives the harness: a child dies with its
parent, and whole sessions are killed."""

import ctypes
import os
import signal
import subprocess
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LIBC = ctypes.CDLL(None, use_errno=True)


def adopt_orphans():
    """Grandchildren whose parent was killed become our children, so that kill_children finds them."""
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_children():
    """Ends every child of this process, and theirs; called when nothing of a run may be left."""
    while True:
        children = children_of(os.getpid())
        if not children:
            return
        for pid in children:
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                continue


def children_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except FileNotFoundError:
        return []


class Process:
    def __init__(self, command, log, environment=None, cwd=None, before_exec=None):
        def prepare():
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if before_exec:
                before_exec()

        with open(log, "ab") as output:
            self.popen = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output,
                                          stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})},
                                          start_new_session=True, preexec_fn=prepare, cwd=cwd)

    @property
    def pid(self):
        return self.popen.pid

    def poll(self):
        """The exit code once it has ended (a negative one is a signal), None before."""
        return self.popen.poll()

    def kill(self):
        """The whole session at once, tracers and tracees alike."""
        try:
            os.killpg(self.popen.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.popen.wait()

    def terminate(self):
        try:
            os.kill(self.popen.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass

    def wait(self, seconds):
        """The exit code, or None when it takes longer."""
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            return None


def wait_until(what, condition, seconds):
    """Looks again and again: a condition is what is waited for, never an amount of time. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.01)
