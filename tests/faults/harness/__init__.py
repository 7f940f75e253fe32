"""What the fault runs share: a circuit under a supervisor, clients that remember what they heard, mechanisms that break
things, and the runner. Nothing here links or imports the product."""
