"""The provider's book (the sandbox's ledger.jsonl): what was really taken and given back, whatever the circuit says."""

from .history import read_jsonl


class Charge:
    """One key of one order."""
    __slots__ = ("captures", "refunds")

    def __init__(self):
        self.captures = []
        self.refunds = []

    @property
    def net(self):
        return sum(line["amount"] for line in self.captures) - sum(line["amount"] for line in self.refunds)


class Ledger:
    def __init__(self):
        self.charges = {}   # key: Charge
        self.by_order = {}  # order id: keys
        self.net = {}       # currency: amount

    def add(self, line, findings):
        key, op = line["key"], line["op"]
        if key != f"{line['order_id']}/{line['attempt']}":
            findings.add("ledger_damaged", f"seq {line['seq']}: key {key} is not of its order and attempt")
        charge = self.charges.get(key)
        if charge is None:
            charge = self.charges[key] = Charge()
            self.by_order.setdefault(line["order_id"], []).append(key)
        sign = {"capture": 1, "refund": -1}.get(op, 0)
        self.net[line["currency"]] = self.net.get(line["currency"], 0) + sign * line["amount"]
        if op == "capture":
            charge.captures.append(line)
        elif op == "refund":
            charge.refunds.append(line)


def read_ledger(path, findings):
    ledger = Ledger()
    if not path.exists():
        return ledger  # nothing was ever charged
    for number, line in enumerate(read_jsonl(path), 1):
        if line["seq"] != number:
            findings.add("ledger_damaged", f"line {number} has seq {line['seq']}")
        ledger.add(line, findings)
    return ledger
