"""What is known: leads, conversations, assets, memory, activities."""
