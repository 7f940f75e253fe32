#!/usr/bin/python3
"""The checker against small histories: one where all is well, and for each promise one that breaks exactly it."""

import contextlib
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from checker import audit, transitions  # noqa: E402
from checker.rules import check_run  # noqa: E402

CHECK = pathlib.Path(__file__).resolve().parent / "check"
HEADER = transitions.PAGE.parent / "transitions.hpp"
START_US = 1_767_323_045_000_006


class Run:
    """A run whose books agree; a test then spoils one of them. `write` lays it out as the harness does."""

    def __init__(self):
        self.client, self.heard, self.events, self.ledger, self.attention = [], [], [], [], []
        self.orders, self.files, self.options = {}, {}, {}
        self.number = 0
        self.totals = None  # computed, unless a test gives them
        self.recount = True
        self.segments = None  # computed, unless a test gives them

    def order(self, name, product="LICENSE_KEY_V1", amount=2000):
        order_id = f"ord_{name}"
        self.attempt({"type": "create_order", "customer_id": name, "idempotency_key": f"key-{name}",
                      "product_id": product, "amount": amount, "currency": "USD"},
                     {"e": "ok", "order_id": order_id, "status": "pending_payment"})
        self.orders[order_id] = {"order_id": order_id, "product_id": product, "customer_id": name, "amount": amount,
                                 "currency": "USD"}
        self.event(order_id, "order_created", "pending_payment", product_id=product, amount=amount, currency="USD")
        return order_id

    def attempt(self, request, outcome):
        self.number += 1
        self.client.append({"e": "invoke", "n": self.number, **request})
        if outcome:
            self.client.append({**outcome, "n": self.number})

    def event(self, order_id, kind, status, **data):
        row = self.orders[order_id]
        event = {"seq": len(self.events) + 1, "ts": START_US + 250_000 * len(self.events), "type": kind,
                 "order_id": order_id, "version": row.get("version", 0) + 1, "status": status,
                 "data": {"customer_id": row["customer_id"], **data}}
        self.events.append(event)
        self.heard.append({name: event[name] for name in ("seq", "type", "order_id", "version", "status")})
        row.update(version=event["version"], status=status)
        return event

    def book(self, op, order_id, amount, attempt=1):
        seq = len(self.ledger) + 1
        reference = f"{op[:2]}_{seq:012d}"
        self.ledger.append({"seq": seq, "op": op, "key": f"{order_id}/{attempt}", "order_id": order_id,
                            "attempt": attempt, "amount": amount, "currency": "USD", "reference": reference})
        return reference

    def paid(self, name, **product):
        order_id = self.order(name, **product)
        amount = self.orders[order_id]["amount"]
        charge = self.book("capture", order_id, amount)
        self.event(order_id, "payment_confirmed", "paid", amount=amount, currency="USD", attempt=1, provider="sandbox",
                   charge_id=charge)
        return order_id

    def license(self, name):
        order_id = self.paid(name)
        self.event(order_id, "order_fulfilled", "fulfilled", deliverable="license")
        return order_id

    def analysis(self, name):
        order_id = self.paid(name, product="DATA_ANALYSIS_V1", amount=5000)
        content = b"a report"
        self.files[f"{order_id}/1-1/report.html"] = content
        self.event(order_id, "order_fulfilled", "fulfilled", deliverable="files", directory="1-1",
                   files=[{"name": "report.html", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}])
        return order_id

    def refunded(self, name):
        order_id = self.license(name)
        self.attempt({"type": "request_refund", "order_id": order_id}, {"e": "ok", "status": "refund_pending"})
        self.event(order_id, "refund_requested", "refund_pending", amount=2000, currency="USD", made_by="upstream")
        refund = self.book("refund", order_id, 2000)
        self.event(order_id, "order_refunded", "refunded", amount=2000, currency="USD", refund_id=refund)
        return order_id

    def cancelled(self, name):
        order_id = self.order(name)
        self.attempt({"type": "cancel_order", "order_id": order_id}, {"e": "ok", "status": "pending_payment"})
        self.event(order_id, "cancel_requested", "pending_payment", made_by="upstream")
        self.book("void", order_id, 2000)
        self.event(order_id, "order_cancelled", "cancelled", made_by="payment")
        return order_id

    def sums(self):
        count = lambda kind: sum(event["type"] == kind for event in self.events)
        total = lambda kind: sum(event["data"]["amount"] for event in self.events if event["type"] == kind)
        gross, refunded = total("payment_confirmed"), total("order_refunded")
        revenue = {"USD": {"gross": gross, "refunded": refunded, "net": gross - refunded}} if gross else {}
        return {"last_seq": len(self.events), "orders_created": count("order_created"),
                "orders_paid": count("payment_confirmed"), "orders_fulfilled": count("order_fulfilled"),
                "orders_refunded": count("order_refunded"), "orders_cancelled": count("order_cancelled"),
                "orders_expired": count("order_expired"), "payments_failed": count("payment_failed"),
                "fulfillments_failed": count("fulfillment_failed"), "revenue": revenue}

    def lines(self):
        lines, prev = [], audit.NO_LINE
        for event in self.events:
            line = json.dumps({"seq": event["seq"], "ts": audit.time_text(event["ts"]), "event_type": event["type"],
                               "order_id": event["order_id"], "status": event["status"], "version": event["version"],
                               "data": event["data"], "prev": prev}, separators=(",", ":")).encode()
            prev = hashlib.sha256(line).hexdigest()
            lines.append(line + b"\n")
        return lines

    def write(self, directory):
        data = directory / "data"
        (data / "sandbox").mkdir(parents=True)
        (data / "audit").mkdir()
        (data / "sandbox" / "ledger.jsonl").write_text("".join(json.dumps(line) + "\n" for line in self.ledger))
        segments = self.segments if self.segments is not None else [b"".join(self.lines())]
        for number, segment in enumerate(segments, 1):
            if segment is not None:
                (data / "audit" / f"{number:012d}.jsonl").write_bytes(segment)
        for name, content in self.files.items():
            path = data / "deliverables" / name
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
        export = [["event", event] for event in self.events] + [["order", row] for row in self.orders.values()]
        export += [["totals", self.totals or self.sums()], ["recount", self.recount]]
        export += [["attention", {"order_id": order_id}] for order_id in self.attention]
        (directory / "export.jsonl").write_text("".join(json.dumps(line) + "\n" for line in export))
        (directory / "client-1.jsonl").write_text("".join(json.dumps(line) + "\n" for line in self.client))
        (directory / "heard-1.jsonl").write_text("".join(json.dumps(line) + "\n" for line in self.heard))
        (directory / "run.json").write_text(json.dumps(self.options))


