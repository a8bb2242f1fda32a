"""The queue: jobs in PostgreSQL, carried by Celery, claimed under a lease."""
