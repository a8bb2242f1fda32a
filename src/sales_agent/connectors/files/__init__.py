"""Files that may be offered to a prospect."""
