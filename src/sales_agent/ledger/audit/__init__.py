"""The audit trail: events, the chain that seals them, its verification."""
