"""What a check is given, and how it says where in the mail something is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sales_agent.content import DraftContent, Evidence, EvidenceKind, Finding, Severity, Span, Voice
from sales_agent.safety.detectors.links import find_links
from sales_agent.safety.detectors.quotations import without, without_quotations

SUBJECT = "subject"
BODY = "body"

# What a stranger can write into: the form, the mails, the names a form leaves behind in the CRM, the files of
# a shared folder.
UNTRUSTED_KINDS = frozenset(
    {EvidenceKind.FORM_FIELD, EvidenceKind.MESSAGE, EvidenceKind.CRM_PROPERTY, EvidenceKind.FILE}
)


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft with everything the checks compare it to.

    `recipient` is the address it would go to. `link_domains` may be linked to with all their subdomains,
    beside the seller's own domain; `asset_links` are the exact links of the assets on offer. `untrusted`
    holds further texts of strangers by id that the writer read (evidence counts by its kind without being
    repeated here). `slots` is how many times are offered, `seller_phones` the numbers that may stand in the mail.
    """

    content: DraftContent
    voice: Voice
    recipient: str
    link_domains: tuple[str, ...] = ()
    asset_links: tuple[str, ...] = ()
    untrusted: Mapping[str, str] = field(default_factory=dict[str, str])
    slots: int = 0
    seller_phones: tuple[str, ...] = ()
    is_reply: bool = False
    recipient_opted_out: bool = False
    body: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "body", self.content.body())

    @property
    def recipient_domain(self) -> str:
        """What follows the @ of the recipient, lower case."""
        return domain_of(self.recipient)

    @property
    def seller_domain(self) -> str:
        """What follows the @ of the seller's own address, lower case."""
        return domain_of(self.voice.seller_email)

    def parts(self) -> tuple[tuple[str, str], ...]:
        """Name and text of what the prospect will read."""
        return ((SUBJECT, self.content.subject), (BODY, self.body))

    def own_parts(self) -> tuple[tuple[str, str], ...]:
        """As `parts`, same length, with strangers' quoted words and the links of offered assets blanked."""
        told = tuple(self.strangers_texts().values())
        return tuple((part, self._own_words(text, told)) for part, text in self.parts())

    def _own_words(self, text: str, told: tuple[str, ...]) -> str:
        links = [(link.start, link.end) for link in find_links(text) if link.text in self.asset_links]
        return without(without_quotations(text, told), links)

    def strangers_texts(self) -> dict[str, str]:
        """Every text by id that somebody outside the house could have written."""
        evidence = {item.id: item.text for item in self.content.evidence if item.kind in UNTRUSTED_KINDS}
        return {**evidence, **self.untrusted}

    def evidence_of(self, sentence: int) -> tuple[Evidence, ...]:
        """The evidence the sentence points to, as far as it is known."""
        wanted = self.content.sentences[sentence].evidence_ids
        return tuple(item for item in self.content.evidence if item.id in wanted)


def domain_of(address: str) -> str:
    """What follows the last @, lower case; empty without one."""
    return address.rpartition("@")[2].strip().lower() if "@" in address else ""


def sentence_spans(draft: CheckedDraft) -> tuple[Span, ...]:
    """Where each sentence lies in the body, in the order of the sentences."""
    order = sorted(range(len(draft.content.sentences)), key=lambda at: draft.content.sentences[at].paragraph)
    spans: dict[int, Span] = {}
    place = 0
    for at in order:
        text = draft.content.sentences[at].text
        start = draft.body.index(text, place)
        place = start + len(text)
        spans[at] = Span(BODY, start, place)
    return tuple(spans[at] for at in range(len(draft.content.sentences)))


def sentence_at(draft: CheckedDraft, place: int) -> int | None:
    """The sentence that holds this character of the body."""
    for at, span in enumerate(sentence_spans(draft)):
        if span.start <= place < span.end:
            return at
    return None


def finding_at(
    check: str, code: str, severity: Severity, words: tuple[str, str], place: Span, draft: CheckedDraft
) -> Finding:
    """A finding about characters of the mail; `words` are its message and its fix."""
    sentence = sentence_at(draft, place.start) if place.part == BODY else None
    return Finding(check, code, severity, *words, place, sentence)


def slot_evidence_ids(draft: CheckedDraft) -> frozenset[str]:
    """The ids of the evidence that is an offered time."""
    return frozenset(item.id for item in draft.content.evidence if item.kind is EvidenceKind.SLOT)
