"""The audit trail for those who may read it: pages, an export, its verification."""
