"""Doors for people that are no stage of the road."""
