"""HTTP doors to sends: what became of each, what is left of the limits, and the answer to "did this arrive?"."""

from typing import Annotated, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request

from sales_agent.access.auth.dependencies import open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.config import Settings
from sales_agent.controls.sending_policy import SendingPolicy, read_sending_policy
from sales_agent.controls.settings import SellerProfile, read_profile
from sales_agent.controls.suppression_entries import address_digest
from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.clock import SystemClock
from sales_agent.kit.db import Database
from sales_agent.kit.errors import InvalidInput
from sales_agent.kit.pagination import DEFAULT_LIMIT, MAX_LIMIT, Cursor
from sales_agent.pipeline.sending.answers import answer
from sales_agent.pipeline.sending.hours import day_of, iso_week_of
from sales_agent.pipeline.sending.models import SendStatus
from sales_agent.pipeline.sending.quotas import remaining
from sales_agent.pipeline.sending.repository import QuotaRepository, SendRepository
from sales_agent.pipeline.sending.schemas import ArrivalAnswer, RemainingQuota, SendPage, ShownSend

router = APIRouter(tags=["sending"])

Reader = Annotated[Principal, Depends(require(Scope.READ))]
Operator = Annotated[Principal, Depends(require(Scope.OPERATE))]
Store = Annotated[Database, Depends(open_database)]

# The longest address mail can be sent to.
LONGEST_ADDRESS = 320


class RecipientNoAddress(InvalidInput):
    """A limit counts mails to an address; this is none: write ada@fabrikam.example."""


@router.get("/api/sends")
async def list_sends(
    caller: Reader,
    database: Store,
    cursor: Annotated[str | None, Query(description="The next_cursor of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Sends a page.")] = DEFAULT_LIMIT,
    status: Annotated[SendStatus | None, Query(description="Only sends that stand so.")] = None,
    draft_id: Annotated[UUID | None, Query(description="Only sends of this draft.")] = None,
) -> SendPage:
    """Sends, newest first; each held one says why and what would let it go."""
    after = Cursor.decode(cursor) if cursor else None
    async with database.transaction(caller.tenant_id) as session:
        page = await SendRepository(session, caller.tenant_id).page(
            status=status, draft_id=draft_id, after=after, limit=limit
        )
    items = [ShownSend.model_validate(send, from_attributes=True) for send in page.rows]
    return SendPage(items=items, next_cursor=page.next_cursor)


@router.post("/api/operator/drafts/{draft_id}/arrival")
async def answer_arrival(draft_id: UUID, body: ArrivalAnswer, caller: Operator, database: Store) -> ShownSend:
    """Say whether a mail arrived of which the mailbox shows no trace. If it did not, it may be sent anew."""
    async with database.transaction(caller.tenant_id) as session:
        await answer(session, caller.tenant_id, draft_id, arrived=body.arrived, actor=caller.actor)
        send = await SendRepository(session, caller.tenant_id).newest(draft_id)
    return ShownSend.model_validate(send, from_attributes=True)


@router.get("/api/operator/quota/{email}")
async def get_quota(
    email: Annotated[str, Path(max_length=LONGEST_ADDRESS, description="The person a mail would go to.")],
    caller: Reader,
    database: Store,
    request: Request,
) -> RemainingQuota:
    """What is left of the limits at this moment, for the mailbox and for one person."""
    if not canonical_address(email):
        raise RecipientNoAddress
    settings, now = cast("Settings", request.app.state.settings), SystemClock().now()
    async with database.transaction(caller.tenant_id) as session:
        seller = await read_profile(session, caller.tenant_id, SellerProfile.default(settings))
        policy = await read_sending_policy(session, caller.tenant_id, SendingPolicy.default(settings))
        zone = ZoneInfo(seller.time_zone)
        counted = await QuotaRepository(session, caller.tenant_id).counted(
            canonical_address(seller.email),
            address_digest(email),
            day=day_of(now, zone),
            week=iso_week_of(now, zone),
            now=now,
        )
    left = remaining(counted, policy)
    return RemainingQuota(
        remaining_today=left.today,
        remaining_this_week=left.this_week,
        remaining_for_contact=left.for_contact,
        max_emails_per_day=policy.max_emails_per_day,
        max_emails_per_week=policy.max_emails_per_week,
        max_emails_per_contact_per_week=policy.max_emails_per_contact_per_week,
    )
