"""Finds things in text that patterns alone cannot tell apart: numbers of people, secrets, links, facts."""
