"""The export of the journal: what the broker says that it has stored, collected from its sockets into one JSONL file. Each
line is [kind, value]:

    ["event", {seq, ts, type, order_id, version, status, data}]      all, in their order
    ["order", {order_id, status, product_id, …}]                     all, as list_orders has them
    ["totals", {…}]                                                  as get_stats has them
    ["recount", true]                                                whether the broker's own recount agrees
    ["attention", {order_id, reason, …}]                             each entry
"""

from sys import intern

from .history import read_jsonl


def slim(event):
    """The same, with every word kept once: millions of events fit into memory then."""
    return {"seq": event["seq"], "ts": event["ts"], "type": intern(event["type"]), "order_id": intern(event["order_id"]),
            "version": event["version"], "status": intern(event["status"]),
            "data": {intern(name): intern(value) if isinstance(value, str) else value
                     for name, value in event["data"].items()}}


class Journal:
    def __init__(self):
        self.events = []
        self.by_order = {}   # order id: its events, in the order of seq
        self.orders = {}     # order id: its row
        self.twice = []      # ids of orders that were listed more than once
        self.totals = None
        self.recount = None
        self.attention = {}  # order id: the entry

    def add(self, kind, value):
        if kind == "event":
            event = slim(value)
            self.events.append(event)
            self.by_order.setdefault(event["order_id"], []).append(event)
        elif kind == "order":
            if value["order_id"] in self.orders:
                self.twice.append(value["order_id"])
            self.orders[intern(value["order_id"])] = {intern(name): intern(v) if isinstance(v, str) else v
                                                      for name, v in value.items()}
        elif kind == "totals":
            self.totals = value
        elif kind == "recount":
            self.recount = value
        elif kind == "attention":
            self.attention[value["order_id"]] = value
        else:
            raise ValueError(f"the export has a line of an unknown kind: {kind}")


def read_journal(path):
    journal = Journal()
    for kind, value in read_jsonl(path):
        journal.add(kind, value)
    if journal.totals is None:
        raise ValueError(f"{path}: the export has no totals; it was not finished")
    return journal
