"""Makes a draft of proposed sentences: keeps what may be said, not too much of it, and adds what the code says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sales_agent.agents.asset_hunter import RankedAsset
from sales_agent.agents.sentence_rules import Grounds, cited, objection
from sales_agent.content import EvidenceKind, Sentence, SentenceType

_FRAME: Final = frozenset({SentenceType.GREETING, SentenceType.SIGN_OFF})
# What goes first when there are too many sentences: a question can wait, a claim that answers them cannot.
_DROPPED_FIRST: Final = (SentenceType.QUESTION, SentenceType.COMMITMENT, SentenceType.CLAIM)
_MOST_QUESTIONS: Final = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """What the code adds. `ask`: the call to action in its words, empty for none. `times` stand on `slot_ids`."""

    greeting: str
    courtesy: str
    sign_off: str
    ask: str
    times: str = ""
    slot_ids: tuple[str, ...] = ()
    phrase: Sentence | None = None
    asset: RankedAsset | None = None


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
    _keep_one_ask(corrected, frame)
    _keep_one_file(corrected, grounds, frame)
    _keep_few(corrected, SentenceType.QUESTION, _MOST_QUESTIONS)
    _keep_short(corrected, max(1, max_sentences))
    corrected.sentences = list(_framed(corrected.sentences, frame, max_sentences))
    return corrected


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


def _keep_one_file(corrected: Corrected, grounds: Grounds, frame: Frame) -> None:
    """The link stands at the end of the one sentence that is about the file."""
    about = [sentence for sentence in corrected.sentences if cited(sentence, grounds, EvidenceKind.FILE)]
    for sentence in about if frame.asset is None else about[1:]:
        corrected.drop(sentence, "one file is enough" if frame.asset else "there is no file to offer")
    if frame.asset is not None and about:
        place = corrected.sentences.index(about[0])
        linked = f"{about[0].text.rstrip(' .:!')}: {frame.asset.link}"
        corrected.sentences[place] = replace(about[0], text=linked)


def _keep_few(corrected: Corrected, kind: SentenceType, most: int) -> None:
    for sentence in [sentence for sentence in corrected.sentences if sentence.type is kind][most:]:
        corrected.drop(sentence, f"{most} is enough")


def _keep_short(corrected: Corrected, most: int) -> None:
    for kind in _DROPPED_FIRST:
        for sentence in [sentence for sentence in reversed(corrected.sentences) if sentence.type is kind]:
            if len(corrected.sentences) <= most:
                return
            corrected.drop(sentence, f"the voice says {most} sentences at most")


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
