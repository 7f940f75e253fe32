"""A control group with a limit of memory, in either version of the kernel's groups."""

import pathlib

ROOT = pathlib.Path("/sys/fs/cgroup")


class MemoryGroup:
    def __init__(self, trial, mib):
        self.is_first_version = (ROOT / "memory" / "memory.limit_in_bytes").exists()
        self.path = (ROOT / "memory" if self.is_first_version else ROOT) / trial.home.name
        self.path.mkdir()
        trial.undo.insert(0, self.path.rmdir)
        limit = "memory.limit_in_bytes" if self.is_first_version else "memory.max"
        (self.path / limit).write_text(str(mib << 20), encoding="ascii")

    @staticmethod
    def lacking():
        """Why there can't be one here, or nothing."""
        if (ROOT / "memory" / "memory.limit_in_bytes").exists():
            return ""
        controllers = ROOT / "cgroup.subtree_control"
        return "" if controllers.exists() and "memory" in controllers.read_text(encoding="ascii") else \
            "needs the memory controller of cgroups"

    def wrapper(self):
        """Starts a program inside."""
        return lambda command, environment: (["sh", "-c", f'echo $$ > {self.path}/cgroup.procs; exec "$@"', "sh", *command],
                                             environment)

    def kills(self):
        """How often the kernel ended a process for the limit."""
        events = "memory.oom_control" if self.is_first_version else "memory.events"
        lines = (self.path / events).read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
