"""The audit log, by its public description alone (schema/audit_line.hpp, README): JSON lines in numbered segments, each with
the SHA-256 of the line before it. What a crash tore is dead if the log goes on, in the next segment, from the last good
line; and so is a torn end of the log."""

import datetime
import hashlib
import json
import re

NO_LINE = "0" * 64
EPOCH = datetime.datetime(1970, 1, 1)


def read_audit(directory, findings):
    """Gives the good lines, parsed and in order. Everything else is a finding, or dead."""
    count = 0
    prev = NO_LINE
    torn = None  # where dead bytes began, until the log goes on behind them
    numbers = sorted(int(path.stem) for path in directory.glob("*.jsonl") if re.fullmatch(r"\d{12}", path.stem))
    if numbers != list(range(1, len(numbers) + 1)):
        findings.add("audit_chain", f"segments are {numbers[:5]} … {numbers[-1]}, not 1 to {len(numbers)}")
    for number in numbers:
        for index, raw in enumerate(lines_of(directory / f"{number:012d}.jsonl"), 1):
            line = parse(raw) if raw else None
            if line is None or line["seq"] != count + 1 or line["prev"] != prev:
                torn = torn or (number, index, raw, line)
                break  # whether the rest is dead is shown by the next segment
            if torn and not looks_torn(torn):
                findings.add("audit_chain", f"segment {torn[0]}, line {torn[1]}: not what a crash leaves")
            torn = None
            count += 1
            yield line
            prev = hashlib.sha256(raw).hexdigest()
    if torn and not looks_torn(torn):
        findings.add("audit_chain", f"segment {torn[0]}, line {torn[1]}: the chain ends here, behind seq {count}")


def lines_of(path):
    """Without their newlines; the last one may have had none."""
    with open(path, "rb") as file:
        for raw in file:
            yield raw[:-1] if raw.endswith(b"\n") else raw


def looks_torn(place):
    """A cut or never written line is what a crash leaves. A whole one of a later batch may follow such a hole."""
    return place[3] is None


def parse(raw):
    try:
        line = json.loads(raw)
        return line if isinstance(line.get("seq"), int) and isinstance(line.get("prev"), str) else None
    except (ValueError, AttributeError):
        return None


def time_text(ts_us):
    seconds, us = divmod(ts_us, 1_000_000)
    return (EPOCH + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S") + f".{us:06d}Z"


def check_audit(lines, journal, findings):
    """Every event has its line, and says the same."""
    second, head, count = None, None, 0
    for line in lines:
        count += 1
        if count > len(journal.events):
            continue
        event = journal.events[count - 1]
        seconds, us = divmod(event["ts"], 1_000_000)
        if seconds != second:
            second, head = seconds, time_text(event["ts"])[:19]
        if (line["seq"], line["event_type"], line["order_id"], line["status"], line["version"], line["data"], line["ts"]) != (
                event["seq"], event["type"], event["order_id"], event["status"], event["version"], event["data"],
                f"{head}.{us:06d}Z"):
            findings.add("audit_differs", f"seq {event['seq']}: the line says {line}, the event {event}")
    if count < len(journal.events):
        findings.add("audit_behind", f"the log ends with seq {count}, the journal with {len(journal.events)}")
    if count > len(journal.events):
        findings.add("audit_ahead", f"the log ends with seq {count}, the journal with {len(journal.events)}")
