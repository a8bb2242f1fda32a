"""A row of the workflow's table, and how a step gets what it names."""

import inspect
import types
import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter

from sales_agent.pipeline.workflow.state import RunState


class Need(StrEnum):
    """Must: retried, then the run fails into the dead-letter queue. May: retried, then the run goes on without it."""

    MUST = "must"
    MAY = "may"


class Checkpoint(StrEnum):
    """When a step's output must be durable: at once (costly or outward), or with the next that must."""

    AT_ONCE = "at_once"
    WITH_NEXT = "with_next"


class UnknownNeed(TypeError):
    """A step names a parameter that nobody provides."""


@dataclass(frozen=True)
class Step:
    """One row: number, function, the field of RunState it fills, Must or May, and the steps it comes after.

    `limit_seconds` bounds one attempt. `outward`: makes outward writes, so everything before it is made durable first.
    """

    number: float
    run: Callable[..., Awaitable[Any]]
    gives: str
    need: Need
    after: tuple[str, ...] = ()
    checkpoint: Checkpoint = Checkpoint.AT_ONCE
    limit_seconds: float = 60.0
    outward: bool = False
    without_it: str = ""

    @property
    def name(self) -> str:
        """The function's name is the step's name everywhere."""
        return self.run.__name__

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """The parameters the function names."""
        return tuple(inspect.signature(self.run).parameters)

    @cached_property
    def output(self) -> TypeAdapter[Any]:
        """Reads and writes this step's output as JSON."""
        annotation = typing.get_type_hints(RunState)[self.gives]
        options = [option for option in typing.get_args(annotation) if option is not types.NoneType]
        return TypeAdapter(options[0])

    def call(self, provided: Mapping[str, Any], state: RunState) -> Awaitable[Any]:
        """The function with what it names: a field of the state, or one of the things provided."""
        arguments: dict[str, Any] = {}
        for name in self.needs:
            if name in provided:
                arguments[name] = provided[name]
            elif hasattr(state, name):
                arguments[name] = getattr(state, name)
            else:
                raise UnknownNeed(f"step {self.name} names {name}, which nobody provides")
        return self.run(**arguments)
