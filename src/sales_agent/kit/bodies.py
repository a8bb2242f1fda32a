"""The base of every body a door takes: a misspelled name is refused, not passed over as if it had been heeded."""

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """Refuses names it does not know; the words of an error never repeat what was sent."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
