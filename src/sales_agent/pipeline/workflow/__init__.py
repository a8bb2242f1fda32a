"""The durable 13-step workflow of a form lead."""
