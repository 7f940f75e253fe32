"""Collects what the broker has stored, through its sockets, into export.jsonl (tests/checker/journal.py has the format)."""

import json

import msgpack

from .wire import Asker, NoAnswer

PAGE = 1_000
ATTENTION_PAGE = 10_000


def export(circuit, path):
    askers = {name: Asker(circuit.endpoint(f"{name}.sock")) for name in ("replay", "control", "orders")}
    try:
        with open(path, "w", encoding="utf-8") as file:
            for kind, value in collect(askers):
                file.write(json.dumps([kind, value], ensure_ascii=False, separators=(",", ":")) + "\n")
    finally:
        for asker in askers.values():
            asker.close()


def collect(askers):
    next_seq = 1
    while events := replay(askers["replay"], next_seq):
        for event in events:
            yield "event", event
        next_seq += len(events)
    for row in pages(askers["control"], "list_orders", PAGE, "orders"):
        yield "order", row
    for entry in pages(askers["control"], "get_attention", ATTENTION_PAGE, "attention"):
        yield "attention", entry
    yield "recount", askers["control"].ask({"type": "recount"}, seconds=60)["agrees"]
    yield "totals", askers["orders"].ask({"type": "get_stats"})["stats"]


def pages(asker, request, size, what):
    """Every entry of a list that is answered in pages."""
    after = {}
    while True:
        page = asker.ask({"type": request, "max": size, **after})
        yield from page[what]
        if page["after"] is None:
            return
        after = {"after": page["after"]}


def replay(asker, from_seq):
    frames = asker.ask_raw({"type": "replay", "from_seq": from_seq, "max": 10_000}, seconds=20)
    if len(frames) != 2 or frames[0] != b"events":
        raise NoAnswer(f"a replay from {from_seq} was answered with {len(frames)} frames")
    return msgpack.unpackb(frames[1])
