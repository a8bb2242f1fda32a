import pytest

from sales_agent.content import Severity
from sales_agent.safety.checks.links import check_links
from tests.factories.safety import ASSET_LINK, SELLER, codes, found_words, make_draft, with_body

ALLOWED = ("docs.partner.example",)


def links(text: str, **changes: object):
    return list(check_links(with_body(text, link_domains=ALLOWED, **changes)))


@pytest.mark.parametrize(
    "text",
    [
        f"Here is the guide: {ASSET_LINK}.",
        f"(the guide: {ASSET_LINK})",
        "See https://northwind.example/plans for more.",
        "See northwind.example or www.northwind.example.",
        "The page https://help.northwind.example/start, as promised.",
        "Read https://docs.partner.example/a/b#c.",
        f"Write to mailto:{SELLER} any time.",
        "It runs on Node.js, as report.pdf and plan.xlsx say.",
        "It takes 1.5 hours, e.g. on Monday, i.e. tomorrow at 10.30 in St.Gallen.",
        "We agreed.Then we met Dr.Smith of the U.S. team.",
        "and/or on/off 24/7 1:1 note: this",
        "Version 2.11.4 came out.",
    ],
)
def test_allowed_links_and_things_that_are_none_pass(text):
    assert not links(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://evil.example/x", "link_not_allowed"),
        ("http://evil.example", "link_not_allowed"),
        ("HTTPS://EVIL.EXAMPLE", "link_not_allowed"),
        ("www.evil.example", "link_not_allowed"),
        ("go to evil.com now", "link_not_allowed"),
        ("evil.ninja", "link_not_allowed"),
        ("evil.com:8080/a", "link_not_allowed"),
        ("//evil.com/x", "link_not_allowed"),
        ("https:evil.com", "link_not_allowed"),
        ("https:\\\\evil.com\\x", "link_not_allowed"),
        ("https:///evil.com", "link_not_allowed"),
        ("evil\u3002com", "link_not_allowed"),
        ("https://northwind.example.evil.com/", "link_not_allowed"),
        ("https://evilnorthwind.example/", "link_not_allowed"),
        ("https://partner.example/", "link_not_allowed"),
        ("https://drive.google.com/file/d/another/view", "link_not_allowed"),
        ("https://evil.com/https://northwind.example", "link_not_allowed"),
        ("https://northwind.example@evil.com/", "link_userinfo"),
        ("https://northwind.example:443@evil.com/", "link_userinfo"),
        ("https://%65vil.com/", "link_encoded_host"),
        ("https://xn--nrthwind-n4a.example/", "link_lookalike_host"),
        ("https://n\u043erthwind.example/", "link_lookalike_host"),
        ("n\u043erthwind.com", "link_lookalike_host"),
        ("http://127.0.0.1/", "link_ip_address"),
        ("http://2130706433/", "link_ip_address"),
        ("http://0x7f000001/", "link_ip_address"),
        ("https://[::1]/", "link_ip_address"),
        ("10.2.1.4:8080", "link_ip_address"),
        ("https://bit.ly/3xYz", "link_shortener"),
        ("tinyurl.com/abc", "link_shortener"),
        ("javascript:alert(1)", "link_scheme"),
        ("data:text/html;base64,PGI+", "link_scheme"),
        ("ftp://northwind.example/x", "link_scheme"),
        ("hxxps://northwind.example", "link_scheme"),
        ("file:///etc/passwd", "link_scheme"),
        ("mailto:thief@evil.com", "link_mailto"),
        (f"mailto:{SELLER}?bcc=thief@evil.com", "link_mailto"),
        ("https://northwind.example/go?to=https://evil.com", "link_redirect"),
        ("https://northwind.example/go?to=https%3A%2F%2Fevil.com", "link_redirect"),
        ("https://northwind.example/go?to=%252F%252Fevil.com", "link_redirect"),
        ("https://northwind.example//evil.com", "link_redirect"),
        ("[our page](https://evil.com)", "markdown_link"),
        ("[our page][1]", "markdown_link"),
        ("[1]: https://evil.com/x", "markdown_link"),
        ("![](https://evil.com/x.png)", "markdown_link"),
        ('<a href="https://northwind.example">x</a>', "html_markup"),
        ("<img src=x>", "html_markup"),
        ("< script >", "html_markup"),
        ("evil[.]com", "link_spelled_out"),
        ("evil (dot) com", "link_spelled_out"),
        ("evil dot com", "link_spelled_out"),
    ],
)
def test_every_other_link_is_blocked_under_its_own_name(text, code):
    findings = links(f"Please see {text}")
    assert code in codes(findings)
    assert all(finding.severity is Severity.BLOCK for finding in findings if finding.code == code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://northwind.example/?who=jo", "link_with_query"),
        ("http://northwind.example/", "link_not_encrypted"),
        ("brightfab.example", "link_to_recipient"),
    ],
)
def test_what_a_person_may_decide_is_a_warning(text, code):
    [finding] = links(f"See {text}")
    assert (finding.code, finding.severity) == (code, Severity.WARN)


def test_the_recipients_domain_with_a_path_is_a_link_like_any_other():
    assert codes(links("See brightfab.example/login")) == {"link_not_allowed"}


def test_a_domain_without_a_dot_allows_nothing():
    assert codes(check_links(with_body("See evil.com", link_domains=("com", "")))) == {"link_not_allowed"}


def test_without_a_sellers_address_no_domain_is_the_sellers():
    draft = with_body("See anything.example")
    assert codes(check_links(draft)) == {"link_not_allowed"}


def test_an_address_is_no_link():
    assert not links("I am dana.reyes@northwind.example at your service")


def test_two_asset_links_are_one_too_many():
    other = ASSET_LINK.replace("1AbC", "2AbC")
    draft = with_body(f"See {ASSET_LINK} and {other}", asset_links=(ASSET_LINK, other))
    assert codes(check_links(draft)) == {"too_many_asset_links"}


def test_an_asset_link_may_stand_twice():
    assert not list(check_links(with_body(f"See {ASSET_LINK}. Again: {ASSET_LINK}")))


def test_the_subject_is_searched_and_the_span_is_the_link():
    draft = make_draft(subject="Look: https://evil.com/a, now")
    [finding] = check_links(draft)
    assert found_words(draft, finding) == "https://evil.com/a"
