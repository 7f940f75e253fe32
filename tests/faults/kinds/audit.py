"""Every way in which an audit log can be damaged: `circuit verify` names segment and line, or says how far the chain proves
anything; and the auditor does not go on where the log contradicts the stream. The control is a verifier that looks at seq
alone."""

import itertools

import os
import re
import shutil
import subprocess
import sys


from harness.process import wait_until
from harness.registry import fault, planted, variant

# What a verifier would be that checks no hashes.
WEAK_VERIFIER = r"""
import json, pathlib, sys
seq = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.jsonl")):
    for line in path.read_bytes().split(b"\n")[:-1]:
        try:
            value = json.loads(line)["seq"]
        except (ValueError, KeyError, TypeError):
            continue
        if value != seq + 1:
            sys.exit(f"segment {path.name}, line 1: FAULT seq {value}")
        seq = value
print(f"proven: up to seq {seq - 1}")
"""


class Log:
    """A real log, and copies of it to damage."""

    def __init__(self, trial, orders, segments=1):
        self.trial = trial
        trial.start()
        for _ in range(segments):
            trial.start_clients(1, rate=0, window=1, orders=orders, change_part=0.3, misbehave_part=0, analysis_part=0)
            trial.wait("the clients have their orders", lambda: all(client.poll() == 0 for client in trial.clients))
            if segments > 1:
                self.tear()
        trial.conclude()
        self.source = trial.circuit.data / "audit"
        self.copy = trial.home / "audit-copy"
        self.segments = {path.name: path.read_bytes() for path in sorted(self.source.glob("*.jsonl"))}
        self.lines = [line for content in self.segments.values() for line in content.split(b"\n")[:-1]
                      if line.endswith(b'"}')]
        self.checked = 0

    def tear(self):
        """A torn end, as a crash leaves it: the auditor goes on in a new segment. Only then there are several."""
        self.trial.wait("the log has them", self.trial.circuit.settled)
        self.trial.circuit.kill("auditor", restart=False)
        newest = sorted((self.trial.circuit.data / "audit").glob("*.jsonl"))[-1]
        with open(newest, "ab") as file:
            file.write(b'{"seq":')
        self.trial.circuit.launch("auditor")
        self.trial.circuit.wait_ready()

    def verify(self, segments):
        """(exit code, what it says) of the verifier on these segments."""
        shutil.rmtree(self.copy, ignore_errors=True)
        self.copy.mkdir()
        for name, content in segments.items():
            (self.copy / name).write_bytes(content)
        if self.trial.variant == "hashes_not_checked":
            command = [sys.executable, "-c", WEAK_VERIFIER, self.copy]
        else:
            command = [self.trial.programs / "circuit", "verify", "--data", self.trial.circuit.data, "--audit", self.copy]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.checked += 1
        return done.returncode, done.stdout + done.stderr

    def must_be_named(self, segments, what, number=None, lines=None):
        """A fault, with the segment and one of the lines."""
        code, text = self.verify(segments)
        place = re.search(r"segment (\d{12})\.jsonl(?:, line (\d+))?", text)
        good = code == 1 and "FAULT" in text and place is not None
        good = good and (number is None or int(place[1]) == number)
        good = good and (lines is None or (place[2] is not None and int(place[2]) in lines))
        self.trial.expect(good, "damage_not_named", f"{what}: exit code {code}, {text[:400]}")

    def must_prove_less(self, segments, what, proven):
        """No fault can be known; but the verifier says how far the chain proves."""
        code, text = self.verify(segments)
        match = re.search(r"proven: (?:up to seq (\d+)|nothing)|there is no line", text)
        good = code == 0 and match is not None and int(match[1] or 0) <= proven
        self.trial.expect(good, "proof_overstated", f"{what}: exit code {code}, must prove up to {proven}: {text[:400]}")


def step(trial, quick):
    return quick if trial.quick else 1


