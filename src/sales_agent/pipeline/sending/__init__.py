"""Letting an approved draft go: gates, quotas, one call, and proof of what came of it."""
