"""Tenants, the look-ups before a tenant is known, and their encrypted credentials."""
