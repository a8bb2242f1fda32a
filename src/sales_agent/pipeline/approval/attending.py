"""Working on drafts together: whose draft it is, who has it open, and what they tell each other."""

import datetime as dt
from typing import Final
from uuid import UUID

from sales_agent.access.auth.principal import HOLDS, Scope
from sales_agent.access.auth.roles import SCOPE_OF, Role
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.kit.errors import Conflict, InvalidInput
from sales_agent.pipeline.approval.acting import Act
from sales_agent.pipeline.drafting.actions import DraftAction
from sales_agent.pipeline.drafting.note_repository import NoteRepository

# Long enough to read a draft and decide; a screen left open does not keep others away.
CLAIM_LASTS: Final = dt.timedelta(minutes=2)


class DraftClaimedByAnother(Conflict):
    """Somebody else has this draft open; wait until their claim ends, or act all the same: a claim locks nothing."""


class AssigneeUnknown(InvalidInput):
    """There is no such user here who may decide about drafts; choose an operator, an admin or an owner."""


class AssigneeDisabled(InvalidInput):
    """This user is disabled and cannot sign in; choose another, or enable the user first."""


async def claim(act: Act) -> None:
    """Say that this person has the draft open, for two minutes from now. Raises DraftClaimedByAnother."""
    draft, words = await act.opened(DraftAction.CLAIM)
    _require_free(draft.claimed_by, draft.claimed_until, act)
    until = act.now + CLAIM_LASTS
    await act.drafts.change(act.draft_id, claimed_by=act.actor, claimed_until=until)
    if draft.claimed_by != act.actor:  # a renewal is nothing that happened
        await act.recorded("draft.claimed", words.version)


async def release_claim(act: Act) -> None:
    """Say that this person is done with it; where they did not have it, nothing changes."""
    draft, words = await act.opened(DraftAction.RELEASE_CLAIM)
    _require_free(draft.claimed_by, draft.claimed_until, act)
    if draft.claimed_by is not None:
        await act.drafts.change(act.draft_id, claimed_by=None, claimed_until=None)
        await act.recorded("draft.claim_released", words.version)


async def assign(act: Act, user_id: UUID | None) -> None:
    """Make it this user's draft, or nobody's. Raises AssigneeUnknown, AssigneeDisabled."""
    _, words = await act.opened(DraftAction.ASSIGN)
    if user_id is not None:
        user = await UserRepository(act.session, act.tenant_id).get(user_id)
        if user is not None and user.disabled_at is not None:
            raise AssigneeDisabled(user_id=user_id)
        if user is None or Scope.OPERATE not in HOLDS[SCOPE_OF[Role(user.role)]]:
            raise AssigneeUnknown(user_id=user_id)
    await act.drafts.change(act.draft_id, assigned_to=user_id)
    await act.recorded("draft.assigned", words.version, user_id=str(user_id) if user_id else None)


async def note(act: Act, text: str) -> UUID:
    """Tell the others something about the draft; the id of the note."""
    _, words = await act.opened(DraftAction.NOTE)
    note_id = await NoteRepository(act.session, act.tenant_id).add(act.draft_id, author=act.actor, text=text)
    await act.recorded("draft.noted", words.version, note_id=str(note_id))
    return note_id


def _require_free(claimed_by: str | None, until: dt.datetime | None, act: Act) -> None:
    if claimed_by is not None and claimed_by != act.actor and until is not None and until > act.now:
        raise DraftClaimedByAnother(claimed_by=claimed_by, claimed_until=until.isoformat())
