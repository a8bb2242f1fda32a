"""What worked with whom: structured facts found again by similarity."""
