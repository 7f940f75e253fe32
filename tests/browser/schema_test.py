#!/usr/bin/python3
"""analysis.json has the shape that analysis.schema.json holds and SCHEMA.md describes.  schema_test.py PROGRAMS"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ANALYSIS = ROOT / "workers" / "fulfillment" / "analysis"
SCHEMA = json.loads((ANALYSIS / "analysis.schema.json").read_text())
PROGRAMS = pathlib.Path(sys.argv.pop()).resolve()


def described():
    """{section: [keys of its table]} of SCHEMA.md."""
    sections = {}
    for line in (ANALYSIS / "SCHEMA.md").read_text().splitlines():
        if line.startswith("## "):
            sections[line[3:]] = []
        elif match := re.match(r"\| `(\w+)` \|", line):
            sections[list(sections)[-1]].append(match[1])
    return sections


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        subprocess.run([PROGRAMS / "write_samples", folder, *sorted((ROOT / "tests" / "data").glob("*.csv"))], check=True)
        cls.reports = {path.parent.name: json.loads(path.read_text()) for path in sorted(folder.glob("*/analysis.json"))}
        cls.validator = jsonschema.Draft202012Validator(SCHEMA)

    def test_the_schema_is_one(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_every_report_keeps_to_it(self):
        self.assertEqual(set(self.reports), {"full", "wide", "birdstrikes", "seattle-weather", "us-employment"})
        for name, report in self.reports.items():
            if name == "wide":
                report = {**report, "columns": report["columns"][:20],
                          "relations": {**report["relations"], "pairs": report["relations"]["pairs"][:20]}}
            with self.subTest(report=name):
                error = next(self.validator.iter_errors(report), None)
                self.assertIsNone(error, error and f"{list(error.absolute_path)}: {error.message[:200]}")

    def test_a_member_that_is_gone_renamed_or_of_another_type_is_seen(self):
        for change in (lambda report: report["columns"][1]["numbers"].pop("median"),
                       lambda report: report["columns"][1]["numbers"].update(mode=1),
                       lambda report: report["relations"]["pairs"][0].update(first=3),
                       lambda report: report["columns"][0]["dates"].update(min="2023-01-01")):
            report = json.loads(json.dumps(self.reports["full"]))
            change(report)
            self.assertFalse(self.validator.is_valid(report))

    def test_every_kind_of_part_is_in_the_full_report(self):
        full = self.reports["full"]
        for part in ("numbers", "dates", "texts", "distribution"):
            self.assertTrue(any(column[part] for column in full["columns"]), part)
        for part in ("pearson", "spearman", "difference", "association", "points", "groups", "cross_table"):
            self.assertTrue(any(pair[part] for pair in full["relations"]["pairs"]), part)
        self.assertTrue(full["series"][0]["seasons"] and full["series"][0]["trend"] and full["missing_map"])

    def test_the_page_describes_every_member_in_order_and_nothing_else(self):
        parts = {"the whole": SCHEMA, **{name: part for name, part in SCHEMA["$defs"].items() if "properties" in part}}
        self.assertEqual(described(), {name: list(part["properties"]) for name, part in parts.items()})

    def test_members_stand_in_the_order_of_the_schema(self):
        self.assertEqual(list(self.reports["full"]), list(SCHEMA["properties"]))
        self.assertEqual(list(self.reports["full"]["columns"][1]["numbers"]), list(SCHEMA["$defs"]["numbers"]["properties"]))


if __name__ == "__main__":
    unittest.main()
