"""What stands below every mail that is sent: who writes from where, and the way out; and the headers that say so."""

from typing import Final
from urllib.parse import quote

# Mail programs know this line, blank and all: what follows is no longer the letter, and no answer quotes it.
_MARK: Final = "-- "

# By language; whoever reads neither understands the link.
_WAY_OUT: Final = {
    "en": "You do not want to hear from us any more? One click is enough:",
    "de": "Sie möchten nichts mehr von uns hören? Ein Klick genügt:",
}
_OTHERWISE: Final = "en"


def footer(*, postal_address: str, unsubscribe_url: str, language: str) -> str:
    """Plain text to append to a mail after an empty line. `language` is a tag such as `de` or `de-CH`."""
    sentence = _WAY_OUT.get(language.lower().partition("-")[0], _WAY_OUT[_OTHERWISE])
    address = "\n".join(line.strip() for line in postal_address.splitlines() if line.strip())
    return "\n".join(part for part in (_MARK, address, sentence, unsubscribe_url) if part)


def list_unsubscribe_headers(unsubscribe_url: str, mailto: str | None) -> tuple[tuple[str, str], ...]:
    """The pair of RFC 8058, by which a mailbox shows a button of its own; `mailto` takes the same wish by mail."""
    ways = [f"<{unsubscribe_url}>"]
    if mailto:
        ways.append(f"<mailto:{quote(mailto, safe='@')}?subject=unsubscribe>")
    return (("List-Unsubscribe", ", ".join(ways)), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
