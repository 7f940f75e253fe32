#!/usr/bin/python3
"""ops/MANIFEST.md says what the sample config sells, and who may do what by the table of transitions."""

import pathlib
import re
import sys
import tomllib
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MANIFEST = (ROOT / "ops" / "MANIFEST.md").read_text()
TRANSITIONS = (ROOT / "schema" / "TRANSITIONS.md").read_text()
CONFIG = tomllib.loads((ROOT / "ops" / "config" / "circuit.sample.toml").read_text())


def table(page, first_column):
    """The rows of the Markdown table whose first column has this name, each as {column: cell}."""
    lines = page.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    split = lambda line: [cell.strip() for cell in line.strip().strip("|").split("|")]
    names = split(lines[at])
    rows = []
    for line in lines[at + 2:]:
        if not line.startswith("|"):
            break
        cells = split(line) if not line.startswith("|  |") else ["", *split(line[4:])]
        rows.append(dict(zip(names, cells, strict=True)))
    return rows


def words(cell):
    return re.findall(r"`([^`]+)`", cell)


class Manifest(unittest.TestCase):
    def test_the_products_are_those_of_the_sample_config(self):
        listed = {words(row["product"])[0]: row for row in table(MANIFEST, "product")}
        sold = {product["id"]: product for product in CONFIG["product"]}
        self.assertEqual(sorted(listed), sorted(sold))
        for name, product in sold.items():
            row = listed[name]
            with self.subTest(product=name):
                self.assertEqual(row["price"], f"{product['amount'] / 100:.2f} {product['currency']}")
                self.assertEqual(words(row["handler"]), [product["handler"]])
                self.assertEqual(row["refund window"], f"{product['refund_window_days']} days")
                self.assertEqual(words(row["if it cannot be made"]), [product["on_failure"]])

    def test_the_terms_are_those_of_the_sample_config(self):
        text = " ".join(MANIFEST.split())
        days = {product["refund_window_days"] for product in CONFIG["product"]}
        self.assertEqual(len(days), 1)
        self.assertIn(f"Within {days.pop()} days after the payment, the full amount", text)
        self.assertIn(f"expires after {CONFIG['payment']['expire_after_s'] // 3600} hours", text)
        self.assertIn(f"valid for {CONFIG['delivery']['token_valid_days']} days", text)
        self.assertIn(f"tried up to {CONFIG['fulfillment']['tries_max']} times", text)
        self.assertIn(f"- `{CONFIG['sandbox']['confirm']}` (the default)", text)
        size = CONFIG["product"][0]["input_bytes_max"]
        self.assertIn(f"a CSV file of up to {size // 2**20} MiB", text)

    def test_the_delivery_target_is_that_of_the_sample_config(self):
        targets = {row["metric"]: row["target"] for row in table(MANIFEST, "metric")}
        self.assertEqual(targets["time to delivery, p99"], f"at most {CONFIG['delivery']['target_s']} s")

    def test_the_roles_are_those_of_the_transitions(self):
        allowed = {}
        for row in table(TRANSITIONS, "from"):
            for role in row["who may"].split(", "):
                allowed.setdefault(role, set()).update(words(row["event"]))
        listed = {row["role"]: set(words(row["may make"])) for row in table(MANIFEST, "role")}
        self.assertEqual(listed, allowed)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
