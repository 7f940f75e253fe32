"""Orders against what clients know: none lost, none invented, none twice; each on a legal path, and what was acknowledged of
a change did happen."""

import collections
import itertools

from .history import read_jsonl
from .transitions import FINAL

CHANGE_EVENTS = {
    "cancel_order": ("cancel_requested", "order_cancelled"),
    "request_refund": ("refund_requested",),
    "confirm_payment": ("payment_requested",),
}


def check_sequence(journal, findings):
    for number, event in enumerate(journal.events, 1):
        if event["seq"] != number:
            findings.add("seq_gap", f"event {number} of the export has seq {event['seq']}")
            return


def check_creations(history, journal, findings):
    wanted = {}                                     # customer: {key: attempts}
    for attempt in history.creates:
        request = attempt.request
        wanted.setdefault(request["customer_id"], {}).setdefault(request["idempotency_key"], []).append(attempt)
    stored = collections.defaultdict(list)          # customer: order ids
    for order_id, events in journal.by_order.items():
        stored[events[0]["data"].get("customer_id")].append(order_id)
    for customer, order_ids in stored.items():
        if customer not in wanted:
            findings.add("invented_order", f"{order_ids[0]} of {customer}: nobody ordered it")
    for customer, keys in wanted.items():
        check_customer(customer, keys, stored.get(customer, []), journal, findings)


def check_customer(customer, keys, order_ids, journal, findings):
    possible = 0  # keys that may have an order
    for key, attempts in keys.items():
        acknowledged = {attempt.reply["order_id"] for attempt in attempts if attempt.outcome == "ok"}
        if len(acknowledged) > 1:
            findings.add("duplicate_order", f"{customer}, key {key}: acknowledged as {sorted(acknowledged)}")
        for order_id in acknowledged:
            if order_id not in journal.by_order:
                findings.add("lost_order", f"{order_id} of {customer}, key {key}: acknowledged, and not there")
            elif order_id not in order_ids:
                findings.add("wrong_order", f"{order_id} was acknowledged to {customer}, and is another customer's")
        possible += any(attempt.outcome != "refused" for attempt in attempts)
    if len(order_ids) > len(keys):
        findings.add("duplicate_order", f"{customer}: {len(keys)} keys, but orders {sorted(order_ids)}")
    elif len(order_ids) > possible:
        findings.add("refused_order_stored", f"{customer}: every attempt was refused, yet {order_ids} is there")
    bodies = {(r["product_id"], r["amount"], r["currency"]) for a in keys.values() for r in (a[0].request,)}
    for order_id in order_ids:
        data = journal.by_order[order_id][0]["data"]
        if (data.get("product_id"), data.get("amount"), data.get("currency")) not in bodies:
            findings.add("invented_order", f"{order_id}: stored as {data}, which {customer} did not order")


def check_paths(journal, table, findings):
    for order_id in journal.twice:
        findings.add("order_rows", f"{order_id} is listed twice")
    for order_id, events in journal.by_order.items():
        check_path(order_id, events, journal.orders.get(order_id), table, findings)
    for order_id in journal.orders:
        if order_id not in journal.by_order:
            findings.add("order_rows", f"{order_id} is listed, and has no event")


def check_path(order_id, events, row, table, findings):
    status = ""
    for version, event in enumerate(events, 1):
        rule = table.get((status, event["type"]))
        if rule is None or rule.to != event["status"]:
            findings.add("illegal_path", f"{order_id}: {event['type']} from {status or 'nothing'} to {event['status']}")
            break
        made_by = event["data"].get("made_by")
        if made_by is not None and made_by not in rule.roles:
            findings.add("illegal_path", f"{order_id}: {event['type']} made by {made_by}")
        if event["version"] != version:
            findings.add("version_gap", f"{order_id}: its event {version} has version {event['version']}")
            break
        status = event["status"]
    if row is None:
        findings.add("order_rows", f"{order_id} has events, and is not listed")
        return
    last = events[-1]
    if (row["status"], row["version"]) != (last["status"], last["version"]):
        findings.add("status_differs", f"{order_id} is {row['status']} in version {row['version']}, "
                                       f"its last event says {last['status']} in {last['version']}")
    created = events[0]["data"]
    if any(row[name] != created.get(name) for name in ("product_id", "customer_id", "amount", "currency")):
        findings.add("status_differs", f"{order_id}: its row {row} is not what was ordered: {created}")


def check_changes(history, journal, findings):
    acknowledged, refused, unknown, asked = collections.Counter(), {}, set(), set()
    for attempt in history.changes:
        change = (attempt.request["order_id"], attempt.request["type"])
        asked.add(change)
        if attempt.outcome == "ok":
            acknowledged[change] += 1
        elif attempt.outcome == "refused":
            refused[change] = attempt.reply["code"]
        else:
            unknown.add(change)
    for (order_id, kind), count in acknowledged.items():
        if made(journal, order_id, kind) < count:
            findings.add("lost_change", f"{order_id}: {kind} was acknowledged {count} times, and happened "
                                        f"{made(journal, order_id, kind)} times")
    for change, code in refused.items():
        if change not in acknowledged and change not in unknown and made(journal, *change) > 0:
            findings.add("refused_change_made", f"{change[0]}: {change[1]} was only ever refused ({code}), and happened")
    for order_id in journal.by_order:
        for kind in CHANGE_EVENTS:
            if (order_id, kind) not in asked and made(journal, order_id, kind) > 0:
                findings.add("invented_change", f"{order_id}: {kind} happened, and nobody asked for it")


def made(journal, order_id, kind):
    """How often an upstream's change of this kind happened."""
    return sum(event["type"] in CHANGE_EVENTS[kind] and event["data"].get("made_by", "upstream") == "upstream"
               for event in journal.by_order.get(order_id, ()))


def check_heard(history, journal, findings):
    """What was published is stored, and is the same. Gives how much was heard."""
    count = 0
    for heard in itertools.chain.from_iterable(map(read_jsonl, history.heard)):
        count += 1
        seq = heard["seq"]
        if seq > len(journal.events):
            findings.add("published_not_stored", f"seq {seq} was published, the journal ends with {len(journal.events)}")
            continue
        event = journal.events[seq - 1]
        if any(heard[name] != event[name] for name in ("order_id", "type", "version", "status")):
            findings.add("published_not_stored", f"seq {seq} was published as {heard}, and is {event}")
    return count


def check_progress(journal, manual, findings):
    """An order that is not at its end says why."""
    for order_id, events in journal.by_order.items():
        last = events[-1]
        if last["status"] in FINAL or order_id in journal.attention:
            continue
        waits_for_customer = manual and last["status"] == "pending_payment" and last["type"] == "order_created"
        if not waits_for_customer:
            findings.add("unlisted_order", f"{order_id} stands at {last['type']}, and attention does not list it")
