"""Tasks and notes written to the customer records."""