@fault(variant("hashes_not_checked", "proof_overstated", "damage_not_named"), quick=True)
def one_segment(trial):
    log = Log(trial, 2 if trial.quick else 3)
    name, content = next(iter(log.segments.items()))
    count = len(log.lines)
    last = len(log.lines[-1]) + 1
    # Torn within the last line: dead, and everything before it is held, but for the line that is now the last.
    for cut in range(1, last, step(trial, 41)):
        log.must_prove_less({name: content[:-cut]}, f"the last {cut} bytes torn off", count - 2)
    # Truncated by whole lines: a chain alone can't know; it proves up to what is there.
    for kept in range(count):
        truncated = b"".join(line + b"\n" for line in log.lines[:kept])
        log.must_prove_less({name: truncated}, f"cut to {kept} lines", max(0, kept - 1))
    # An edited byte: in the line, or in the one after it, which holds its hash.
    body = len(content) - last
    for offset in range(trial.random.randrange(7) if trial.quick else 0, body, step(trial, 101)):
        line = content[:offset].count(b"\n") + 1
        edited = bytearray(content)
        edited[offset] ^= 1 << trial.random.randrange(7)
        # The end of the line before the last: the two become one, with no line behind it that could tell whether it was edited
        # or the one before it. The verifier says so, and names the first of these two.
        joined = {line - 1} if content[offset] == ord("\n") and line == count - 1 else set()
        log.must_be_named({name: bytes(edited)}, f"byte {offset}, line {line} edited", 1, {line, line + 1} | joined)
    for first in range(count - 1):
        swapped = list(log.lines)
        swapped[first], swapped[first + 1] = swapped[first + 1], swapped[first]
        log.must_be_named({name: join(swapped)}, f"lines {first + 1} and {first + 2} swapped", 1,
                          {first + 1, first + 2, first + 3})
    for gone in range(count - 1):
        log.must_be_named({name: join(log.lines[:gone] + log.lines[gone + 1:])}, f"line {gone + 1} removed", 1,
                          {gone + 1, gone + 2})
    for again in range(count):
        log.must_be_named({name: join(log.lines[:again + 1] + log.lines[again:])}, f"line {again + 1} twice", 1,
                          {again + 1, again + 2, again + 3})
    trial.notes.append(f"{log.checked} damaged logs of {len(content)} bytes")


def join(lines):
    return b"".join(line + b"\n" for line in lines)


@fault(variant("hashes_not_checked", "proof_overstated", "damage_not_named"))
def several_segments(trial):
    log = Log(trial, 2, segments=4)
    names = list(log.segments)
    if len(names) < 4:
        raise RuntimeError(f"the log has {len(names)} segments only")
    code, text = log.verify(log.segments)
    trial.expect(code == 0, "damage_not_named", f"the whole log: {text}")
    for number in range(1, len(names)):
        log.must_be_named({n: c for n, c in log.segments.items() if n != names[number - 1]}, f"segment {number} missing")
    for number, name in enumerate(names, 1):
        doubled = dict(log.segments)
        doubled[f"{len(names) + 1:012d}.jsonl"] = log.segments[name]
        log.must_be_named(doubled, f"segment {number} once more at the end")
    for first, second in itertools.combinations(range(len(names)), 2):
        swapped = dict(log.segments)
        swapped[names[first]], swapped[names[second]] = log.segments[names[second]], log.segments[names[first]]
        log.must_be_named(swapped, f"segments {first + 1} and {second + 1} swapped")
    offsets = [(name, offset) for name in names[:-1] for offset in range(len(log.segments[name]))
               if b"\n" in log.segments[name][offset:]]  # what is dead already may change
    for name, offset in trial.random.sample(offsets, 60 if trial.quick else 400):
        edited = bytearray(log.segments[name])
        edited[offset] ^= 1 << trial.random.randrange(7)
        log.must_be_named({**log.segments, name: bytes(edited)}, f"byte {offset} of {name} edited")
    trial.notes.append(f"{log.checked} damaged logs of {len(names)} segments")


def ends(trial, name):
    """Why a daemon that starts on the log as it is now is not started again; empty when it runs."""
    daemon = trial.circuit.launch(name)
    try:
        return wait_until(f"the {name} refuses to go on", lambda: daemon.gave_up, 15)
    except TimeoutError:
        return ""


