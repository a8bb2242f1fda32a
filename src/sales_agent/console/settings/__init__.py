"""The doors to a tenant's switches, settings and flags, and to what they were before."""
