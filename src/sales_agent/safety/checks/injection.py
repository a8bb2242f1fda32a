"""Traces in the mail of a stranger's text having steered it. The structure prevents it; this is the second look."""

import re
from collections.abc import Iterable, Iterator

from sales_agent.content import Finding, Severity, Span
from sales_agent.safety.detectors.addresses import find_addresses
from sales_agent.safety.detectors.copying import find_copies, told_to_say
from sales_agent.safety.detectors.encoded import find_encoded
from sales_agent.safety.detectors.folding import fold_letters
from sales_agent.safety.detectors.hidden import find_hidden
from sales_agent.safety.detectors.links import find_links
from sales_agent.safety.detectors.quotations import BLANK
from sales_agent.safety.findings import SUBJECT, CheckedDraft, finding_at
from sales_agent.safety.words.steering import FIX, MARKS, STEERING
from sales_agent.safety.words.steering_abroad import STEERING_ABROAD

NAME = "injection"

_LEET = str.maketrans("013457@$", "oieastas")
_LEET_WORD = re.compile(r"(?<![\w@$])(?=[013457@$]*[^\W\d_])(?=\w*[013457@$])[\w@$]+")
_ORDERS = re.compile(
    r"\b(?:click|visit|go to|open|download|send|reply|respond|forward|call|transfer|pay|wire|buy|ignore"
    r"|disregard|forget"
    r"|write|say|include|add|tell|do not|don't|must|never|always|confirm|verify|approve|act|pretend|output"
    r"|print|delete|share)\b",
    re.IGNORECASE,
)
# More than this was not summed up but passed on.
_LONG_COPY = 30


def check_injection(draft: CheckedDraft) -> Iterable[Finding]:
    """Hidden characters, echoed instructions, code, and words or addresses taken over from strangers."""
    strangers, own = draft.strangers_texts(), dict(draft.own_parts)
    for part, text in draft.parts():
        for code, severity, message, start, end in (
            *_hidden(part, text),
            *_steering(text),
            *_encoded(text, draft),
            *_addresses(text, draft, strangers),
            *_copies(text, own[part], strangers),
            *_obeyed(text, strangers),
        ):
            yield finding_at(NAME, code, severity, (message, FIX), Span(part, start, end), draft)


Trace = tuple[str, Severity, str, int, int]


def _hidden(part: str, text: str) -> Iterator[Trace]:
    for start, end in find_hidden(text):
        yield "hidden_characters", Severity.BLOCK, "Characters that nobody can see stand in the mail.", start, end
    if part == SUBJECT:
        for match in re.finditer(r"[\r\n\u0085\u2028\u2029]", text):
            message = "A line break in the subject could begin another header."
            yield "line_break_in_subject", Severity.BLOCK, message, match.start(), match.end()


def _steering(text: str) -> Iterator[Trace]:
    """Each row against the text as written, without its look-alike letters, and without its digits for letters."""
    folded = fold_letters(text)
    variants = dict.fromkeys((text, folded, _LEET_WORD.sub(lambda match: match[0].translate(_LEET), folded)))
    for row in (*STEERING, *STEERING_ABROAD, MARKS):
        for variant in variants:
            if places := list(row.places(variant)):
                yield from ((row.code, row.severity, row.message, start, end) for start, end in places)
                break


def _encoded(text: str, draft: CheckedDraft) -> Iterator[Trace]:
    links = [(link.start, link.end) for link in find_links(text) if link.text in draft.asset_links]
    for start, end in find_encoded(text):
        if not any(link_start <= start and end <= link_end for link_start, link_end in links):
            yield "encoded_text", Severity.BLOCK, "A piece of text is written in code.", start, end


def _addresses(text: str, draft: CheckedDraft, strangers: dict[str, str]) -> Iterator[Trace]:
    told = " ".join(strangers.values()).lower()
    own = {draft.recipient.lower(), draft.voice.seller_email.lower()}
    for found in find_addresses(text):
        address = text[found.start : found.end].lower()
        if address not in own and address in told:
            message = "An address of the mail comes from a stranger's text."
            yield "address_from_stranger", Severity.BLOCK, message, found.start, found.end


def _copies(text: str, own: str, strangers: dict[str, str]) -> Iterator[Trace]:
    """A quotation is seen as one by the reader; only what leads somewhere is wrong in it."""
    for copy in find_copies(text, strangers):
        taken = text[copy.start : copy.end]
        what = f"{copy.words} words stand here as they stand in {copy.source}"
        if next(find_links(taken), None) or next(find_addresses(taken), None):
            yield "copied_link", Severity.BLOCK, f"{what}, with a link or an address.", copy.start, copy.end
        elif BLANK in own[copy.start : copy.end]:
            continue
        elif _ORDERS.search(taken):
            yield (
                "copied_instruction",
                Severity.WARN,
                f"{what}, and they tell somebody to do something.",
                copy.start,
                copy.end,
            )
        elif copy.words >= _LONG_COPY:
            yield "copied_text", Severity.NOTE, f"{what}.", copy.start, copy.end


def _obeyed(text: str, strangers: dict[str, str]) -> Iterator[Trace]:
    lowered = text.lower()
    for said in dict.fromkeys(told_to_say(strangers.values())):
        place = lowered.find(said.lower()) if said else -1
        if place >= 0:
            message = "The mail says what a stranger's text ordered to be said."
            yield "order_obeyed", Severity.WARN, message, place, place + len(said)
