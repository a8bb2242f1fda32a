"""Where submissions come in: signature, form, one durable transaction."""
