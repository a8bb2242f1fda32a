"""HTTP doors behind an unsubscribe link. Open to whoever holds it: a mail program that clicks has no session with us.

There is no CSRF to guard against: no cookie is read, the token is the whole credential, and it opens nothing else.
"""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from sales_agent.console.unsubscribe import page
from sales_agent.console.unsubscribe.door import UnsubscribeDoor
from sales_agent.controls.unsubscribe import PATH
from sales_agent.kit.db import DatabaseUnavailable

# Pages for people and their mail programs: the description of the API is for those who have a key.
router = APIRouter(tags=["unsubscribe"], default_response_class=HTMLResponse, include_in_schema=False)

# A mail program that got no answer may well ask again; a person does.
_RETRY_AFTER = {"Retry-After": "60"}


def _door(request: Request) -> UnsubscribeDoor:
    return cast("UnsubscribeDoor", request.app.state.container.unsubscribe)


Door = Annotated[UnsubscribeDoor, Depends(_door)]


@router.get(PATH)
async def show_unsubscribe_page(token: str, door: Door) -> HTMLResponse:
    """A page with one button. Opening it changes nothing: scanners and previews open every link of a mail."""
    try:
        sender = await door.sender(token)
    except DatabaseUnavailable:
        return _later()
    return _unknown() if sender is None else _answer(page.question_page(sender.name, sender.language))


@router.post(PATH)
async def unsubscribe(token: str, door: Door) -> HTMLResponse:
    """One click (RFC 8058), from a mail program or the page's button: no more mails from this moment on.

    The body is not read. Whoever posts here means it, and an opt-out is not lost over its form.
    """
    try:
        sender = await door.unsubscribe(token)
    except DatabaseUnavailable:
        return _later()
    return _unknown() if sender is None else _answer(page.done_page(sender.name, sender.language))


def _answer(html: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(html, status_code=status, headers=page.HEADERS)


def _unknown() -> HTMLResponse:
    return _answer(page.unknown_page(), 404)


def _later() -> HTMLResponse:
    return HTMLResponse(page.later_page(), status_code=503, headers={**page.HEADERS, **_RETRY_AFTER})
