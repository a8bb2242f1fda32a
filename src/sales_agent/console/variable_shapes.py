"""What a value must look like, as far as that can be told without asking anybody: each shape says what is wrong."""

import ipaddress
import re
import zoneinfo
from collections.abc import Callable
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from sales_agent.controls.unsubscribe import UnsubscribeKeyInvalid, parse_unsubscribe_key
from sales_agent.kit.crypto import Keyring, KeyringInvalid

# A complaint, or the empty string where the value has the shape. The value itself is never repeated.
Shape = Callable[[str], str]

_SHORTEST_SECRET = 16


def anything(_: str) -> str:
    """Any text will do."""
    return ""


def postgres_url(value: str) -> str:
    return _url(value, {"postgresql", "postgres", "postgresql+psycopg"}, "postgresql://login:password@host/database")


def redis_url(value: str) -> str:
    return _url(value, {"redis", "rediss", "unix"}, "redis://host:6379/0")


def public_url(value: str) -> str:
    """Scheme and host only: signatures are computed over it."""
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname:
        return "is not of the form https://host"
    return "must end after the host" if parts.path.strip("/") or parts.query else ""


def issuer_url(value: str) -> str:
    """Who answers there decides who is let in, so that only this machine is asked without TLS."""
    try:
        scheme, host = urlsplit(value).scheme, urlsplit(value).hostname or ""
    except ValueError:  # brackets that hold no address
        scheme, host = "", ""
    is_safe = scheme == "https" or (scheme == "http" and _is_this_machine(host))
    return "" if host and is_safe else "is not of the form https://host"


def keyring(value: str) -> str:
    try:
        Keyring.parse(value)
    except KeyringInvalid:
        return "is not of the form id:base64-of-32-bytes[,id:...]"
    return ""


def unsubscribe_key(value: str) -> str:
    try:
        parse_unsubscribe_key(value)
    except UnsubscribeKeyInvalid:
        return "is not base64 of at least 32 bytes"
    return ""


def hubspot_token(value: str) -> str:
    return "" if re.fullmatch(r"pat-[a-z0-9]+-[0-9a-fA-F-]{36}", value) else "is not of the form pat-<region>-<uuid>"


def openai_key(value: str) -> str:
    return "" if re.fullmatch(r"sk-[A-Za-z0-9_-]{16,}", value) else "does not begin with sk-"


def google_client_id(value: str) -> str:
    return "" if value.endswith(".apps.googleusercontent.com") else "does not end in .apps.googleusercontent.com"


def secret(value: str) -> str:
    return "" if len(value) >= _SHORTEST_SECRET and not re.search(r"\s", value) else "is too short, or holds a blank"


def portal_id(value: str) -> str:
    return "" if value.isdigit() else "is not a number"


def mail_address(value: str) -> str:
    try:
        validate_email(value, check_deliverability=False)
    except EmailNotValidError:
        return "is no e-mail address"
    return ""


def time_zone(value: str) -> str:
    return "" if value in zoneinfo.available_timezones() else "is no IANA zone such as Europe/Berlin"


def required_signature(value: str) -> str:
    return "is off: anybody could post submissions" if value == "off" else ""


def _url(value: str, schemes: set[str], example: str) -> str:
    return "" if urlsplit(value).scheme in schemes else f"is not of the form {example}"


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
