"""The one door for outward writes: each is recorded before it is made, and never made twice."""
