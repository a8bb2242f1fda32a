"""The pages behind an unsubscribe link: a question with one button, and what came of it. No script, no address."""

import base64
import hashlib
from dataclasses import dataclass
from html import escape
from typing import Final

_STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto 0;padding:0 1rem}"
    "button{font:inherit;padding:.6rem 1.4rem;cursor:pointer}"
)
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

# The house's policy, but for its own style and for its own form.
HEADERS: Final = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-robots-tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages say in one language; `{sender}` is filled in."""

    question: str
    promise: str
    button: str
    done: str
    kept: str
    unknown: str
    advice: str
    later: str
    again: str


_ENGLISH: Final = Words(
    question="No more mails from {sender}?",
    promise="Press the button, and we stop writing to the address this mail went to.",
    button="Unsubscribe",
    done="You get no more mails from {sender}.",
    kept="This takes effect now. You need not do anything else, and may close this page.",
    unknown="This link is not complete.",
    advice="Please open it again from the mail, or copy all of it. Nothing was changed.",
    later="That did not work just now.",
    again="Please try again in a minute. Nothing was changed.",
)
_GERMAN: Final = Words(
    question="Keine Mails mehr von {sender}?",
    promise="Mit einem Klick schreiben wir der Adresse, an die diese Mail ging, nicht mehr.",
    button="Abmelden",
    done="Sie erhalten keine Mails mehr von {sender}.",
    kept="Das gilt ab sofort. Mehr ist nicht zu tun, Sie können diese Seite schließen.",
    unknown="Dieser Link ist unvollständig.",
    advice="Bitte öffnen Sie ihn noch einmal aus der Mail oder kopieren Sie ihn ganz. Nichts wurde geändert.",
    later="Das hat gerade nicht geklappt.",
    again="Bitte versuchen Sie es in einer Minute noch einmal. Nichts wurde geändert.",
)
_WORDS: Final = {"en": _ENGLISH, "de": _GERMAN}


def question_page(sender: str, language: str) -> str:
    """Asks; its button sends what a mail program sends for one click (RFC 8058)."""
    words = _words(language)
    form = (
        '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
        f'<button type="submit">{escape(words.button)}</button></form>'
    )
    return _page(language, words.question.format(sender=sender), words.promise, form)


def done_page(sender: str, language: str) -> str:
    """It is done, now or before."""
    words = _words(language)
    return _page(language, words.done.format(sender=sender), words.kept)


def unknown_page() -> str:
    """The token is none of ours; nobody can tell in which language the mail was."""
    return _page("en", _ENGLISH.unknown, _ENGLISH.advice)


def later_page() -> str:
    """The database is away."""
    return _page("en", _ENGLISH.later, _ENGLISH.again)


def _words(language: str) -> Words:
    return _WORDS.get(_tag(language), _ENGLISH)


def _tag(language: str) -> str:
    return language.strip().lower().partition("-")[0]


def _page(language: str, heading: str, text: str, form: str = "") -> str:
    tag = _tag(language) if _tag(language) in _WORDS else "en"
    return (
        f'<!doctype html><html lang="{tag}"><head><meta charset="utf-8"><title>{escape(heading)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(heading)}</h1><p>{escape(text)}</p>{form}</main></body></html>"
    )
