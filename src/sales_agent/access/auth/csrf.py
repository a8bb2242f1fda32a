"""Requests that another site made a browser send: told from our own pages' by headers that no page can forge."""

import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from sales_agent.access.auth.sessions import csrf_token
from sales_agent.kit.errors import NotAllowed

# They change nothing, so whoever makes a browser send them gains nothing.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

CSRF_HEADER = "X-CSRF-Token"

# What a browser says of a request of our own pages, or of one typed into the address bar.
_OWN = frozenset({"same-origin", "none"})


class CrossSiteRefused(NotAllowed):
    """The request comes from a page of another site."""


class CsrfTokenWrong(NotAllowed):
    """Send the `csrf_token` of GET /api/session as X-CSRF-Token with every call that a session's cookie stands for."""


def refuse_cross_site(headers: Mapping[str, str], *, base_url: str) -> None:
    """Raise CrossSiteRefused where the browser says that another site's page made the request.

    `headers` by lower-case name, as Starlette has them. Programs send neither header, and have no cookie to misuse.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in _OWN:
        raise CrossSiteRefused
    if origin is not None and not _is_own(origin, headers.get("host", ""), base_url):
        raise CrossSiteRefused


def require_own_page(method: str, headers: Mapping[str, str], *, token: str, base_url: str) -> None:
    """Let a request through that came with a session's cookie. Raises CrossSiteRefused, CsrfTokenWrong.

    `token` is the session's own; `base_url` scheme and host under which people reach us.
    """
    if method in SAFE_METHODS:
        return
    refuse_cross_site(headers, base_url=base_url)
    sent = headers.get(CSRF_HEADER.lower(), "")
    if not hmac.compare_digest(sent.encode(), csrf_token(token).encode()):
        raise CsrfTokenWrong


def _is_own(origin: str, host: str, base_url: str) -> bool:
    """The page's own host is the one it calls, or, behind a proxy that renames hosts, the public one."""
    return origin.lower() == base_url.lower() or (bool(host) and urlsplit(origin).netloc.lower() == host.lower())
