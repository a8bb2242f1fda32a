"""What agents are handed: leads, mail, files, slots, voices; and a model that says what it is told to."""

import datetime as dt
from collections.abc import Mapping, Sequence

from sales_agent.agents.asset_hunter import RankedAsset, RankedAssets
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.meeting_slots import FindSlots, ProposedSlots, Slot
from sales_agent.agents.next_step import PlannedStep
from sales_agent.agents.zones import ZoneSource
from sales_agent.connectors.files.reader import FileEntry
from sales_agent.connectors.llm.port import Answer, NoAnswer, Prompt
from sales_agent.connectors.mail.reader import MailMessage, MailThread
from sales_agent.content import CallToAction, Voice

NOW = dt.datetime(2026, 11, 19, 10, tzinfo=dt.UTC)
LEAD = "anna.berg@acme.example"
SELLER = "tom@northwind.example"


class ScriptedModel:
    """A language model whose next answers are given; it keeps the prompts it was asked. None is no answer at all."""

    def __init__(self, *answers: Mapping[str, object] | None) -> None:
        self._answers = list(answers)
        self.prompts: list[Prompt] = []

    async def answer(self, prompt: Prompt) -> Answer:
        self.prompts.append(prompt)
        data = self._answers.pop(0)
        if data is None:
            raise NoAnswer("refused")
        return Answer(data, "scripted", input_tokens=11, output_tokens=7)


def make_lead(message: str = "", **form: str) -> LeadFacts:
    fields = {"email": LEAD, "firstname": "Anna", "lastname": "Berg", "company": "Acme GmbH", "message": message}
    return LeadFacts(LEAD, form={**fields, **form})


def make_voice(**changes: object) -> Voice:
    values: dict[str, object] = {
        "name": "default",
        "seller_name": "Tom Weber",
        "seller_email": SELLER,
        "company": "Northwind",
    }
    return Voice(**{**values, **changes})  # pyright: ignore[reportArgumentType]


def make_mail(number: int, sender: str, text: str, **changes: object) -> MailMessage:
    """Message `number` of a thread, sent that many hours after the first."""
    values: dict[str, object] = {
        "id": f"m{number}",
        "thread_id": "t1",
        "message_id_header": f"<m{number}@mail.example>",
        "references": "",
        "from_address": sender,
        "from_name": "",
        "to_addresses": (),
        "subject": "Northwind for your team",
        "sent_at": NOW - dt.timedelta(days=10) + dt.timedelta(hours=number),
        "text": text,
    }
    return MailMessage(**{**values, **changes})  # pyright: ignore[reportArgumentType]


def make_thread(*messages: MailMessage, thread_id: str = "t1") -> MailThread:
    return MailThread(thread_id, messages[0].subject if messages else "", messages)


def make_file(file_id: str, name: str, description: str = "", *, is_open: bool = True) -> FileEntry:
    return FileEntry(
        id=file_id,
        name=name,
        mime_type="application/pdf",
        link=f"https://drive.example/file/d/{file_id}/view",
        description=description,
        folder_id="folder",
        modified_at=NOW,
        anyone_with_link=is_open,
    )


def make_assets(*names: str) -> RankedAssets:
    """Readable files `f1`, `f2`, ... in this order."""
    link = "https://drive.example/file/d/f{0}/view"
    best = (RankedAsset(f"f{n}", name, link.format(n), 0.5, "about it") for n, name in enumerate(names, 1))
    return RankedAssets(best=tuple(best))


def make_slots(count: int = 3, *, is_known: bool = True) -> ProposedSlots:
    starts = [NOW + dt.timedelta(days=day) for day in range(1, count + 1)]
    slots = (Slot(start, start + dt.timedelta(minutes=30), f"slot label {n}") for n, start in enumerate(starts, 1))
    source = ZoneSource.PHONE if is_known else ZoneSource.SELLER
    return ProposedSlots("Europe/Berlin", source, is_known, tuple(slots))


def make_plan(call: CallToAction = CallToAction.MEETING, **changes: object) -> PlannedStep:
    values: dict[str, object] = {
        "call_to_action": call,
        "reason": "They asked.",
        "policy": "question",
        "allowed": (call,),
        "uses_slots": True,
    }
    return PlannedStep(**{**values, **changes})  # pyright: ignore[reportArgumentType]


def make_search(**changes: object) -> FindSlots:
    values: dict[str, object] = {"now": NOW, "seller_zone": "Europe/Berlin", "seller_country": "DE", "busy": ()}
    return FindSlots(**{**values, **changes})  # pyright: ignore[reportArgumentType]


def said(kind: str, text: str, evidence: Sequence[str] = (), paragraph: int = 1) -> dict[str, object]:
    """One sentence as a model would propose it."""
    return {"type": kind, "text": text, "evidence_ids": list(evidence), "paragraph": paragraph}


def proposal(*sentences: Mapping[str, object], subject: str = "Your message") -> Mapping[str, object]:
    """A model's answer to the task draft."""
    return {"subject": subject, "sentences": list(sentences)}
