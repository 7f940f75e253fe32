"""The export of the journal: what the broker says that it has stored, collected from its sockets into one JSONL file. Each
line is [kind, value]:

    ["event", {seq, ts, type, order_id, version, status, data}]      all, in their order
    ["order", {order_id, status, product_id, …}]                     all, as list_orders has them
    ["totals", {…}]                                                  as get_stats has them
    ["recount", true]                                                whether the broker's own recount agrees
    ["attention", {order_id, reason, …}]                             each entry
"""

from .history import read_jsonl


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
            self.events.append(value)
            self.by_order.setdefault(value["order_id"], []).append(value)
        elif kind == "order":
            if value["order_id"] in self.orders:
                self.twice.append(value["order_id"])
            self.orders[value["order_id"]] = value
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
