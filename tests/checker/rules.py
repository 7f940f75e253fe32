"""All rules over one run. A run is a directory:

    client-*.jsonl, heard-*.jsonl   what clients and listeners know (history.py)
    export.jsonl                    the journal (journal.py)
    run.json                        optional: {"data": DIRECTORY, "manual": BOOLEAN}
    data/ or the directory named    sandbox/ledger.jsonl, audit/, deliverables/
"""

import gc
import json

from .audit import check_audit, read_audit
from .deliverable_rules import check_deliverables
from .findings import Findings
from .history import read_history
from .journal import read_journal
from .ledger import read_ledger
from .money_rules import check_charges, check_totals
from .order_rules import check_changes, check_creations, check_heard, check_paths, check_progress, check_sequence
from .transitions import read_table


def check_run(directory, data=None):
    """Raises ValueError or OSError when the run can't be read."""
    # Millions of small objects, none in a cycle: looking for cycles among them would take most of the time.
    gc.disable()
    try:
        return check(directory, data)
    finally:
        gc.enable()


def check(directory, data):
    options = directory / "run.json"
    run = json.loads(options.read_text(encoding="utf-8")) if options.exists() else {}
    data = data or directory / run.get("data", "data")
    findings = Findings()
    history = read_history(directory)
    journal = read_journal(directory / "export.jsonl")
    ledger = read_ledger(data / "sandbox" / "ledger.jsonl", findings)
    check_sequence(journal, findings)
    check_paths(journal, read_table(), findings)
    check_creations(history, journal, findings)
    check_changes(history, journal, findings)
    heard = check_heard(history, journal, findings)
    check_progress(journal, run.get("manual", False), findings)
    check_charges(ledger, journal, findings)
    check_totals(ledger, journal, findings)
    check_audit(read_audit(data / "audit", findings), journal, findings)
    check_deliverables(journal, data / "deliverables", findings)
    summary = {"events": len(journal.events), "orders": len(journal.by_order), "attempts": len(history.creates),
               "changes": len(history.changes), "heard": heard, "charges": len(ledger.charges),
               "attention": len(journal.attention)}
    return findings, summary
