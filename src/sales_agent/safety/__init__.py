"""Judges a draft before anybody may see it go: pure functions over words, no data, no hands."""
