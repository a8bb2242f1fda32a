"""Files that may be offered."""
