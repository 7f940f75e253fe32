"""File systems of a run's own: a tmpfs of some size, and ext4 or XFS in a file, whose power can be cut."""

import shutil
import subprocess


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    return done.stdout


class Mount:
    def __init__(self, trial, path):
        self.trial = trial
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        self.mounted = False
        trial.undo.insert(0, self.leave)  # the daemons go first

    def leave(self):
        if self.mounted and self.trial.findings:
            # What is judged must still be there when the file system is gone.
            shutil.copytree(self.path, self.trial.home / f"{self.path.name}-as-it-was", dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns("run", "work", "lost+found", "ballast", "deliverables", "inputs"))
        if self.mounted:
            subprocess.run(["umount", "-l", self.path], check=False, capture_output=True)
            self.mounted = False


class Tmpfs(Mount):
    def __init__(self, trial, path, size):
        super().__init__(trial, path)
        run("mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", path)
        self.mounted = True


class Disk(Mount):
    """A loop device. cut() is a power cut: what was not synced is gone, and everything fails until restore()."""

    def __init__(self, trial, path, system="ext4", mib=128):
        super().__init__(trial, path)
        self.image = trial.home / f"{path.name}.img"
        run("truncate", "-s", f"{max(mib, 300 if system == 'xfs' else 0)}M", self.image)
        run(*(("mkfs.ext4", "-q", "-F", "-m", "0") if system == "ext4" else ("mkfs.xfs", "-q", "-f")), self.image)
        self.mount()
        path.chmod(0o700)

    def mount(self):
        run("mount", "-o", "loop", self.image, self.path)
        self.mounted = True

    def cut(self):
        run("xfs_io", "-x", "-c", "shutdown", self.path)

    def restore(self):
        """After every process that has files there has ended."""
        run("umount", self.path)
        self.mounted = False
        self.mount()
