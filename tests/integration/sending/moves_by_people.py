"""What people do: operators at their desk, leads who write, and whoever works in the mailbox's own window."""

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sales_agent.sandbox.client import SandboxRefused
from sales_agent.sandbox.seller import SELLER
from tests.integration.sending.play import Play, said
from tests.integration.sending.witness import Consent, Paper

# What came of it. The number says which of its ways a move goes.
Move = Callable[[Play, Paper, int], Awaitable[str]]


def approving(read: str, *, sends: bool) -> Move:
    """`read`: the words as last seen, whatever words there are, or words that are not the newest."""

    async def approve(play: Play, paper: Paper, way: int) -> str:
        del way
        asked, day, newest = time.time(), play.now, paper.newest
        version = {"seen": newest, "whatever": None, "stale": newest - 1 or newest + 1}[read]
        status, answer = await play.post_to(paper, "approve", {"version": version, "send": sends})
        if status == 200:
            approved = answer["approved_version"]
            if version not in {None, approved}:
                play.wrongs.append(f"version {version} was to be approved, and {approved} was")
            paper.consents.append(Consent(approved, play.witness.step, asked, day))
        return said((status, answer))

    return approve


async def send(play: Play, paper: Paper, way: int) -> str:
    """Whoever sends what a rule has let go approves it."""
    del way
    asked, day = time.time(), play.now
    status, answer = await play.post_to(paper, "send")
    is_taken_over = status == 200 and paper.consents and paper.consents[-1].rule is not None
    if is_taken_over and not answer["approved_by"].startswith("rule:"):
        paper.consents.append(Consent(answer["approved_version"], play.witness.step, asked, day))
    return said((status, answer))


async def edit(play: Play, paper: Paper, way: int) -> str:
    del way
    subject = play.new_words()
    body = f"Hi Ada,\n\nHow many people would plan with it?\n\nBest regards,\n{SELLER.name}"
    status, answer = await play.post_to(paper, "edit", {"subject": subject, "body": body})
    if status == 200:
        paper.words[answer["version"]] = (answer["subject"], answer["body"])
        play.wrongs += [] if (subject, body) == (answer["subject"], answer["body"]) else ["other words than typed"]
        play.witness.end_consents(paper, time.time(), before_version=answer["version"])
    return said((status, answer))


async def edit_and_send(play: Play, paper: Paper, way: int) -> str:
    """Whoever was let go on before they changed the words is not let go on after it."""
    return f"{await edit(play, paper, way)}, then {await send(play, paper, way)}"


def ending(action: str, **body: Any) -> Move:
    """A decision that ends the approval of a draft."""

    async def end(play: Play, paper: Paper, way: int) -> str:
        del way
        later = {"until": (play.now + dt.timedelta(hours=1)).isoformat()} if action == "snooze" else {}
        status, answer = await play.post_to(paper, action, {**body, **later} or None)
        if status == 200:
            play.witness.end_consents(paper, time.time())
        return said((status, answer))

    return end


async def wake(play: Play, paper: Paper, way: int) -> str:
    del way
    return said(await play.post_to(paper, "wake"))


async def answer_arrival(play: Play, paper: Paper, way: int) -> str:
    """A person who was asked looks, and says what is true."""
    del way
    sent = await asyncio.to_thread(play.office.sandbox.state, "sent")
    arrived = any(paper.address in mail["to"] for mail in sent)
    return said(await play.post_to(paper, "arrival", {"arrived": arrived}))


async def lead_writes(play: Play, paper: Paper, way: int) -> str:
    del way
    await asyncio.to_thread(
        play.office.sandbox.deliver, sender=paper.address, subject="One more thing", text="Please wait."
    )
    play.witness.written_to.append((paper.address, play.witness.step))
    return "done"


async def at_the_mailbox(play: Play, paper: Paper, way: int) -> str:
    """Ways: a person changes the words, sends, or throws away one of our drafts in the mailbox's own window."""
    drafts = await asyncio.to_thread(play.office.sandbox.state, "drafts")
    lying = next((draft["id"] for draft in drafts if paper.address in draft["message"]["to"]), None)
    if lying is None:
        return "nothing there"
    try:
        if way % 3 == 0:
            await play.in_mailbox("gmail/ui-edit-draft", draft_id=lying, text=f"We give {way} % off.")
            return "changed"
        if way % 3 == 1:
            sent = await play.in_mailbox("gmail/ui-send-draft", draft_id=lying)
            play.witness.by_hand[sent["id"]] = (paper.address, play.witness.step)
            return "sent"
        await play.in_mailbox("gmail/ui-delete-draft", draft_id=lying)
    except SandboxRefused:
        return "too late"
    return "thrown away"


async def suppress(play: Play, paper: Paper, way: int) -> str:
    address = paper.address.upper() if way % 2 else paper.address
    status, _ = await play.post("/api/admin/suppressions", {"address": address, "reason": "manual"})
    assert status == 200
    play.witness.suppressed.setdefault(paper.address, play.witness.step)
    return "done"
