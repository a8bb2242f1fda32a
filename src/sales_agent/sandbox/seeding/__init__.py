"""Fills a new world from the data set, with every date counted from the sandbox's present."""
