"""API keys and the principal behind a request."""
