"""What a check is given, and how it says where in the mail something is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sales_agent.content import DraftContent, Evidence, EvidenceKind, Finding, Severity, Span, Voice
from sales_agent.safety.detectors.links import find_links
from sales_agent.safety.detectors.quotations import without, without_quotations

SUBJECT = "subject"
BODY = "body"

# Much more than a writer is ever shown of one text.
_LONGEST_TEXT = 20_000
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
    `is_mail_unread`: what this person wrote before could not be read.
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
    is_mail_unread: bool = False
    body: str = field(init=False)
    spans: tuple[Span, ...] = field(init=False)
    own_parts: tuple[tuple[str, str], ...] = field(init=False)

    def __post_init__(self) -> None:
        # Every check asks for these, so they are worked out once: body; where each sentence lies in it, in the
        # order of the sentences; subject and body with strangers' quoted words and offered links blanked.
        object.__setattr__(self, "body", self.content.body())
        object.__setattr__(self, "spans", tuple(_sentence_spans(self.content, self.body)))
        told = tuple(self.strangers_texts().values())
        object.__setattr__(self, "own_parts", tuple((part, self._own(text, told)) for part, text in self.parts()))

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

    def own_words(self, sentence: int) -> str:
        """A sentence without what it quotes from strangers and without the link of an asset, same length."""
        span = self.spans[sentence]
        return dict(self.own_parts)[BODY][span.start : span.end]

    def _own(self, text: str, told: tuple[str, ...]) -> str:
        links = [(link.start, link.end) for link in find_links(text) if link.text in self.asset_links]
        return without(without_quotations(text, told), links)

    def strangers_texts(self) -> dict[str, str]:
        """Every text by id that somebody outside the house could have written; the same text only once."""
        evidence = {item.id: item.text for item in self.content.evidence if item.kind in UNTRUSTED_KINDS}
        return {name: text[:_LONGEST_TEXT] for text, name in _by_text({**evidence, **self.untrusted}).items()}

    def evidence_of(self, sentence: int) -> tuple[Evidence, ...]:
        """The evidence the sentence points to, as far as it is known."""
        wanted = self.content.sentences[sentence].evidence_ids
        return tuple(item for item in self.content.evidence if item.id in wanted)


def domain_of(address: str) -> str:
    """What follows the last @, lower case; empty without one."""
    return address.rpartition("@")[2].strip().lower() if "@" in address else ""


def sentence_at(draft: CheckedDraft, place: int) -> int | None:
    """The sentence that holds this character of the body."""
    for at, span in enumerate(draft.spans):
        if span.start <= place < span.end:
            return at
    return None


def finding_at(
    check: str, code: str, severity: Severity, words: tuple[str, str], place: Span, draft: CheckedDraft
) -> Finding:
    """A finding about characters of the mail; `words` are its message and its fix."""
    sentence = sentence_at(draft, place.start) if place.part == BODY else None
    return Finding(check, code, severity, *words, place, sentence)


def _sentence_spans(content: DraftContent, body: str) -> Iterator[Span]:
    order = sorted(range(len(content.sentences)), key=lambda at: content.sentences[at].paragraph)
    spans: dict[int, Span] = {}
    place = 0
    for at in order:
        text = content.sentences[at].text
        start = body.index(text, place)
        place = start + len(text)
        spans[at] = Span(BODY, start, place)
    return (spans[at] for at in range(len(content.sentences)))


def _by_text(texts: Mapping[str, str]) -> dict[str, str]:
    named: dict[str, str] = {}
    for name, text in texts.items():
        named.setdefault(text, name)
    return named


def slot_evidence_ids(draft: CheckedDraft) -> frozenset[str]:
    """The ids of the evidence that is an offered time."""
    return frozenset(item.id for item in draft.content.evidence if item.kind is EvidenceKind.SLOT)
