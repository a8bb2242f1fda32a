"""Measures this checkout on this machine beside plain peers that do the same work with less care; prints ratios."""
