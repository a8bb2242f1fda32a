"""The doors of the kill switch: stop, resume, status."""
