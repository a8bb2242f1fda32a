"""Switches, tenant settings, suppressed addresses, and which workers are alive."""
