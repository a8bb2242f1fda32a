"""Only genuine, fresh requests come in."""

import datetime as dt
from dataclasses import replace

import pytest

from sales_agent.access.tenancy.models import SignaturePolicy
from sales_agent.pipeline.intake.signature import (
    SignatureMissing,
    SignatureStale,
    SignatureWrong,
    SignedRequest,
    decode_like_hubspot,
    v2_signature,
    v3_signature,
    verify,
)

SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
NOW = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)


def request(**changes: str | bytes) -> SignedRequest:
    plain = SignedRequest(
        method="POST",
        base_url="https://www.example.com",
        path_and_query="/webhook_uri",
        body=b'{"example_field":"example_value"}',
        timestamp=str(int(NOW.timestamp() * 1000)),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def signed_v3(**changes: str | bytes) -> SignedRequest:
    unsigned = request(**changes)
    return replace(unsigned, signature_v3=v3_signature(unsigned, SECRET))


def signed_v2(**changes: str | bytes) -> SignedRequest:
    unsigned = request(**changes)
    return replace(unsigned, signature=v2_signature(unsigned, SECRET), signature_version="v2")


def test_the_published_v2_vector_is_met():
    assert v2_signature(request(), SECRET) == "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900"


@pytest.mark.parametrize("policy", [SignaturePolicy.V3, SignaturePolicy.ANY])
def test_a_genuine_v3_request_comes_in(policy: SignaturePolicy):
    verify(signed_v3(), secret=SECRET, policy=policy, now=NOW)


@pytest.mark.parametrize("policy", [SignaturePolicy.V2, SignaturePolicy.ANY])
def test_a_genuine_v2_request_comes_in_where_v2_is_taken(policy: SignaturePolicy):
    verify(signed_v2(), secret=SECRET, policy=policy, now=NOW)


def test_a_stripped_v3_header_never_falls_back_to_v2():
    with pytest.raises(SignatureMissing):
        verify(signed_v2(), secret=SECRET, policy=SignaturePolicy.V3, now=NOW)


def test_a_wrong_v3_beside_a_right_v2_is_refused_where_either_is_taken():
    both = replace(signed_v2(), signature_v3="d3Jvbmc=")
    with pytest.raises(SignatureWrong):
        verify(both, secret=SECRET, policy=SignaturePolicy.ANY, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"body": b'{"example_field": "example_value"}'},  # the same JSON, other bytes
        {"method": "PUT"},
        {"base_url": "http://www.example.com"},
        {"path_and_query": "/webhook_uri?source=other"},
        {"timestamp": str(int(NOW.timestamp() * 1000) + 1)},
    ],
)
def test_whatever_the_signature_covers_may_not_change(changed: dict[str, str | bytes]):
    with pytest.raises(SignatureWrong):
        verify(replace(signed_v3(), **changed), secret=SECRET, policy=SignaturePolicy.V3, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("seconds", [-301, 301, -86400, 86400])
def test_a_request_signed_more_than_five_minutes_away_is_refused_both_ways(seconds: int):
    with pytest.raises(SignatureStale):
        verify(signed_v3(), secret=SECRET, policy=SignaturePolicy.V3, now=NOW + dt.timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-299, 299])
def test_a_clock_that_is_a_little_off_is_forgiven_both_ways(seconds: int):
    verify(signed_v3(), secret=SECRET, policy=SignaturePolicy.V3, now=NOW + dt.timedelta(seconds=seconds))


@pytest.mark.parametrize("timestamp", ["soon", "-", "9" * 40, "1e12"])
def test_an_odd_timestamp_is_refused_even_if_signed(timestamp: str):
    with pytest.raises(SignatureStale):
        verify(signed_v3(timestamp=timestamp), secret=SECRET, policy=SignaturePolicy.V3, now=NOW)


def test_a_source_without_a_secret_lets_nothing_in():
    unsigned = request()
    with_empty_key = replace(unsigned, signature_v3=v3_signature(unsigned, ""))
    with pytest.raises(SignatureMissing):
        verify(with_empty_key, secret="", policy=SignaturePolicy.V3, now=NOW)


def test_a_signature_that_is_not_ascii_is_wrong_and_not_a_crash():
    with pytest.raises(SignatureWrong):
        verify(replace(request(), signature_v3="ünïcode"), secret=SECRET, policy=SignaturePolicy.V3, now=NOW)


@pytest.mark.parametrize(
    ("sent", "hashed"),
    [
        ("/a?b=c%3Ad", "/a?b=c:d"),
        ("/a?b=%2f%2F", "/a?b=//"),
        ("/a?b=%253A", "/a?b=%253A"),  # undone once, not twice
        ("/a?b=%20%26", "/a?b=%20%26"),  # others stay
        ("/a?b=%", "/a?b=%"),
        ("/a?b=%3", "/a?b=%3"),
        ("/plain", "/plain"),
    ],
)
def test_escapes_are_undone_as_hubspot_undoes_them(sent: str, hashed: str):
    assert decode_like_hubspot(sent) == hashed


def test_off_takes_anything():
    verify(request(), secret="", policy=SignaturePolicy.OFF, now=NOW)
