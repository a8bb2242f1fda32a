"""The team of a tenant: who may do what, and the keys of its programs."""