class CheckerTest(unittest.TestCase):
    def setUp(self):
        self.run_ = Run()
        self.license = self.run_.license("ann")
        self.analysis = self.run_.analysis("bob")
        self.refunded = self.run_.refunded("cat")
        self.cancelled = self.run_.cancelled("dan")

    @contextlib.contextmanager
    def written(self):
        with tempfile.TemporaryDirectory() as scratch:
            directory = pathlib.Path(scratch)
            self.run_.write(directory)
            yield directory

    def assert_broken(self, *invariants):
        with self.written() as directory:
            findings, _ = check_run(directory)
            self.assertEqual(findings.invariants, set(invariants), list(findings.lines()))

    def event_of(self, order_id, kind):
        return next(e for e in self.run_.events if e["order_id"] == order_id and e["type"] == kind)

    def row(self, order_id):
        return self.run_.orders[order_id]

    def test_a_run_whose_books_agree_is_good(self):
        self.assert_broken()

    # --- orders ---

    def test_an_acknowledged_order_that_is_not_there_is_lost(self):
        self.run_.attempt({"type": "create_order", "customer_id": "eve", "idempotency_key": "k", "product_id": "P",
                           "amount": 1, "currency": "USD"}, {"e": "ok", "order_id": "ord_eve"})
        self.assert_broken("lost_order")

    def test_a_late_acknowledgement_counts_like_any_other(self):
        self.run_.attempt({"type": "create_order", "customer_id": "eve", "idempotency_key": "k", "product_id": "P",
                           "amount": 1, "currency": "USD"}, {"e": "unknown"})
        self.run_.client.append({"e": "ok", "n": self.run_.number, "order_id": "ord_eve"})
        self.assert_broken("lost_order")

    def test_an_order_without_an_answer_may_be_there_or_not(self):
        for customer in ("ann", "eve"):
            self.run_.attempt({"type": "create_order", "customer_id": customer, "idempotency_key": f"key-{customer}",
                               "product_id": "LICENSE_KEY_V1", "amount": 2000, "currency": "USD"}, None)
        self.assert_broken()

    def test_an_order_that_nobody_sent_is_invented(self):
        self.run_.client = [line for line in self.run_.client if line.get("customer_id") != "ann" and line["n"] != 1]
        self.assert_broken("invented_order")

    def test_an_order_of_another_amount_than_was_sent_is_invented(self):
        self.run_.client[0]["amount"] = 1
        self.assert_broken("invented_order")

    def test_two_orders_of_one_key_are_one_too_many(self):
        second = self.run_.license("ann")
        self.run_.orders["ord_second"] = self.run_.orders.pop(second)
        self.run_.orders[self.license] = dict(self.run_.orders["ord_second"], order_id=self.license)
        moved = [event for event in self.run_.events if event["order_id"] == second][3:]
        for version, event in enumerate(moved, 1):
            event.update(order_id="ord_second", version=version)
            self.run_.heard[event["seq"] - 1].update(order_id="ord_second", version=version)
        self.run_.ledger[-1].update(order_id="ord_second", key="ord_second/1")
        for order_id in (self.license, "ord_second"):
            self.run_.orders[order_id].update(order_id=order_id, version=3)
        self.run_.client[-1]["order_id"] = "ord_second"
        self.assert_broken("duplicate_order")

    def test_an_acknowledgement_with_the_order_of_another_is_wrong(self):
        self.run_.client[1]["order_id"] = self.analysis
        self.assert_broken("wrong_order")

    def test_an_order_that_was_refused_each_time_must_not_be_there(self):
        self.run_.client[1] = {"e": "refused", "n": 1, "code": "rate_limited"}
        self.assert_broken("refused_order_stored")

    def test_an_order_that_was_in_doubt_may_be_there(self):
        self.run_.client[1] = {"e": "refused", "n": 1, "code": "unavailable"}
        self.assert_broken()

    # --- paths ---

    def test_a_move_that_the_table_does_not_list_is_illegal(self):
        order_id = self.run_.license("eve")
        self.run_.event(order_id, "order_cancelled", "cancelled", made_by="upstream")
        self.run_.book("refund", order_id, 2000)
        self.assert_broken("illegal_path", "invented_change", "money_differs", "revenue_differs")

    def test_a_move_by_a_role_that_may_not_make_it_is_illegal(self):
        self.event_of(self.cancelled, "cancel_requested")["data"]["made_by"] = "fulfillment"
        self.assert_broken("illegal_path", "lost_change")

    def test_versions_count_from_one(self):
        for version, kind in enumerate(("payment_confirmed", "order_fulfilled"), 3):
            event = self.event_of(self.license, kind)
            event["version"] = self.run_.heard[event["seq"] - 1]["version"] = self.row(self.license)["version"] = version
        self.assert_broken("version_gap")

    def test_seq_has_no_gap(self):
        for event in self.run_.events[5:]:
            event["seq"] += 1
        self.run_.heard.clear()
        self.run_.segments = []
        self.assert_broken("seq_gap", "audit_behind")

    def test_a_row_says_what_the_last_event_says(self):
        self.row(self.license)["status"] = "paid"
        self.assert_broken("status_differs")

    def test_a_row_has_the_amount_that_was_ordered(self):
        self.row(self.license)["amount"] = 1
        self.assert_broken("status_differs")

    def test_an_order_with_events_is_listed(self):
        del self.run_.orders[self.license]
        self.assert_broken("order_rows")

    def test_an_order_without_events_is_not_listed(self):
        self.run_.orders["ord_eve"] = dict(self.row(self.license), order_id="ord_eve")
        self.assert_broken("order_rows")

    # --- changes ---

    def test_an_acknowledged_cancel_happened(self):
        self.run_.attempt({"type": "cancel_order", "order_id": self.license}, {"e": "ok", "status": "cancelled"})
        self.assert_broken("lost_change")

    def test_an_acknowledged_refund_happened(self):
        self.run_.attempt({"type": "request_refund", "order_id": self.license}, {"e": "ok", "status": "refund_pending"})
        self.assert_broken("lost_change")

    def test_an_acknowledged_confirmation_happened(self):
        self.run_.attempt({"type": "confirm_payment", "order_id": self.license}, {"e": "ok", "status": "paid"})
        self.assert_broken("lost_change")

    def test_a_change_that_happened_once_is_acknowledged_once(self):
        self.run_.attempt({"type": "cancel_order", "order_id": self.cancelled}, {"e": "ok", "status": "cancelled"})
        self.run_.attempt({"type": "cancel_order", "order_id": self.cancelled}, {"e": "ok", "status": "cancelled"})
        self.assert_broken("lost_change")

    def test_a_change_was_asked_for(self):
        cancel = next(at for at, line in enumerate(self.run_.client) if line.get("type") == "cancel_order")
        del self.run_.client[cancel:cancel + 2]
        self.assert_broken("invented_change")

    def test_a_refused_change_did_not_happen(self):
        refund = next(at for at, line in enumerate(self.run_.client) if line.get("type") == "request_refund")
        self.run_.client[refund + 1] = {"e": "refused", "n": self.run_.client[refund]["n"], "code": "invalid_transition"}
        self.assert_broken("refused_change_made")

    # --- the stream ---

    def test_what_was_published_is_stored(self):
        self.run_.heard.append(dict(self.run_.heard[-1], seq=len(self.run_.events) + 1))
        self.assert_broken("published_not_stored")

    def test_what_was_published_is_what_is_stored(self):
        self.run_.heard[0]["order_id"] = "ord_another"
        self.assert_broken("published_not_stored")

    # --- progress ---

    def test_a_paid_order_that_stands_still_is_listed(self):
        order_id = self.run_.paid("eve")
        self.assert_broken("unlisted_order")
        self.run_.attention = [order_id]
        self.assert_broken()

    def test_only_with_manual_payment_an_order_may_wait_for_its_customer(self):
        self.run_.order("eve")
        self.assert_broken("unlisted_order")
        self.run_.options = {"manual": True}
        self.assert_broken()

    # --- money ---

    def test_a_key_is_captured_once(self):
        self.run_.book("capture", self.license, 2000)
        self.assert_broken("double_capture", "revenue_differs")

    def test_an_order_is_captured_once(self):
        self.run_.book("capture", self.license, 2000, attempt=2)
        self.assert_broken("double_capture", "money_differs", "revenue_differs")

    def test_an_order_is_refunded_once(self):
        self.run_.book("refund", self.refunded, 2000)
        self.assert_broken("double_refund", "revenue_differs")

    def test_a_paid_order_was_captured(self):
        self.run_.ledger[0]["amount"] = 1999
        self.assert_broken("paid_without_capture", "money_differs", "revenue_differs")

    def test_a_refunded_order_was_given_its_money(self):
        refund = next(line for line in self.run_.ledger if line["op"] == "refund")
        refund["op"] = "void"
        self.assert_broken("refund_without_money", "money_differs", "revenue_differs")

    def test_a_cancelled_order_has_no_money_at_the_provider(self):
        void = next(line for line in self.run_.ledger if line["op"] == "void")
        void["op"] = "capture"
        self.assert_broken("money_differs", "revenue_differs")

    def test_a_charge_has_an_order(self):
        self.run_.book("void", "ord_nobody", 2000)
        self.assert_broken("charge_without_order")

    def test_the_ledger_has_no_gap(self):
        self.run_.ledger[-1]["seq"] += 1
        self.assert_broken("ledger_damaged")

    def test_totals_count_the_events(self):
        self.run_.totals = dict(self.run_.sums(), orders_fulfilled=99)
        self.assert_broken("totals_differ")

    def test_revenue_is_what_the_provider_holds(self):
        self.run_.totals = self.run_.sums()
        self.run_.totals["revenue"] = {"USD": {"gross": 1, "refunded": 0, "net": 1}}
        self.assert_broken("totals_differ", "revenue_differs")

    def test_a_recount_that_differs_is_a_fault(self):
        self.run_.recount = False
        self.assert_broken("totals_differ")

    def test_money_of_another_sum_that_was_given_back_is_no_revenue(self):
        order_id = self.run_.order("eve")
        self.run_.book("capture", order_id, 2001)
        self.run_.book("refund", order_id, 2001)
        self.run_.event(order_id, "payment_failed", "payment_failed", reason="capture_mismatch")
        self.run_.attention = [order_id]
        self.assert_broken()

    # --- the audit log ---

    def test_an_edited_line_breaks_the_chain(self):
        lines = self.run_.lines()
        lines[3] = lines[3].replace(b'"USD"', b'"EUR"')
        self.run_.segments = [b"".join(lines)]
        self.assert_broken("audit_differs", "audit_chain", "audit_behind")

    def test_an_edited_last_line_differs_from_the_event(self):
        lines = self.run_.lines()
        lines[-1] = lines[-1].replace(b'"order_cancelled"', b'"order_canceled_"')
        self.run_.segments = [b"".join(lines)]
        self.assert_broken("audit_differs")

    def test_a_log_that_was_cut_is_behind(self):
        self.run_.segments = [b"".join(self.run_.lines()[:-1])]
        self.assert_broken("audit_behind")

    def test_a_log_of_more_than_was_stored_is_ahead(self):
        self.run_.segments = [b"".join(self.run_.lines())]
        last = self.run_.events.pop()
        self.run_.heard.pop()
        self.row(last["order_id"]).update(version=last["version"] - 1, status="pending_payment")
        self.run_.attention = [last["order_id"]]
        self.assert_broken("audit_ahead")

    def test_a_missing_segment_is_missed(self):
        lines = self.run_.lines()
        self.run_.segments = [b"".join(lines[:2]), None, b"".join(lines[2:])]
        self.assert_broken("audit_chain")

    def test_what_a_crash_tore_is_dead_when_the_log_goes_on(self):
        lines = self.run_.lines()
        for torn in (lines[4][:-10], lines[4][:-1] + b"\0\0\0\n", lines[4][:3] + b"\n" + lines[5]):
            self.run_.segments = [b"".join(lines[:4]) + torn, b"".join(lines[4:])]
            self.assert_broken()

    def test_a_whole_line_that_does_not_go_on_is_not_what_a_crash_leaves(self):
        lines = self.run_.lines()
        self.run_.segments = [b"".join(lines[:4]) + lines[6], b"".join(lines[4:])]
        self.assert_broken("audit_chain")

    # --- deliverables ---

    def test_a_deliverable_is_there(self):
        self.run_.files.clear()
        self.assert_broken("missing_deliverable")

    def test_a_deliverable_is_what_the_event_says(self):
        self.run_.files = {name: content[::-1] for name, content in self.run_.files.items()}
        self.assert_broken("wrong_deliverable")

    # --- the program ---

    def test_the_program_tells_by_its_exit_code(self):
        with self.written() as directory:
            run = lambda: subprocess.run([CHECK, directory], capture_output=True, text=True, check=False)
            self.assertEqual(run().returncode, 0)
            export = directory / "export.jsonl"
            whole = export.read_text()
            export.write_text(whole.replace('"orders_fulfilled": 3', '"orders_fulfilled": 4'))
            self.assertEqual(run().returncode, 1)
            self.assertIn("totals_differ", run().stdout)
            export.write_text(whole[:-20])
            self.assertEqual(run().returncode, 2)
            self.assertIn("export.jsonl, line", run().stderr)
            export.write_text("")
            self.assertEqual(run().returncode, 2)

    def test_a_hundred_thousand_orders_take_seconds(self):
        for number in range(100_000):
            self.run_.license(f"customer_{number}")
        with self.written() as directory:
            began = time.process_time()
            findings, summary = check_run(directory)
            self.assertFalse(findings, list(findings.lines()))
            self.assertEqual(summary["orders"], 100_004)
            self.assertLess(time.process_time() - began, 30)  # 5 s on an idle core

    def test_the_page_of_transitions_is_the_table_in_the_code(self):
        rules = transitions.read_table()
        text = HEADER.read_text(encoding="utf-8")
        self.assertEqual(len(rules), text.count("TransitionRule{"))
        for (start, event), rule in rules.items():
            self.assertIn(f"TransitionRule{{Status::{start or 'none'}, EventType::{event}, Status::{rule.to},", text)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
