"""What the outward writes of a send are called for ever."""

from uuid import UUID


def send_key(send_id: UUID) -> str:
    """The key of the one call that carries a send out."""
    return f"send:{send_id}"
