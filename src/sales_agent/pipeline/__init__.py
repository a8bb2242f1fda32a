"""The road of a lead: receive, queue, run, decide, send."""
