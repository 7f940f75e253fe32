"""What a check found: each broken invariant, how often, and the first places. Bounded, however broken a run is."""

import collections

SHOWN_MAX = 5  # of each invariant


class Findings:
    def __init__(self):
        self.counts = collections.Counter()
        self.shown = []

    def add(self, invariant, text):
        self.counts[invariant] += 1
        if self.counts[invariant] <= SHOWN_MAX:
            self.shown.append((invariant, text))

    @property
    def invariants(self):
        return set(self.counts)

    def __bool__(self):
        return bool(self.counts)

    def lines(self):
        for invariant, text in self.shown:
            yield f"{invariant}: {text}"
        for invariant, count in self.counts.items():
            if count > SHOWN_MAX:
                yield f"{invariant}: and {count - SHOWN_MAX} more"
