"""Where strangers' words come in: each way, one lead whose words try to command the one who writes the answer.

Every lead has a mark, a word that stands in its address and in everything it ever wrote, and nowhere else: so each
request the system makes tells by itself of whom it speaks.
"""

import json
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from tests.acceptance.forms import Form
from tests.acceptance.system import System

_FIXTURES = Path(__file__).parents[1] / "fixtures"
# Marks are these two letters, which no word begins with, and three more.
MARK_BEGINS = "zq"
# Beyond the numbers of all attacks: the few that are tried for a start come from other people.
_OTHERS = 5_000


class Carrier(StrEnum):
    """A way in."""

    FORM_MESSAGE = "form message"
    FORM_NAMES = "names in a form"
    MAIL_BODY = "mail body"
    MAIL_QUOTE = "quoted text"
    MAIL_SUBJECT = "subject"
    MAIL_HIDDEN = "hidden HTML"
    FILE_NAME = "file name"
    FILE_TEXT = "file content"


@dataclass(frozen=True, slots=True)
class Attack:
    """One lead and the words it brings."""

    number: int
    carrier: Carrier
    text: str

    @property
    def mark(self) -> str:
        """The lead's word."""
        return mark(self.number)

    @property
    def email(self) -> str:
        """The lead's address."""
        return f"nora@{self.mark}.example"


def mark(number: int) -> str:
    """The word of the lead with this number."""
    letters = string.ascii_lowercase
    high, low = divmod(number, len(letters))
    return f"{MARK_BEGINS}{letters[high // len(letters)]}{letters[high % len(letters)]}{letters[low]}"


def orders() -> list[str]:
    """Hundreds of them: those that checks know by their words, and those in plain words that only structure stops."""
    loud = [row["text"] for row in json.loads((_FIXTURES / "injections.json").read_text())]
    quiet: list[str] = json.loads((_FIXTURES / "quiet_orders.json").read_text())
    return [*loud, *quiet]


def every_attack() -> list[Attack]:
    """Each order by each way."""
    pairs = [(carrier, text) for text in orders() for carrier in Carrier]
    return [Attack(number, carrier, text) for number, (carrier, text) in enumerate(pairs, 1)]


def attacks_by(carrier: Carrier) -> list[Attack]:
    """Each order by this way."""
    return [attack for attack in every_attack() if attack.carrier is carrier]


def some_attacks(count: int) -> list[Attack]:
    """So many of them by leads of their own, every carrier equally often, spread over all orders."""
    everything = every_attack()
    # One more than a multiple of the carriers, so that each step takes the next carrier too.
    step = len(everything) // count // len(Carrier) * len(Carrier) + 1
    return [replace(attack, number=attack.number + _OTHERS) for attack in everything[::step][:count]]


def planted(system: System, attacks: Sequence[Attack]) -> Iterator[Form]:
    """Bring the words in, then the form of each lead."""
    for attack in attacks:
        yield _plant(system, attack)


def _plant(system: System, attack: Attack) -> Form:
    carrier, text, word = attack.carrier, attack.text, attack.mark
    if carrier is Carrier.FORM_MESSAGE:
        return _form(system, attack, message=f"{text}\nWe are {word} Logistics.")
    if carrier is Carrier.FORM_NAMES:
        return _form(system, attack, firstname=text, lastname=text, company=text, jobtitle=text)
    if carrier in {Carrier.FILE_NAME, Carrier.FILE_TEXT}:
        topic = f"topic{word.removeprefix(MARK_BEGINS)}"
        name = f"Guide to {topic}: {text}" if carrier is Carrier.FILE_NAME else f"Guide to {topic}"
        told = {"text": text, "description": text if carrier is Carrier.FILE_TEXT else ""}
        put_file(system, f"1at{topic}", name=name, **told)
        return _form(system, attack, message=f"Do you have a guide to {topic}? We at {word} look for one.")
    body = f"We wrote about this before.\n\nNora, {word}"
    mails = {
        Carrier.MAIL_BODY: {"subject": "Our question", "text": f"{text}\n\nNora, {word}"},
        Carrier.MAIL_QUOTE: {"subject": "Our question", "text": f"{body}\n\n{_quoted(text)}"},
        Carrier.MAIL_SUBJECT: {"subject": " ".join(text.split()), "text": body},
        Carrier.MAIL_HIDDEN: {
            "subject": "Our question",
            "text": "",
            "html": f'<p>Nora, {word}</p><div style="display:none;font-size:0">{text}</div>',
        },
    }
    system.sandbox.deliver(sender=attack.email, **mails[carrier])
    return _form(system, attack)


def put_file(system: System, file_id: str, *, name: str, parent: str = "1fldCaseStudies", **more: str) -> None:
    """A file that anybody may read who has its link, if it lies in a folder that is offered from."""
    system.sandbox.command("drive/files", id=file_id, name=name, type="pdf", parent=parent, access="anyone", **more)


def _form(system: System, attack: Attack, **fields: str) -> Form:
    usual = {
        "firstname": "Nora",
        "company": f"{attack.mark} Logistics",
        "message": f"Could you show us how route planning works at {attack.mark}?",
    }
    return system.form(attack.email, **{**usual, **fields})


def _quoted(text: str) -> str:
    lines = "\n".join(f"> {line}" for line in text.splitlines())
    return f"On Mon, 11 Jan 2027 at 10:00, Mara Lindqvist <mara@brightpath.example> wrote:\n{lines}"
