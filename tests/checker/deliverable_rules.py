"""What order_fulfilled says was made lies there, with the hash that it says."""

import hashlib


def check_deliverables(journal, directory, findings):
    for order_id, events in journal.by_order.items():
        fulfilled = next((e["data"] for e in reversed(events) if e["type"] == "order_fulfilled"), None)
        if fulfilled is None or fulfilled["deliverable"] != "files":
            continue
        for file in fulfilled["files"]:
            path = directory / order_id / fulfilled["directory"] / file["name"]
            try:
                content = path.read_bytes()
            except OSError as error:
                findings.add("missing_deliverable", f"{path}: {error.strerror}")
                continue
            if len(content) != file["size"] or hashlib.sha256(content).hexdigest() != file["sha256"]:
                findings.add("wrong_deliverable", f"{path} is not what was delivered")
        if not fulfilled["files"]:
            findings.add("missing_deliverable", f"{order_id} was fulfilled with files, and names none")
