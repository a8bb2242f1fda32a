"""What happened and what it cost, written once and never changed."""
