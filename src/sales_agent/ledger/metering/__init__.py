"""What a lead cost in tokens."""
