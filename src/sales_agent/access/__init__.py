"""Who is asking: tenants, their secrets, and the keys people and programs come with."""
