import asyncio

import pytest

from sales_agent.observability.tracing import (
    continued,
    current_trace,
    current_trace_id,
    new_trace_id,
    trace_from,
    use_trace,
)

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"


def test_a_callers_trace_is_continued_with_a_span_of_our_own():
    trace = trace_from([(b"host", b"x"), (b"traceparent", f"00-{TRACE}-{SPAN}-01".encode())])
    assert trace.trace_id == TRACE
    assert trace.span_id != SPAN
    assert trace.request_id == trace.span_id
    assert trace.traceparent() == f"00-{TRACE}-{trace.span_id}-01"


@pytest.mark.parametrize(
    "header", [f"00-{TRACE}-{SPAN}-00", f" 00-{TRACE}-{SPAN}-01 ", f"cc-{TRACE}-{SPAN}-01-what-comes-later"]
)
def test_other_flags_and_later_versions_are_understood(header):
    assert trace_from([(b"traceparent", header.encode())]).trace_id == TRACE


@pytest.mark.parametrize(
    "header",
    [
        "",
        "x",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE[:-1]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01\r\nx: y",
    ],
)
def test_what_the_specification_calls_invalid_begins_a_new_trace(header):
    trace = trace_from([(b"traceparent", header.encode())])
    assert len(trace.trace_id) == 32
    assert trace.trace_id != TRACE


def test_a_callers_request_id_is_kept_if_it_is_harmless():
    assert trace_from([(b"x-request-id", b"abc-123_X.9")]).request_id == "abc-123_X.9"


@pytest.mark.parametrize(
    "request_id", [b"", b"a b", b"<script>", b"x\r\ny", b"x" * 65, "\u00fc".encode(), b"a@b.example"]
)
def test_a_harmful_request_id_is_replaced(request_id):
    trace = trace_from([(b"x-request-id", request_id)])
    assert trace.request_id == trace.span_id


def test_ids_are_random_hexadecimal_digits():
    ids = {new_trace_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(trace_id) == 32 and int(trace_id, 16) for trace_id in ids)


def test_a_stored_trace_is_continued_and_a_missing_one_begun():
    assert continued(TRACE).trace_id == TRACE
    assert len(continued(None).trace_id) == 32
    assert len(continued("").trace_id) == 32


def test_outside_of_any_trace_there_is_none_but_always_an_id_to_store():
    assert current_trace() is None
    assert len(current_trace_id()) == 32


def test_the_inner_trace_gives_way_to_the_outer_again():
    with use_trace(continued(TRACE)) as outer:
        with use_trace(continued(None)) as inner:
            assert current_trace() is inner
        assert current_trace() is outer
        assert current_trace_id() == TRACE
    assert current_trace() is None


async def test_tasks_side_by_side_keep_their_own_traces():
    async def job(trace_id: str) -> str:
        with use_trace(continued(trace_id)):
            await asyncio.sleep(0)
            return current_trace_id()

    ids = [new_trace_id() for _ in range(20)]
    assert await asyncio.gather(*(job(trace_id) for trace_id in ids)) == ids
