"""The answers about held writes, and what is sent to release them."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from sales_agent.effects.models import EffectStatus
from sales_agent.kit.bodies import Body
from sales_agent.kit.pagination import MAX_LIMIT


class WaitsFor(BaseModel):
    """The write that must be made before this one."""

    id: UUID
    kind: str
    status: EffectStatus


class Release(BaseModel):
    """That somebody asked for it: `ended_at` is empty until it was tried; how that went is in `status`."""

    requested_at: dt.datetime
    requested_by: str
    ended_at: dt.datetime | None


class EffectItem(BaseModel):
    """One outward write: what it would write, why it waits, what would let it go."""

    id: UUID
    kind: str
    title: str = Field(description="What it does, in a few words.")
    status: EffectStatus
    run_id: UUID | None
    payload: dict[str, object] = Field(description="What would be written, as it would be written.")
    digest: str = Field(description="SHA-256 over id, kind, dependency and payload: what a reviewer has seen.")
    is_releasable: bool = Field(description="Whether it can be released here and now. Mails leave with their draft.")
    forbidden_because: str | None = Field(description="What forbids it at this moment: releasing it is answered 409.")
    held_because: str | None
    released_when: str | None = Field(description="What would let it go.")
    waits_for: WaitsFor | None
    error: str | None = Field(description="What the provider said, where it refused.")
    since: dt.datetime
    expires_at: dt.datetime | None = Field(description="Held longer than this it is closed unmade.")
    release: Release | None


class EffectPage(BaseModel):
    """A page, oldest first, so that what others wait for comes before them."""

    items: list[EffectItem]
    next_cursor: str | None
    reviewed: str = Field(
        description="SHA-256 over the digests of the releasable items, sorted, a line each: sent back with their ids, "
        "it says that exactly this was reviewed."
    )


class ReleaseBody(Body):
    """A batch that somebody has reviewed."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_LIMIT)]
    reviewed: str = Field(description="The digest over what was reviewed, as `EffectPage.reviewed` is made.")


class ReleaseAnswer(BaseModel):
    """A job will judge each write again and make it, one after the other."""

    status: str = "release_requested"
    ids: list[UUID]
    task_id: UUID
    status_url: str


class GivenUp(BaseModel):
    """The write will never be made."""

    status: str = "cancelled"
    id: UUID
