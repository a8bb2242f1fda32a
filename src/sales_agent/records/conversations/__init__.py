"""Cached mail threads and their messages."""
