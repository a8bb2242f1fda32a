"""Outward writes that are held: reviewed, released, given up."""
