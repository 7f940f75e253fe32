"""Which faults there are. A fault is a function of a Trial; its controls are the bugs that must turn it red."""

import dataclasses
import importlib

KINDS = ("kills", "chaos", "io_errors", "disk_full", "power_cut", "stopped", "network", "clock", "resources", "audit", "hostile")


@dataclasses.dataclass(frozen=True)
class Control:
    """Red when the run breaks one of `expected`; anything else that goes wrong proves nothing."""
    expected: frozenset
    planted: str = None
    variant: str = None
    tries: int = 3      # with a seed each: many bugs need a moment that comes by chance
    quick: bool = True  # also with --quick, where the fault is

    @property
    def name(self):
        return self.planted or self.variant


def planted(bug, *expected, **options):
    return Control(frozenset(expected), planted=bug, **options)


def variant(name, *expected, **options):
    return Control(frozenset(expected), variant=name, **options)


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    kind: str
    run: object
    controls: tuple
    quick: bool         # part of every commit's check
    root: bool
    tools: tuple
    needs: object       # a function: why the machine lacks what it needs, or nothing

    @property
    def title(self):
        return f"{self.kind}/{self.name}"


FAULTS = []


def fault(*controls, quick=False, root=False, tools=(), needs=lambda: ""):
    def register(function):
        if not controls:
            raise ValueError(f"the fault {function.__name__} has no control")
        FAULTS.append(Fault(function.__name__, function.__module__.rsplit(".", 1)[-1], function, controls, quick, root,
                            tuple(tools), needs))
        return function

    return register


def load_all():
    for kind in KINDS:
        importlib.import_module(f"kinds.{kind}")
    return FAULTS
