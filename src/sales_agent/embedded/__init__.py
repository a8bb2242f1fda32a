"""The embedded PostgreSQL and Redis, and the supervisor that runs them and our own parts in one command."""
