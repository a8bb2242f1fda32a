"""Guesses a text's language from its smallest words: enough to see that a mail came out in the wrong one."""

import re

_WORD = re.compile(r"[^\W\d_]+")
# The most frequent words that few of the others share.
_SMALL_WORDS = {
    "en": "the and of to is are you your we our for with that this have would be it on at from can will as",
    "de": "der die das und ist sind sie ihr ihre wir unser für mit nicht ein eine ich zu auf von den dem im als",
    "fr": "le la les et est sont vous votre nous notre pour avec pas un une je des du dans que qui sur au ce",
    "es": "el los las y es son usted su nosotros nuestro para con no un una yo del en que por lo como se",
    "it": "il gli e sono lei suo noi nostro per con non un una io del della di in che su come si è le",
    "nl": "de het een en is zijn u uw wij onze voor met niet ik van op dat die te aan bij als om naar",
    "pt": "o os as e é são você seu nós nosso para com não um uma eu do da em que por como se ao",
}
_BY_LANGUAGE = {code: frozenset(words.split()) for code, words in _SMALL_WORDS.items()}
# Below this a name or a quoted title decides.
_MIN_SMALL_WORDS = 8
# Related languages share words; a guess needs clearly more than the next.
_LEAD = 1.5


def guess_language(text: str) -> str | None:
    """The ISO code, or None where the text is short, mixed, or in a language not known here."""
    words = [word.casefold() for word in _WORD.findall(text)]
    counts = {code: sum(word in small for word in words) for code, small in _BY_LANGUAGE.items()}
    (best, most), (_, second) = sorted(counts.items(), key=lambda item: -item[1])[:2]
    return best if most >= _MIN_SMALL_WORDS and most >= _LEAD * second else None