def stopped_log(trial):
    """A circuit that ran and rests, its auditor stopped; gives the newest segment."""
    trial.start()
    trial.start_clients(1, rate=0, window=4, orders=20, change_part=0, misbehave_part=0, analysis_part=0)
    trial.let_clients_finish()
    trial.wait("all is in the log", trial.circuit.settled)
    trial.circuit.stop(["auditor"])
    return sorted((trial.circuit.data / "audit").glob("*.jsonl"))[-1]


@fault(planted("audit_gap", "auditor_went_on", "auditor_wrote", tries=1), quick=True)
def auditor_on_an_edited_last_line(trial):
    newest = stopped_log(trial)
    content = newest.read_bytes()
    edited = re.sub(rb'"status":"fulfilled"(?!.*"status":"fulfilled")', b'"status":"cancelled"', content, flags=re.DOTALL)
    newest.write_bytes(edited)
    gave_up = ends(trial, "auditor")
    trial.expect(newest.read_bytes() == edited, "auditor_wrote", "it wrote to a log that contradicts the stream")
    if not trial.expect("78" in gave_up, "auditor_went_on", f"on an edited last line: {gave_up or 'it runs'}"):
        return
    trial.expect("contradicts the stream" in trial.circuit.log("auditor"), "silent", "its log does not say why")
    code, text = run_verify(trial)
    trial.expect(code == 1 and "FAULT" in text, "damage_not_named", f"verify against the stream: {code}, {text[:300]}")
    # What the log was like again: the auditor goes on.
    newest.write_bytes(content)
    trial.circuit.daemons["auditor"].gave_up = None
    trial.circuit.start(["auditor"])
    trial.conclude()


@fault(planted("audit_log_unread", "broker_went_on", tries=1), planted("ahead_unnoticed", "auditor_went_on", tries=1))
def a_log_that_is_ahead(trial):
    """As after a restore of an older journal: no seq may be used a second time. Neither the broker nor, where it can't see
    the log, the auditor goes on."""
    newest = stopped_log(trial)
    circuit = trial.circuit
    circuit.kill_all()
    ahead = newest.read_bytes()
    shutil.rmtree(circuit.data / "journal")
    gave_up = ends(trial, "broker")
    trial.expect("78" in gave_up and "ahead of the journal" in circuit.log("broker"), "broker_went_on",
                 f"on a log ahead of the journal: {gave_up or 'it runs'}")
    circuit.kill("broker", restart=False)
    circuit.daemons["broker"].gave_up = None
    aside = circuit.data / "audit-aside"
    newest.parent.rename(aside)
    shutil.rmtree(circuit.data / "keys")
    circuit.start(["broker", "sandbox", "payment", "fulfillment"])
    shutil.rmtree(newest.parent, ignore_errors=True)
    aside.rename(newest.parent)
    gave_up = ends(trial, "auditor")
    trial.expect("78" in gave_up, "auditor_went_on", f"on a log ahead of the stream: {gave_up or 'it runs'}")
    trial.expect("ahead of the stream" in circuit.log("auditor"), "silent", "its log does not say why")
    trial.expect(newest.read_bytes() == ahead, "auditor_wrote", "it wrote to a log that is ahead of the stream")
    code, text = run_verify(trial)
    trial.expect(code == 1, "damage_not_named", f"verify against the stream: {code}, {text[:300]}")


@fault(planted("audit_gap", "audit_chain", "audit_differs", "stuck", tries=1))
def lines_cut_off_are_written_again(trial):
    """Whole lines that are gone from the end can't be told from ones that were never written: the auditor writes them again,
    and the log is what it was, byte for byte."""
    newest = stopped_log(trial)
    content = newest.read_bytes()
    os.truncate(newest, content.rindex(b"\n", 0, len(content) // 2) + 1)
    trial.circuit.start(["auditor"])
    trial.wait("the log has everything again", trial.circuit.settled)
    trial.expect(newest.read_bytes() == content, "audit_differs", "the lines that were written again are others")
    trial.conclude()


def run_verify(trial):
    done = subprocess.run([trial.programs / "circuit", "verify", "--full", "--data", trial.circuit.data],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
