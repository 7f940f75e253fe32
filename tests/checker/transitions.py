"""The table of transitions, read from schema/TRANSITIONS.md: the page that people read is what runs are judged by."""

import pathlib
import re

PAGE = pathlib.Path(__file__).resolve().parent.parent.parent / "schema" / "TRANSITIONS.md"
FINAL = {"fulfilled", "refunded", "cancelled", "expired"}


class Rule:
    __slots__ = ("to", "roles")

    def __init__(self, to, roles):
        self.to = to
        self.roles = roles


def read_table(page=PAGE):
    """{(from, event): Rule}; the state before an order exists is ''. Raises ValueError when the page has no such table."""
    rules = {}
    for line in page.read_text(encoding="utf-8").splitlines():
        row = re.fullmatch(r"\| *(\w*) *\| `(\w+)` \| (\w+) \| ([\w, ]+) \| .* \|", line)
        if not row:
            continue
        move = (row[1], row[2])
        if move in rules:
            raise ValueError(f"{page}: two rows for {row[2]} from {row[1]}")
        rules[move] = Rule(row[3], frozenset(role.strip() for role in row[4].split(",")))
    if ("", "order_created") not in rules:
        raise ValueError(f"{page}: no row for order_created; has the page's form changed?")
    return rules
