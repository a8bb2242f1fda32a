"""The composition root: who is handed what. Everything is made once a process and injected by name."""
