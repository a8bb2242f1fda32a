"""Lists come from anywhere: what is understood is taken, what is not is named by its line, and nothing is guessed."""

import datetime as dt
import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_agent.controls.models import SuppressionReason
from sales_agent.controls.suppression_entries import address_digest, domain_digest
from sales_agent.controls.suppression_file import (
    MOST_LINES,
    ListNotUnderstood,
    ListTooLong,
    SuppressionList,
    read_list,
    written_list,
)
from tests.factories.controls import make_suppression

TENANT = UUID("01a1fd33-7d38-7a59-a674-69d7333722a4")
SINCE = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
ADA, BOB = address_digest("ada@fabrikam.example"), address_digest("bob@fabrikam.example")
CONTOSO = domain_digest("contoso.example")


def read(text: str | bytes) -> SuppressionList:
    raw = text.encode() if isinstance(text, str) else text
    return read_list(raw, reason=SuppressionReason.MANUAL)


@pytest.mark.parametrize(
    "text",
    [
        "ada@fabrikam.example\nbob@fabrikam.example\ncontoso.example\n",
        "\ufeffEmail;Name\r\nAda+x@Fabrikam.example;Ada\r\n\r\nbob@fabrikam.example;Bob\r\n",
        f"{ADA}\n{BOB.upper()}\n@Contoso.example",
        f"address_digest,domain,kind\n{ADA},,address\n{BOB},,\n,contoso.example,domain",
        '{"email": "ada@fabrikam.example"}\n{"address_digest": "' + BOB + '"}\n{"domain": "contoso.example"}',
        "Email Address\tFirst\nada@fabrikam.example\tAda\nbob@fabrikam.example\tBob\n",
        '"ada@fabrikam.example"\r"bob@fabrikam.example"\r',
    ],
)
def test_lists_of_many_shapes_are_understood(text: str):
    found = read(text)

    assert found.bad == ()
    assert [entry.address_digest for entry in found.entries] == [ADA, BOB, CONTOSO][: len(found.entries)]
    assert len(found.entries) >= 2


def test_a_reason_of_its_own_counts_and_the_given_one_otherwise():
    found = read("email,reason\nada@fabrikam.example,opt_out\nbob@fabrikam.example,\n")

    assert [entry.reason for entry in found.entries] == ["opt_out", "manual"]


def test_a_bad_line_spoils_no_other_and_is_told_by_its_number_without_its_words():
    text = (
        'email,reason\nada@fabrikam.example,\n"unclosed,\nEve Example,\nbob@fabrikam.example,bored\n'
        "\nbob@fabrikam.example,bounce\n"
    )
    found = read(text)

    assert [(entry.address_digest, entry.reason) for entry in found.entries] == [(ADA, "manual"), (BOB, "bounce")]
    assert [bad.line for bad in found.bad] == [3, 4, 5]
    assert all("Eve" not in bad.says and "bored" not in bad.says for bad in found.bad)


def test_where_somebody_works_is_not_suppressed_for_a_missing_address():
    found = read("email,domain\nada@fabrikam.example,fabrikam.example\n,gmail.com\n")

    assert [entry.address_digest for entry in found.entries] == [ADA]
    assert [bad.line for bad in found.bad] == [3]


@pytest.mark.parametrize("line", ["[" * 100_000, "{", '{"email": 5}', '{"email": ["ada@fabrikam.example"]}', "5"])
def test_odd_json_is_a_bad_line(line: str):
    found = read('{"email": "ada@fabrikam.example"}\n' + line)

    assert [entry.address_digest for entry in found.entries] == [ADA]
    assert [bad.line for bad in found.bad] == [2]


def test_what_is_not_text_is_refused():
    with pytest.raises(ListNotUnderstood):
        read("ada@fabrikam.example".encode("utf-16"))


def test_a_list_too_long_is_refused_and_the_longest_is_read_soon():
    with pytest.raises(ListTooLong):
        read("a@b.example\n" * MOST_LINES)
    began = time.perf_counter()
    found = read("\n".join(f"p{number}@fabrikam.example" for number in range(10_000)))
    assert len(found.entries) == 10_000
    assert time.perf_counter() - began < 3


@given(st.binary(max_size=300))
def test_nothing_that_is_sent_breaks_the_reader(raw: bytes):
    try:
        found = read(raw)
    except ListNotUnderstood:
        return
    assert len(found.entries) + len(found.bad) <= raw.count(b"\n") + raw.count(b"\r") + 1


def test_what_is_written_is_read_again_the_same():
    rows = [
        make_suppression(TENANT, address_digest=ADA, kind="address", reason="opt_out", created_at=SINCE),
        make_suppression(
            TENANT, address_digest=CONTOSO, kind="domain", domain="contoso.example", reason="bounce", created_at=SINCE
        ),
    ]
    found = read(written_list(rows, with_header=True))

    assert found.bad == ()
    assert [(entry.kind, entry.address_digest, entry.domain, entry.reason) for entry in found.entries] == [
        ("address", ADA, None, "opt_out"),
        ("domain", CONTOSO, "contoso.example", "bounce"),
    ]
    assert written_list([], with_header=True).split() == ["kind,address_digest,domain,reason,source,since"]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", '=HYPERLINK("http://x.example")'])
def test_no_cell_is_a_formula(formula: str):
    row = make_suppression(TENANT, kind="domain", domain=formula, source=formula, reason="manual", created_at=SINCE)

    text = written_list([row], with_header=False)

    assert f",{formula}" not in text.replace('"', "")
    assert "'" + formula[0] in text
