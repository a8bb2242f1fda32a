"""Sales Agent: turns form submissions into checked, evidence-backed e-mail drafts."""
