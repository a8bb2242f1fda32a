"""Gmail: one implementation of the mail ports."""
