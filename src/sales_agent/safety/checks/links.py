"""Every link leads where the house allows it, and says so openly: a link is how stolen words leave a mail."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from sales_agent.content import Finding, Severity, Span
from sales_agent.safety.detectors.links import Link, find_links, host_is_within
from sales_agent.safety.findings import CheckedDraft, finding_at
from sales_agent.safety.wording import Wording, search

NAME = "links"

_SHORTENERS = frozenset(
    {
        "bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "v.gd", "buff.ly", "rebrand.ly", "cutt.ly",
        "shorturl.at", "tiny.cc", "lnkd.in", "rb.gy", "t.ly", "s.id", "bl.ink", "soo.gd", "adf.ly", "x.co",
        "trib.al", "dlvr.it", "fb.me", "amzn.to", "bit.do", "mcaf.ee", "shorte.st", "surl.li", "urlz.fr",
        "tny.im", "clck.ru", "shorturl.asia", "short.io", "rebrandly.com", "qr.ae", "linktr.ee",
    }
)  # fmt: skip
_REMOVE = "Remove the link, or use the link of an offered asset or of an allowed domain."

_MARKUP = (
    Wording(
        "markdown_link",
        Severity.BLOCK,
        re.compile(r"!?\[[^\]\n]{0,200}\](?:\([^)\n]{0,500}\)?|[ ]?\[[^\]\n]{0,100}\]|:[ ]?\S+)"),
        "A link or image is written in markup, which can hide where it leads.",
        "Write the link itself as plain text.",
    ),
    Wording(
        "html_markup",
        Severity.BLOCK,
        re.compile(
            r"</?\s*(?:a|img|image|script|iframe|link|style|meta|form|input|object|embed|svg|video|audio|base|body|html"
            r"|div|span|p|br|b|i|table|button|head|picture|source)\b[^>]{0,500}>?|\b(?:src|srcset|href)\s*=|\bon\w{3,20}\s*=\s*[\"']",
            re.IGNORECASE,
        ),
        "The mail is plain text, and this is a piece of HTML.",
        "Write it as plain text.",
    ),
    Wording(
        "link_spelled_out",
        Severity.BLOCK,
        re.compile(
            r"(?<![\w-])[\w-]{1,63}\s?(?:\[\.\]|\(\.\)|\{\.\}|[\[({]\s?dot\s?[\])}])\s?[a-z]{2,}"
            r"|(?<![\w-])[\w-]{1,63} dot (?:com|net|org|io|co|info|biz|app|dev|xyz|ru|cn)\b",
            re.IGNORECASE,
        ),
        "A domain is spelled out so that machines pass over it.",
        "Remove it.",
    ),
)


def check_links(draft: CheckedDraft) -> Iterable[Finding]:
    """Links outside the allowed ones, links in disguise, markup, and more than one asset link."""
    assets: set[str] = set()
    for part, text in draft.parts():
        for link in find_links(text):
            if link.text in draft.asset_links:
                assets.add(link.text)
            elif verdict := _judge(link, draft):
                code, severity, message, fix = verdict
                yield finding_at(NAME, code, severity, (message, fix), Span(part, link.start, link.end), draft)
    yield from search(NAME, draft, _MARKUP)
    yield from _count(assets)


Verdict = tuple[str, Severity, str, str]


def _judge(link: Link, draft: CheckedDraft) -> Verdict | None:
    if link.scheme == "mailto":
        return _judge_mailto(link, draft)
    if link.scheme not in {"", "http", "https"}:
        return _block("link_scheme", f"A link of the kind {link.scheme}: can do more than open a page.")
    if disguise := _disguise(link):
        return disguise
    allowed = (*draft.link_domains, draft.seller_domain)
    if not any(host_is_within(link.host, domain) for domain in allowed):
        return _judge_foreign(link, draft)
    return _judge_allowed(link, allowed)


def _disguise(link: Link) -> Verdict | None:
    if link.has_userinfo:
        return _block("link_userinfo", "What stands before the @ of this link only looks like its host.")
    if "%" in link.host:
        return _block("link_encoded_host", "The host of this link is written in code.")
    if link.has_odd_letters:
        return _block("link_lookalike_host", "The host of this link has letters that only look like the usual ones.")
    if link.is_ip_address:
        return _block("link_ip_address", "The link leads to the bare address of a machine.")
    return None


def _judge_foreign(link: Link, draft: CheckedDraft) -> Verdict:
    if any(host_is_within(link.host, domain) for domain in _SHORTENERS):
        return _block("link_shortener", "A shortened link hides where it leads.")
    if link.is_bare and draft.recipient_domain and host_is_within(link.host, draft.recipient_domain):
        return (
            "link_to_recipient",
            Severity.WARN,
            "The recipient's own domain is named, and mail programs make a link of it.",
            "Name the company instead of its domain.",
        )
    return _block("link_not_allowed", f"Links to {link.host or 'this place'} are not allowed.")


def _judge_allowed(link: Link, allowed: Iterable[str]) -> Verdict | None:
    inner = unquote(unquote(link.rest))
    hidden = re.search(r"[/\\]{2}([^/\\?#&\s]+)", inner)
    if hidden and not any(host_is_within(hidden[1].lower(), domain) for domain in allowed):
        return _block("link_redirect", "This link carries another link inside it, which leads elsewhere.")
    if "?" in link.rest:
        return (
            "link_with_query",
            Severity.WARN,
            "What stands after the ? of a link can carry data out of the mail.",
            "Use the link without its query.",
        )
    if link.scheme == "http":
        return ("link_not_encrypted", Severity.WARN, "The link is not encrypted.", "Use https.")
    return None


def _judge_mailto(link: Link, draft: CheckedDraft) -> Verdict | None:
    address = unquote(link.text.partition(":")[2]).strip().lower()
    if address in {draft.recipient.lower(), draft.voice.seller_email.lower()}:
        return None
    return _block(
        "link_mailto", "This link would write to an address that is neither the recipient's nor the seller's."
    )


def _block(code: str, message: str) -> Verdict:
    return code, Severity.BLOCK, message, _REMOVE


def _count(assets: set[str]) -> Iterator[Finding]:
    if len(assets) > 1:
        yield Finding(
            NAME,
            "too_many_asset_links",
            Severity.WARN,
            f"The mail offers {len(assets)} files; one is read, several are not.",
            "Keep the link of the most fitting one.",
        )
