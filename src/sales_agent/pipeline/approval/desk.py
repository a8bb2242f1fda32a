"""The desk at which operators act: one transaction an action, answered once a key, every refusal on record."""

import datetime as dt
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.principal import Principal
from sales_agent.controls.sending_policy import SendingPolicy, read_sending_policy
from sales_agent.controls.settings import SellerProfile, read_profile
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import Database
from sales_agent.kit.errors import AppError, Conflict, InvalidInput
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.approval.acting import Act
from sales_agent.pipeline.approval.idempotency_repository import IdempotencyRepository
from sales_agent.pipeline.approval.operator_schemas import OperatorDraft
from sales_agent.pipeline.approval.operator_view import shown_draft
from sales_agent.pipeline.drafting.actions import Caller, DraftAction

# Longer than any client tries again, short enough that a mail's words do not lie about twice.
ANSWERS_KEPT: Final = dt.timedelta(hours=24)
LONGEST_KEY: Final = 200

_OK: Final = 200
# Our own faults and outages refuse nobody.
_FIRST_FAULT: Final = 500


class IdempotencyKeyReused(Conflict):
    """This Idempotency-Key was used for another request; take a new key for a new request."""


class IdempotencyKeyInvalid(InvalidInput):
    """An Idempotency-Key has 1 to 200 visible ASCII characters; take a new UUID for each request."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for. `words`: everything in it that changes what is done, as JSON."""

    action: DraftAction
    draft_id: UUID
    key: str | None = None
    words: Mapping[str, object] = field(default_factory=dict[str, object])

    def digest(self, actor: str) -> str:
        """Names this very request by this very caller."""
        said = json.dumps([actor, self.action, str(self.draft_id), self.words], sort_keys=True, default=str)
        return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()


Work = Callable[[Act], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Desk:
    """`policy` and `seller` are those of a tenant that has changed nothing."""

    database: Database
    clock: Clock
    policy: SendingPolicy
    seller: SellerProfile

    async def act(self, caller: Principal, asked: Asked, work: Work) -> OperatorDraft:
        """Do it, or answer what was answered when it was done. `work` gives the sentence that says what happened.

        A refusal changes nothing, keeps no key, and is an audit event of its own. Raises what `work` raises,
        IdempotencyKeyReused, IdempotencyKeyInvalid.
        """
        if asked.key is not None and not (0 < len(asked.key) <= LONGEST_KEY and asked.key.isascii()):
            raise IdempotencyKeyInvalid
        try:
            async with self.database.transaction(caller.tenant_id) as session:
                return await self._answered(session, caller, asked, work)
        except AppError as error:
            if error.status < _FIRST_FAULT:
                await self._refused(caller, asked, error)
            raise

    async def undo_seconds(self, act: Act) -> float:
        """How long this tenant's sends can be taken back."""
        return (await read_sending_policy(act.session, act.tenant_id, self.policy)).undo_seconds

    async def seller_of(self, act: Act) -> SellerProfile:
        """In whose name this tenant writes."""
        return await read_profile(act.session, act.tenant_id, self.seller)

    async def _answered(self, session: AsyncSession, caller: Principal, asked: Asked, work: Work) -> OperatorDraft:
        requests = IdempotencyRepository(session, caller.tenant_id)
        if asked.key is not None:
            digest = asked.digest(caller.actor)
            before = await requests.begin(asked.key, route=asked.action, digest=digest)
            if before is not None:
                if before.digest != digest:
                    raise IdempotencyKeyReused
                return OperatorDraft.model_validate(before.response)
        act = Act(session, caller.tenant_id, asked.draft_id, caller.actor, self.clock.now())
        message = await work(act)
        answer = await shown_draft(session, caller.tenant_id, asked.draft_id, Caller.of(caller), message=message)
        if asked.key is not None:
            await requests.answer(asked.key, _OK, answer.model_dump(mode="json"))
        return answer

    async def _refused(self, caller: Principal, asked: Asked, error: AppError) -> None:
        entry = AuditEntry(
            "draft.action_refused",
            actor=caller.actor,
            subject=("draft", asked.draft_id),
            draft_id=asked.draft_id,
            facts={"action": asked.action, "code": error.code()},
        )
        async with self.database.transaction(caller.tenant_id) as session:
            await record(session, caller.tenant_id, entry)
