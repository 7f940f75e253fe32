"""What clients sent and heard. One JSONL file for each client process (`client-*.jsonl`), one for each listener to the
stream (`heard-*.jsonl`), written by the harness in tests/faults and, in principle, by any other client.

    {"e":"invoke","n":17,"type":"create_order","customer_id":…,"idempotency_key":…,"product_id":…,"amount":…,"currency":…}
    {"e":"invoke","n":18,"type":"cancel_order","order_id":…}
    {"e":"ok","n":17,"order_id":…,"status":…}
    {"e":"refused","n":18,"code":…}
    {"e":"unknown","n":17}                           no reply in time; a later `ok` of the same n still counts

`n` is unique within a file. An attempt without an outcome is unknown. A repeated request is an attempt of its own.

    {"seq":…,"type":…,"order_id":…,"version":…,"status":…}       an event that was published to a listener
"""

import json

decode = json.JSONDecoder().raw_decode  # half the time of json.loads

# Refusals that leave open whether the change was made: storage was in doubt, or the program failed.
IN_DOUBT = {"unavailable", "internal"}


class Attempt:
    __slots__ = ("request", "outcome", "reply")

    def __init__(self, request):
        self.request = request
        self.outcome = "unknown"
        self.reply = None

    def settle(self, outcome, record):
        # A late acknowledgement is one. A later refusal of the same attempt can't be: each attempt has one reply.
        if self.outcome == "ok" or outcome == "unknown":
            return
        if outcome == "refused" and record["code"] in IN_DOUBT:
            outcome = "unknown"
        self.outcome = outcome
        self.reply = record


class History:
    def __init__(self):
        self.creates = []  # attempts
        self.changes = []  # attempts of cancel_order, request_refund and confirm_payment
        self.heard = []    # files of events, which are read when they are compared

    def read_client(self, path):
        attempts = {}
        for record in read_jsonl(path):
            kind = record["e"]
            if kind == "invoke":
                if record["n"] in attempts:
                    raise ValueError(f"{path}: attempt {record['n']} stands there twice")
                attempt = attempts[record["n"]] = Attempt(record)
                (self.creates if record["type"] == "create_order" else self.changes).append(attempt)
            else:
                attempts[record["n"]].settle(kind, record)


def read_jsonl(path):
    """Raises ValueError with file and line for anything but whole lines of JSON."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                value, end = decode(line)
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
            if line[end:] != "\n":
                raise ValueError(f"{path}, line {number}: not a whole line of JSON")
            yield value


def read_history(directory):
    history = History()
    for path in sorted(directory.glob("client-*.jsonl")):
        history.read_client(path)
    history.heard = sorted(directory.glob("heard-*.jsonl"))
    return history
