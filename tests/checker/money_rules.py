"""The provider's book against the orders and the totals: nobody charged twice, nothing kept that is not revenue."""

from .transitions import FINAL


def check_charges(ledger, journal, findings):
    for key, charge in ledger.charges.items():
        if len(charge.captures) > 1:
            findings.add("double_capture", f"{key} was captured {len(charge.captures)} times")
        if len(charge.refunds) > 1:
            findings.add("double_refund", f"{key} was refunded {len(charge.refunds)} times")
        if charge.refunds and charge.net < 0:
            findings.add("double_refund", f"{key}: more was given back than was taken")
    for order_id, keys in ledger.by_order.items():
        if order_id not in journal.by_order:
            findings.add("charge_without_order", f"{order_id} was charged, and the journal does not have it")
        elif sum(ledger.charges[key].net > 0 for key in keys) > 1:
            findings.add("double_capture", f"{order_id} was charged under several keys: {keys}")
    for order_id, events in journal.by_order.items():
        charges = [ledger.charges[key] for key in ledger.by_order.get(order_id, ())]
        check_order(order_id, events, charges, order_id in journal.attention, findings)


def check_order(order_id, events, charges, is_listed, findings):
    paid = next((e["data"] for e in events if e["type"] == "payment_confirmed"), None)
    refunded = next((e["data"] for e in events if e["type"] == "order_refunded"), None)
    net = sum(charge.net for charge in charges)
    if paid and not has_line(charges, "captures", paid["charge_id"], paid["amount"]):
        findings.add("paid_without_capture", f"{order_id}: the provider has no capture {paid['charge_id']} of {paid['amount']}")
    if refunded and not has_line(charges, "refunds", refunded["refund_id"], refunded["amount"]):
        findings.add("refund_without_money", f"{order_id}: the provider has no refund {refunded['refund_id']}")
    # While an order is under way, or a person has been asked, the provider may be ahead of the journal.
    if is_listed or events[-1]["status"] in ("pending_payment", "refund_pending"):
        return
    expected = paid["amount"] if paid and not refunded else 0
    # More than once is told as that.
    if net != expected and not any(len(charge.captures) > 1 or len(charge.refunds) > 1 for charge in charges):
        findings.add("money_differs", f"{order_id} is {events[-1]['status']}: the provider holds {net}, not {expected}")


def has_line(charges, which, reference, amount):
    return any(line["reference"] == reference and line["amount"] == amount
               for charge in charges for line in getattr(charge, which))


def check_totals(ledger, journal, findings):
    totals = journal.totals
    counts = {}
    revenue = {}  # currency: [gross, refunded]
    for event in journal.events:
        counts[event["type"]] = counts.get(event["type"], 0) + 1
        if event["type"] == "payment_confirmed":
            revenue.setdefault(event["data"]["currency"], [0, 0])[0] += event["data"]["amount"]
        elif event["type"] == "order_refunded":
            revenue.setdefault(event["data"]["currency"], [0, 0])[1] += event["data"]["amount"]
    for name, event_type in (("orders_created", "order_created"), ("orders_paid", "payment_confirmed"),
                             ("orders_fulfilled", "order_fulfilled"), ("orders_refunded", "order_refunded"),
                             ("orders_cancelled", "order_cancelled"), ("orders_expired", "order_expired"),
                             ("payments_failed", "payment_failed"), ("fulfillments_failed", "fulfillment_failed")):
        if totals[name] != counts.get(event_type, 0):
            findings.add("totals_differ", f"{name} is {totals[name]}, there are {counts.get(event_type, 0)} such events")
    kept = {currency: [sums["gross"], sums["refunded"]] for currency, sums in totals["revenue"].items()}
    if kept != revenue or totals["last_seq"] != len(journal.events) or journal.recount is False:
        findings.add("totals_differ", f"the totals have {kept} at seq {totals['last_seq']}, "
                                      f"the events {revenue} at {len(journal.events)}; recount: {journal.recount}")
    check_revenue(ledger, journal, kept, findings)


def check_revenue(ledger, journal, kept, findings):
    """Captured less refunded is revenue. Money of open orders whose next step is not in the journal yet is left out."""
    held = dict(ledger.net)
    for order_id, keys in ledger.by_order.items():
        events = journal.by_order.get(order_id)
        if not events or events[-1]["status"] in FINAL:
            continue
        paid = any(e["type"] == "payment_confirmed" for e in events)
        created = events[0]["data"]
        net = sum(ledger.charges[key].net for key in keys)
        held[created["currency"]] -= net - (created["amount"] if paid else 0)
    for currency in held.keys() | kept.keys():
        gross, refunded = kept.get(currency, (0, 0))
        if held.get(currency, 0) != gross - refunded:
            findings.add("revenue_differs", f"the provider holds {held.get(currency, 0)} {currency}, revenue is "
                                            f"{gross} less {refunded}")
