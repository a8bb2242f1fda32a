"""The one interface of every agent: check what came in, then think; nothing else."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from sales_agent.kit.errors import InvalidInput

In = TypeVar("In")
Out = TypeVar("Out")


class AgentInputInvalid(InvalidInput):
    """An agent was handed something it cannot work with."""


class Agent(ABC, Generic[In, Out]):
    """Turns one typed request into one typed answer. It reads no store and calls nobody but a language model.

    Answers are plain frozen dataclasses, so that a checkpoint can hold them as JSON and give them back equal.
    """

    @abstractmethod
    def validate_input(self, request: In) -> None:
        """Raise AgentInputInvalid that names what is wrong with the request."""

    async def execute(self, request: In) -> Out:
        """Check the request, then answer it. Raises AgentInputInvalid, and the errors of the model behind it."""
        self.validate_input(request)
        return await self._think(request)

    @abstractmethod
    async def _think(self, request: In) -> Out:
        """The work itself; the request has been checked."""


def require(*, holds: bool, otherwise: str) -> None:
    """Raise AgentInputInvalid with the sentence `otherwise` unless the condition holds."""
    if not holds:
        raise AgentInputInvalid(otherwise)
