"""Makes a draft of proposed sentences: keeps what may be said, not too much of it, and adds what the code says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sales_agent.agents.evidence import FILE_EVIDENCE
from sales_agent.agents.sentence_rules import Grounds, objection
from sales_agent.content import Sentence, SentenceType

_FRAME: Final = frozenset({SentenceType.GREETING, SentenceType.SIGN_OFF})
# What goes first when there are too many sentences: a question can wait, a claim that answers them cannot.
_DROPPED_FIRST: Final = (SentenceType.QUESTION, SentenceType.COMMITMENT, SentenceType.CLAIM)
_MOST_QUESTIONS: Final = 1
# One thing said and one asked: with less there is no mail.
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """What the code adds. `ask`: the call to action in its words, empty for none. `times` stand on `slot_ids`.

    `offer`: the sentence about the file, used where no other is; `link` goes behind whichever it is.
    """

    greeting: str
    courtesy: str
    sign_off: str
    ask: str
    times: str = ""
    slot_ids: tuple[str, ...] = ()
    phrase: Sentence | None = None
    offer: Sentence | None = None
    link: str = ""


@dataclass(slots=True)
class Corrected:
    """Sentences that are left, and why others are gone."""

    sentences: list[Sentence]
    notes: list[str] = field(default_factory=list[str])

    def drop(self, sentence: Sentence, reason: str) -> None:
        """Take a sentence out and note why; its words are not repeated in the note."""
        self.sentences.remove(sentence)
        self.notes.append(f"A {sentence.type.value.replace('_', ' ')} was left out: {reason}.")


def arrange(proposed: Sequence[Sentence], grounds: Grounds, frame: Frame, max_sentences: int) -> Corrected:
    """The draft's sentences from greeting to sign-off."""
    corrected = Corrected(list(proposed))
    _keep_sayable(corrected, grounds)
    _keep_one_file(corrected, frame)
    _keep_one_ask(corrected, frame)
    _keep_few(corrected, SentenceType.QUESTION, _MOST_QUESTIONS)
    most = max(_FEWEST, max_sentences)
    _keep_short(corrected, most)
    corrected.sentences = list(_framed(corrected.sentences, frame, most))
    _admit(corrected, grounds)
    return corrected


def _admit(corrected: Corrected, grounds: Grounds) -> None:
    """What the code says itself is kept, but never silently against the voice."""
    for sentence in corrected.sentences:
        phrase = grounds.banned(sentence.text)
        if phrase:
            part = sentence.type.value.replace("_", " ")
            corrected.notes.append(f"The {part} says {phrase!r}, which the voice never says.")


def _keep_sayable(corrected: Corrected, grounds: Grounds) -> None:
    seen: set[str] = set()
    for sentence in tuple(corrected.sentences):
        reason = "greeting and sign-off are the voice's" if sentence.type in _FRAME else objection(sentence, grounds)
        reason = reason or ("it is said already" if sentence.text.casefold() in seen else "")
        if reason:
            corrected.drop(sentence, reason)
        seen.add(sentence.text.casefold())


def _keep_one_ask(corrected: Corrected, frame: Frame) -> None:
    """One call to action: the first proposed one, else the code's; none where nothing is asked for."""
    asks = [sentence for sentence in corrected.sentences if sentence.type is SentenceType.CALL_TO_ACTION]
    for sentence in asks if not frame.ask else asks[1:]:
        corrected.drop(sentence, "one call to action is enough" if frame.ask else "nothing is to be asked for")
    if frame.ask and not asks:
        last = max((sentence.paragraph for sentence in corrected.sentences), default=0)
        corrected.sentences.append(Sentence(SentenceType.CALL_TO_ACTION, frame.ask, paragraph=last + 1))


def _keep_one_file(corrected: Corrected, frame: Frame) -> None:
    """One claim about the file, the model's or the code's; the link stands at its end."""
    about = [sentence for sentence in corrected.sentences if FILE_EVIDENCE in sentence.evidence_ids]
    claims = (sentence for sentence in about if sentence.type is SentenceType.CLAIM)
    offer = next(claims, None) if frame.offer else None
    for sentence in about:
        if sentence is not offer:
            corrected.drop(sentence, "one offer of the file is enough")
    if frame.offer is None:
        return
    if offer is None:
        last = max((sentence.paragraph for sentence in corrected.sentences), default=0)
        offer = replace(frame.offer, paragraph=last + 1)
        corrected.sentences.append(offer)
    linked = f"{offer.text.rstrip(' .:!?')}: {frame.link}"
    corrected.sentences[corrected.sentences.index(offer)] = replace(offer, text=linked)


def _keep_few(corrected: Corrected, kind: SentenceType, most: int) -> None:
    for sentence in [sentence for sentence in corrected.sentences if sentence.type is kind][most:]:
        corrected.drop(sentence, f"{most} is enough")


def _keep_short(corrected: Corrected, most: int) -> None:
    """From the end, the offer of a file last: the question may be about it."""
    for kind in _DROPPED_FIRST:
        of_kind = [sentence for sentence in reversed(corrected.sentences) if sentence.type is kind]
        for sentence in sorted(of_kind, key=lambda sentence: FILE_EVIDENCE in sentence.evidence_ids):
            if len(corrected.sentences) <= most:
                return
            corrected.drop(sentence, f"{most} sentences are enough for this voice")


def _framed(body: Sequence[Sentence], frame: Frame, max_sentences: int) -> Iterator[Sentence]:
    """Greeting, body, times below the question they belong to, a phrase, sign-off; paragraphs numbered anew."""
    yield Sentence(SentenceType.GREETING, frame.greeting)
    yield Sentence(SentenceType.GREETING, frame.courtesy, paragraph=1)
    paragraph, last = 1, min((sentence.paragraph for sentence in body), default=0)
    ordered = sorted(body, key=lambda sentence: (sentence.type is SentenceType.CALL_TO_ACTION, sentence.paragraph))
    for sentence in ordered:
        begins = sentence.paragraph != last or sentence.type is SentenceType.CALL_TO_ACTION
        paragraph, last = paragraph + begins, sentence.paragraph
        yield replace(sentence, paragraph=paragraph)
    if frame.times:
        paragraph += 1
        yield Sentence(SentenceType.COMMITMENT, frame.times, frame.slot_ids, paragraph)
    if frame.phrase is not None and frame.ask and len(body) < max_sentences:
        paragraph += 1
        yield replace(frame.phrase, paragraph=paragraph)
    yield Sentence(SentenceType.SIGN_OFF, frame.sign_off, paragraph=paragraph + 1)
