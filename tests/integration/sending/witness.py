"""Knows what was answered and when, never what the house's own tables say, and judges every mail that left by it."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sales_agent.sandbox.seller import SELLER

ZONE = ZoneInfo(SELLER.time_zone)
WEEK = dt.timedelta(hours=168)

# The first line of what stands below the words of every mail.
_BELOW = "\n\n-- \n"

# The sandbox tells the millisecond in which a mail left, rounded down.
_ROUNDED = 0.001

_FORBIDDING = frozenset({"draft_only", "allow_real_sends"})
_FORBIDDING_RULES = _FORBIDDING | {"auto_approve_enabled", "operator_approval_required"}

_LIMITS = ("max_emails_per_day", "max_emails_per_week", "max_emails_per_contact_per_week")


@dataclass(slots=True)
class Consent:
    """An approval that was answered. Moments are seconds since 1970; `day` is what the house's clock said.

    `rule`: the version of the rule that gave it, None for a person.
    """

    version: int
    step: int
    asked: float
    day: dt.datetime
    rule: int | None = None
    ended: float = math.inf


@dataclass(slots=True)
class Paper:
    """A draft as those know it who wrote its words. `words`: subject and body by version."""

    draft_id: UUID
    contact_id: UUID
    address: str
    words: dict[int, tuple[str, str]]
    consents: list[Consent] = field(default_factory=list[Consent])

    @property
    def newest(self) -> int:
        return max(self.words)


@dataclass(frozen=True, slots=True)
class Mail:
    """One that left by the house's hand."""

    paper: Paper
    consent: Consent
    at: float
    step: int
    day: dt.datetime


@dataclass(slots=True)
class Witness:
    """`closed`: switches on their careful side; `stopped`: from the answer of a stop until a resume was asked for.

    `rule_on`: the version of the rule that is on, None while it is not; `rule_turned`: whether it was touched just now.

    What happens at the same moment may come in either order: only what was answered in an earlier step is held against
    a mail, except for the kill switch and the end of an approval, after whose answer nothing may begin.
    """

    limits: dict[str, int]
    step: int = 0
    papers: list[Paper] = field(default_factory=list[Paper])
    mails: list[Mail] = field(default_factory=list[Mail])
    history: list[str] = field(default_factory=list[str])
    closed: set[str] = field(default_factory=set[str])
    opened_now: set[str] = field(default_factory=set[str])
    rule_on: int | None = None
    rule_turned: bool = False
    stopped: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    by_hand: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    written_to: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    suppressed: dict[str, int] = field(default_factory=dict[str, int])
    limits_in: list[dict[str, int]] = field(default_factory=list[dict[str, int]])
    seen: set[str] = field(default_factory=set[str])

    def begin_step(self) -> None:
        self.step += 1
        self.opened_now, self.rule_turned = set(), False
        self.limits_in.append(dict(self.limits))

    def set_limit(self, name: str, value: int) -> None:
        """It counted from some moment of this step on; until then the old one did."""
        self.limits[name] = value
        self.limits_in[-1][name] = max(self.limits_in[-1][name], value)

    def end_consents(self, paper: Paper, at: float, *, before_version: int | None = None) -> None:
        """The approvals of earlier steps, or of older words, have ended by this answer."""
        for consent in paper.consents:
            is_older = before_version is not None and consent.version < before_version
            if is_older or consent.step < self.step:
                consent.ended = min(consent.ended, at)

    def end_all(self, paper: Paper, at: float) -> None:
        """The house has been asked, and shows no approval."""
        for consent in paper.consents:
            consent.ended = min(consent.ended, at)

    def judge(self, sent: Sequence[dict[str, Any]], day: dt.datetime) -> list[str]:
        """What is wrong with the mails that left since the last judgement."""
        wrong: list[str] = []
        for mail in sent:
            if mail["id"] in self.by_hand or mail["id"] in self.seen:
                continue
            self.seen.add(mail["id"])
            wrong += [f"step {self.step}: {reason}" for reason in self._wrongs(mail, day)]
        return wrong

    def _wrongs(self, mail: dict[str, Any], day: dt.datetime) -> Iterator[str]:
        at = dt.datetime.fromisoformat(mail["received_at"]).timestamp()
        words = mail["subject"], mail["text"].replace("\r\n", "\n").partition(_BELOW)[0]
        found = next(
            ((paper, version) for paper in self.papers for version, own in paper.words.items() if own == words), None
        )
        if found is None:
            yield f"nobody wrote these words: {words}"
            return
        paper, version = found
        if mail["to"] != [paper.address] or mail["cc"] or mail["bcc"]:
            yield f"to {mail['to']} instead of {paper.address}"
        consent = next((one for one in reversed(paper.consents) if one.version == version and _counts(one, at)), None)
        if consent is None:
            yield f"version {version} of {paper.address} left without an approval that counted"
            return
        left = Mail(paper, consent, at, self.step, day)
        if any(other.paper is paper for other in self.mails):
            yield f"a second copy to {paper.address}"
        self.mails.append(left)
        yield from self._in_spite_of(left)
        yield from self._over_the_limits(left)

    def _in_spite_of(self, mail: Mail) -> Iterator[str]:
        if any(answered <= mail.at < until for answered, until in self.stopped):
            yield "it began after a stop was answered"
        forbidding = _FORBIDDING if mail.consent.rule is None else _FORBIDDING_RULES
        for switch in sorted((self.closed & forbidding) - self.opened_now):
            yield f"{switch} forbade it"
        if mail.consent.rule not in {None, self.rule_on} and not self.rule_turned:
            yield f"version {mail.consent.rule} of the rule, which had let it go, was not on any more"
        if self.suppressed.get(mail.paper.address, self.step) < self.step:
            yield "its recipient was on the suppression list"
        for address, step in [*self.by_hand.values(), *self.written_to]:
            if address == mail.paper.address and mail.consent.step < step < self.step:
                yield f"the conversation had gone on in step {step}, after the approval"
                break
        self.written_to.append((mail.paper.address, mail.step))

    def _over_the_limits(self, mail: Mail) -> Iterator[str]:
        """A place is taken between approval and departure; only mails whose place is certain are counted."""
        same_day = [other for other in self.mails if _days(other) == _days(mail) and len(_days(mail)) == 1]
        same_week = [other for other in self.mails if _weeks(other) == _weeks(mail) and len(_weeks(mail)) == 1]
        lately = [
            other
            for other in self.mails
            if other.paper.address == mail.paper.address and other.consent.day > mail.day - WEEK
        ]
        for name, counted in zip(_LIMITS, (same_day, same_week, lately), strict=True):
            most = max(limits[name] for limits in self.limits_in[mail.consent.step - 1 :])
            if len(counted) > most:
                yield f"{len(counted)} mails over {name.upper()}={most}"


def _counts(consent: Consent, at: float) -> bool:
    return consent.asked <= at + _ROUNDED and at <= consent.ended


def _days(mail: Mail) -> set[dt.date]:
    return {moment.astimezone(ZONE).date() for moment in (mail.consent.day, mail.day)}


def _weeks(mail: Mail) -> set[tuple[int, int]]:
    return {tuple(day.isocalendar()[:2]) for day in _days(mail)}
