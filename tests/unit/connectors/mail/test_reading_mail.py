"""What mailboxes really hold is read without a crash: broken charsets, encoded words, nested parts, foreign HTML."""

import base64

import pytest

from sales_agent.connectors.errors import Transient
from sales_agent.connectors.mail.gmail.html_text import text_of_html
from sales_agent.connectors.mail.gmail.parse import message_of, thread_of


def part(
    content: bytes, mime_type: str = "text/plain", charset: str = "utf-8", filename: str = ""
) -> dict[str, object]:
    headers = [{"name": "Content-Type", "value": f'{mime_type}; charset="{charset}"'}]
    data = base64.urlsafe_b64encode(content).decode().rstrip("=")
    return {"mimeType": mime_type, "filename": filename, "headers": headers, "body": {"data": data}}


def message(payload: dict[str, object], **headers: str) -> dict[str, object]:
    listed = [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    own = payload.get("headers", [])
    assert isinstance(own, list)
    return {
        "id": "1",
        "threadId": "2",
        "internalDate": "1700000000000",
        "payload": {**payload, "headers": listed + own},
    }


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("Grüße".encode(), "utf-8", "Grüße"),
        ("Grüße".encode(), "iso-8859-1", "Grüße"),
        ("Grüße".encode("latin-1"), "iso-8859-1", "Grüße"),
        ("Grüße".encode("latin-1"), "no-such-charset", "Grüße"),
        ("Grüße".encode("latin-1"), "utf-8", "Gr\ufffd\ufffde"),
        ("こんにちは".encode("shift_jis"), "shift_jis", "こんにちは"),
        (b"", "utf-8", ""),
    ],
)
def test_text_is_read_whatever_the_header_claims(content: bytes, charset: str, text: str) -> None:
    assert message_of(message(part(content, charset=charset))).text == text


def test_plain_text_is_preferred_and_attachments_are_left_alone() -> None:
    alternative = {
        "mimeType": "multipart/alternative",
        "parts": [part(b"plain words"), part(b"<p>html words</p>", "text/html")],
    }
    whole = {"mimeType": "multipart/mixed", "parts": [alternative, part(b"a,b", filename="prices.csv")]}
    assert message_of(message(whole)).text == "plain words"


def test_an_empty_plain_part_gives_way_to_the_html() -> None:
    whole = {"mimeType": "multipart/alternative", "parts": [part(b" \r\n"), part(b"<p>Hello</p>", "text/html")]}
    assert message_of(message(whole)).text == "Hello"


def test_headers_are_decoded_after_they_are_split() -> None:
    found = message_of(
        message(
            part(b"x"),
            From="=?utf-8?q?M=C3=BCller=2C_J=C3=B6rg?= <Joerg@Nordwind.example>",
            To='"Mara, L." <mara@brightpath.example>, team@brightpath.example',
            Cc="Mara <mara@brightpath.example>",
            Subject="=?iso-8859-1?q?Gr=FC=DFe?= =?utf-8?b?8J+OiQ==?=",
            Message_ID=" <a@nordwind.example> ",
            References="<x@y.example>\r\n <z@y.example>",
        )
    )
    assert (found.from_name, found.from_address) == ("Müller, Jörg", "joerg@nordwind.example")
    assert found.to_addresses == ("mara@brightpath.example", "team@brightpath.example")
    assert found.subject == "Grüße🎉"
    assert (found.message_id_header, found.references) == ("<a@nordwind.example>", "<x@y.example> <z@y.example>")


@pytest.mark.parametrize(
    "subject", ["=?utf-8?q?=ZZ?=", "=?no-such?q?x?=", "=?utf-8?b?###?=", "=?utf-8?b?/w==?=", "\udcff"]
)
def test_broken_encoded_words_stay_readable_somehow(subject: str) -> None:
    assert isinstance(message_of(message(part(b"x"), Subject=subject)).subject, str)


def test_a_message_without_anything_is_still_a_message() -> None:
    found = message_of({"id": "1", "threadId": "2"})
    assert (found.from_address, found.to_addresses, found.text, found.subject) == ("", (), "", "")


@pytest.mark.parametrize(
    "answer", [{}, {"id": "1"}, {"id": True}, {"messages": 3}, {"id": "t", "messages": [{"a": 1}]}]
)
def test_what_is_no_thread_is_the_providers_fault(answer: dict[str, object]) -> None:
    try:
        assert thread_of(answer).messages == ()
    except Transient as fault:
        assert "the answer has no" in fault.detail  # noqa: PT017 - both outcomes are right


def test_parts_nested_without_end_do_not_end_us() -> None:
    nested: dict[str, object] = part(b"deep")
    for _ in range(5000):
        nested = {"mimeType": "multipart/mixed", "parts": [nested]}
    assert message_of(message(nested)).text == "deep"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<div>One<div>Two</div></div>Three", "One\nTwo\nThree"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<p>Hi</p><blockquote><p>old</p><blockquote>older</blockquote></blockquote>", "Hi\n\n> old\n>\n> > older"),
        ("<table><tr><td>a</td> <td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("<script>x()</script><style>p{}</style><title>t</title>seen", "seen"),
        ("<img src=x onerror=alert(1)><a href='https://x.example'>link</a>", "link"),
        ("un<b>bro</b>ken <p>unclosed", "unbroken\nunclosed"),
        ("</blockquote>stray", "stray"),
        ("", ""),
    ],
)
def test_html_becomes_the_text_that_a_reader_sees(source: str, text: str) -> None:
    assert text_of_html(source) == text
