#!/usr/bin/python3
"""ops/tail-audit on a log that grows under it: new lines, torn ends, new segments, restarts, and damage."""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / "ops" / "tail-audit"
TYPES = ["order_created", "payment_confirmed", "order_fulfilled"]


class GrowingLog:
    """An audit log as the auditor writes it, and as a crash leaves it."""

    def __init__(self, data):
        self.directory = data / "audit"
        self.directory.mkdir()
        self.segment = 1
        self.seq = 0
        self.prev = "0" * 64

    def append(self, raw):
        with open(self.directory / f"{self.segment:012d}.jsonl", "ab") as file:
            file.write(raw)

    def next_line(self):
        self.seq += 1
        event = {
            "seq": self.seq, "ts": "2026-01-02T03:04:05.000006Z", "event_type": TYPES[(self.seq - 1) % 3],
            "order_id": f"ord_{(self.seq - 1) // 3:026d}", "status": "paid", "version": 1,
            "data": {"customer_id": f"customer_{(self.seq - 1) // 3}"}, "prev": self.prev,
        }
        line = json.dumps(event, separators=(",", ":")).encode()
        self.prev = hashlib.sha256(line).hexdigest()
        return line + b"\n"

    def add(self, events):
        for _ in range(events):
            self.append(self.next_line())


class TailAudit(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.data = pathlib.Path(scratch.name)

    def run_once(self, *arguments, code=0):
        done = subprocess.run([PROGRAM, "--data", self.data, "--no-follow", *arguments], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def seqs(self, *arguments, code=0):
        return [json.loads(line)["seq"] for line in self.run_once("--json", *arguments, code=code).stdout.splitlines()]

    def start(self, *arguments):
        follower = subprocess.Popen([PROGRAM, "--data", self.data, "--json", *arguments], stdout=subprocess.PIPE, text=True)
        self.addCleanup(follower.stdout.close)
        self.addCleanup(follower.wait)
        self.addCleanup(follower.kill)
        return follower

    def read(self, follower, events):
        return [json.loads(follower.stdout.readline())["seq"] for _ in range(events)]

    def test_it_shows_the_newest_events_or_all_from_a_seq(self):
        log = GrowingLog(self.data)
        log.add(20)
        self.assertEqual(self.seqs(), list(range(11, 21)))
        self.assertEqual(self.seqs("--lines", "2"), [19, 20])
        self.assertEqual(self.seqs("--from", "1"), list(range(1, 21)))
        self.assertEqual(self.seqs("--from", "18"), [18, 19, 20])
        self.assertEqual(self.seqs("--from", "21"), [])

    def test_it_filters_by_type_order_and_customer(self):
        log = GrowingLog(self.data)
        log.add(9)
        self.assertEqual(self.seqs("--type", "order_fulfilled"), [3, 6, 9])
        self.assertEqual(self.seqs("--order", f"ord_{1:026d}"), [4, 5, 6])
        self.assertEqual(self.seqs("--customer", "customer_2", "--type", "order_created"), [7])

    def test_json_lines_are_the_bytes_of_the_log(self):
        log = GrowingLog(self.data)
        log.add(3)
        whole = (log.directory / "000000000001.jsonl").read_text()
        self.assertEqual(self.run_once("--json").stdout, whole)

    def test_a_line_for_people_names_the_event_and_has_no_control_characters(self):
        log = GrowingLog(self.data)
        log.append(log.next_line().replace(b"customer_0", b"\\u001b[31m"))
        text = self.run_once().stdout
        self.assertIn("order_created", text)
        self.assertNotIn("\x1b", text)

    def test_it_follows_new_lines_and_waits_for_the_rest_of_half_a_line(self):
        log = GrowingLog(self.data)
        log.add(1)
        follower = self.start()
        self.assertEqual(self.read(follower, 1), [1])
        line = log.next_line()
        log.append(line[:40])
        time.sleep(0.5)
        log.append(line[40:])
        self.assertEqual(self.read(follower, 1), [2])

    def test_it_may_start_before_the_auditor(self):
        follower = self.start()
        time.sleep(0.3)
        log = GrowingLog(self.data)
        log.add(2)
        self.assertEqual(self.read(follower, 2), [1, 2])

    def test_it_goes_on_in_the_next_segment(self):
        log = GrowingLog(self.data)
        log.add(3)
        follower = self.start("--from", "1")
        self.assertEqual(self.read(follower, 3), [1, 2, 3])
        log.segment = 2
        log.add(2)
        self.assertEqual(self.read(follower, 2), [4, 5])
        self.assertEqual(self.seqs("--from", "2"), [2, 3, 4, 5])
        self.assertEqual(self.seqs("--from", "5"), [5])

    def test_it_passes_over_the_bytes_that_a_crash_left_dead(self):
        log = GrowingLog(self.data)
        log.add(2)
        log.append(b'{"seq":3,"ts":"2026')  # torn
        follower = self.start("--from", "1")
        self.assertEqual(self.read(follower, 2), [1, 2])
        log.segment = 2
        log.append(b"\0" * 100)  # torn in its first line, too
        log.segment = 3
        log.add(2)
        self.assertEqual(self.read(follower, 2), [3, 4])
        self.assertEqual(self.seqs("--from", "1"), [1, 2, 3, 4])

    def test_whole_lines_behind_a_bad_one_are_dead_when_the_next_segment_goes_on(self):
        log = GrowingLog(self.data)
        log.add(2)
        lost = GrowingLog.__new__(GrowingLog)
        lost.seq, lost.prev = log.seq, log.prev
        log.append(b"\0\0\n" + lost.next_line())
        log.segment = 2
        log.add(1)
        self.assertEqual(self.seqs("--from", "1"), [1, 2, 3])

    def test_a_segment_that_does_not_go_on_is_damage(self):
        log = GrowingLog(self.data)
        log.add(2)
        log.next_line()  # lost
        log.segment = 2
        log.add(1)
        done = self.run_once("--json", "--from", "1", code=1)
        self.assertEqual(len(done.stdout.splitlines()), 2)
        self.assertIn("does not go on from seq 2", done.stderr)

    def test_an_edited_line_is_damage(self):
        log = GrowingLog(self.data)
        log.append(log.next_line().replace(b"customer_0", b"customer_9"))
        log.add(1)
        log.segment = 2
        log.add(1)
        self.run_once("--json", "--from", "1", code=1)

    def test_without_a_log_it_says_so(self):
        self.assertIn("there is no audit log", self.run_once(code=74).stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
