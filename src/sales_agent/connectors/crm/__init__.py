"""Customer records: contacts, companies, deals, tasks, notes."""
