"""What every door for operators asks of a request: who, the desk, the words they have read, the key of the request."""

from collections.abc import Mapping
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from sales_agent.access.auth.dependencies import require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.pipeline.approval.acting import Expected
from sales_agent.pipeline.approval.desk import Asked, Desk, Work
from sales_agent.pipeline.approval.operator_schemas import OperatorDraft, WordsRead
from sales_agent.pipeline.drafting.actions import DraftAction

Operator = Annotated[Principal, Depends(require(Scope.OPERATE))]
Reader = Annotated[Principal, Depends(require(Scope.READ))]


def open_desk(request: Request) -> Desk:
    """The desk of the application."""
    return cast("Desk", request.app.state.container.desk)


OpenDesk = Annotated[Desk, Depends(open_desk)]


class Knock:
    """One request at a door: who asks the desk for what, and how the answer goes back."""

    def __init__(  # FastAPI fills these in, each from its own part of the request
        self,
        caller: Operator,
        desk: OpenDesk,
        response: Response,
        if_match: Annotated[str | None, Header(description="The ETag of the words you have read.")] = None,
        idempotency_key: Annotated[
            str | None, Header(description="Of your making, new for each request: sent again, nothing is done twice.")
        ] = None,
    ) -> None:
        self.desk = desk
        self._caller = caller
        self._response = response
        self._if_match = if_match
        self._key = idempotency_key

    def expected(self, body: WordsRead | None) -> Expected:
        """The words the caller has read."""
        return Expected.of(self._if_match, body.version if body else None, body.body_hash if body else None)

    async def act(self, action: DraftAction, draft_id: UUID, body: BaseModel | None, work: Work) -> OperatorDraft:
        """Do it in one transaction; the ETag of the answer names the words as they are now."""
        words: Mapping[str, object] = body.model_dump(mode="json", exclude_unset=True) if body is not None else {}
        asked = Asked(action, draft_id, self._key, {**words, "if_match": self._if_match})
        answer = await self.desk.act(self._caller, asked, work)
        self._response.headers["ETag"] = answer.etag
        return answer


AtTheDoor = Annotated[Knock, Depends()]
