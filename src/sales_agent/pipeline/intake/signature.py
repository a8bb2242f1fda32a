"""HubSpot's request signatures v2 and v3 over the raw bytes and the public URL, compared in constant time."""

import base64
import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from sales_agent.access.tenancy.models import SignaturePolicy
from sales_agent.kit.errors import NotAuthenticated

# HubSpot refuses older ones itself; a clock may also run ahead, so the same distance counts both ways.
MAX_SKEW = dt.timedelta(minutes=5)

# The escapes HubSpot undoes before hashing (v3): these and no others. A second round of decoding would be a hole.
_DECODED = {
    "%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$", "%27": "'",
    "%28": "(", "%29": ")", "%2A": "*", "%2C": ",", "%3B": ";",
}  # fmt: skip


class SignatureMissing(NotAuthenticated):
    """The request carries no signature of the kind this webhook source requires."""


class SignatureWrong(NotAuthenticated):
    """The request's signature does not match its bytes, its URL and the secret of this webhook source."""


class SignatureStale(NotAuthenticated):
    """The request was signed more than five minutes away from now."""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a signature covers. `path_and_query` as it came over the wire; `base_url` is the configured public URL."""

    method: str
    base_url: str
    path_and_query: str
    body: bytes
    signature: str = ""
    signature_version: str = ""
    signature_v3: str = ""
    timestamp: str = ""


def verify(request: SignedRequest, *, secret: str, policy: SignaturePolicy, now: dt.datetime) -> None:
    """Raise SignatureMissing, SignatureWrong or SignatureStale unless the policy is met.

    A missing v3 header never falls back to v2 where v3 is required: stripping a header must not weaken the check.
    """
    if policy is SignaturePolicy.OFF:
        return
    if not secret:
        raise SignatureMissing("this webhook source has no secret yet")
    wants_v3 = policy is SignaturePolicy.V3 or (policy is SignaturePolicy.ANY and request.signature_v3 != "")
    if wants_v3:
        _verify_v3(request, secret, now)
    else:
        _verify_v2(request, secret)


def v3_signature(request: SignedRequest, secret: str) -> str:
    """base64 HMAC-SHA256 over method, decoded URI, body and the timestamp as it was sent."""
    uri = request.base_url + decode_like_hubspot(request.path_and_query)
    message = request.method.encode() + uri.encode() + request.body + request.timestamp.encode()
    return base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()


def v2_signature(request: SignedRequest, secret: str) -> str:
    """Hex SHA-256 over secret, method, URI and body."""
    uri = request.base_url + request.path_and_query
    return hashlib.sha256(secret.encode() + request.method.encode() + uri.encode() + request.body).hexdigest()


def decode_like_hubspot(path_and_query: str) -> str:
    """Undo the escapes HubSpot undoes before it signs, in one pass."""
    if "%" not in path_and_query:
        return path_and_query
    decoded, rest = "", path_and_query
    while (place := rest.find("%")) >= 0:
        escape = rest[place : place + 3]
        decoded += rest[:place] + _DECODED.get(escape.upper(), escape)
        rest = rest[place + 3 :]
    return decoded + rest


def _verify_v3(request: SignedRequest, secret: str, now: dt.datetime) -> None:
    if not request.signature_v3 or not request.timestamp:
        raise SignatureMissing
    _require_equal(v3_signature(request, secret), request.signature_v3)
    try:
        signed_at = dt.datetime.fromtimestamp(int(request.timestamp) / 1000, dt.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SignatureStale from error
    if abs(now - signed_at) > MAX_SKEW:
        raise SignatureStale


def _verify_v2(request: SignedRequest, secret: str) -> None:
    if not request.signature or request.signature_version.lower() != "v2":
        raise SignatureMissing
    _require_equal(v2_signature(request, secret), request.signature)


def _require_equal(expected: str, given: str) -> None:
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise SignatureWrong
