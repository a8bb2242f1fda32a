"""A cookie counts only with the token of its session, from a page of our own."""

import pytest

from sales_agent.access.auth.csrf import CrossSiteRefused, CsrfTokenWrong, refuse_cross_site, require_own_page
from sales_agent.access.auth.sessions import csrf_token
from sales_agent.access.auth.tokens import TokenKind, new_token

BASE_URL = "https://agent.fabrikam.example"
TOKEN = new_token(TokenKind.SESSION)
GOOD = {"x-csrf-token": csrf_token(TOKEN), "host": "agent.fabrikam.example"}


def judged(method: str, **headers: str) -> str:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        require_own_page(method, given, token=TOKEN, base_url=BASE_URL)
    except (CrossSiteRefused, CsrfTokenWrong) as refusal:
        return refusal.code()
    return "let through"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_changes_something_needs_the_token_of_this_session(method: str):
    another = csrf_token(new_token(TokenKind.SESSION))
    assert judged(method, **GOOD) == "let through"
    assert judged(method) == "csrf_token_wrong"
    assert judged(method, **{**GOOD, "x-csrf-token": ""}) == "csrf_token_wrong"
    assert judged(method, **{**GOOD, "x-csrf-token": another}) == "csrf_token_wrong"
    assert judged(method, **{**GOOD, "x-csrf-token": TOKEN}) == "csrf_token_wrong"
    assert judged(method, **{**GOOD, "x-csrf-token": "ä"}) == "csrf_token_wrong"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_what_changes_nothing_needs_none(method: str):
    assert judged(method, sec_fetch_site="cross-site", origin="https://evil.example") == "let through"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"sec-fetch-site": "same-origin"}, "let through"),
        ({"sec-fetch-site": "none"}, "let through"),
        ({"sec-fetch-site": "cross-site"}, "cross_site_refused"),
        ({"sec-fetch-site": "same-site"}, "cross_site_refused"),  # a neighbour's subdomain
        ({"origin": "https://agent.fabrikam.example"}, "let through"),
        ({"origin": "https://AGENT.fabrikam.example"}, "let through"),
        ({"origin": "https://evil.example"}, "cross_site_refused"),
        ({"origin": "https://agent.fabrikam.example.evil.example"}, "cross_site_refused"),
        ({"origin": "null"}, "cross_site_refused"),  # a sandboxed frame, or a file
        ({"origin": ""}, "cross_site_refused"),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, "cross_site_refused"),
        ({"origin": "https://agent.fabrikam.example", "host": "10.0.0.7:8000"}, "let through"),  # renamed by a proxy
        ({"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"}, "let through"),
        ({"origin": "null", "host": ""}, "cross_site_refused"),
    ],
)
def test_the_right_token_does_not_help_a_page_of_another_site(headers: dict[str, str], expected: str):
    assert judged("POST", **{**GOOD, **headers}) == expected


def test_a_program_says_nothing_of_pages_and_is_no_page():
    refuse_cross_site({}, base_url=BASE_URL)


def test_the_token_against_forgery_tells_nothing_of_the_session():
    made = csrf_token(TOKEN)
    assert made == csrf_token(TOKEN)
    assert made != csrf_token(new_token(TokenKind.SESSION))
    assert TOKEN[3:20] not in made
