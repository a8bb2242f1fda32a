"""The thinkers: typed in, typed out, no data access and no hands."""
