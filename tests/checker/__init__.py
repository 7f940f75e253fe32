"""Decides from the outside whether a run kept Circuit's promises. Shares no code with the product: it reads what clients
heard, what the provider's book, the journal's export, the audit log and the deliverables say, and compares them."""
