from types import SimpleNamespace

import pytest
import structlog
from prometheus_client import REGISTRY

from sales_agent.observability.middleware import SECURITY_HEADERS, Observed, SecurityHeaders
from sales_agent.observability.tracing import current_trace

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"


@pytest.fixture(autouse=True)
def every_level_is_told():
    """Whatever a process configured before: here every line is looked at."""
    before = structlog.get_config()
    structlog.reset_defaults()
    yield
    structlog.configure(**before)


def scope(path="/api/drafts/7", *, method="GET", headers=(), query=b"", template="/api/drafts/{draft_id}"):
    found = {"type": "http", "method": method, "path": path, "query_string": query, "headers": list(headers)}
    return found | ({"route": SimpleNamespace(path=template)} if template else {})


async def receive():
    return {"type": "http.request", "body": b"", "more_body": False}


def answering(status=200, headers=()):
    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await send({"type": "http.response.body", "body": b"b"})

    return app


async def call(app, asked):
    sent = []

    async def send(message):
        sent.append(message)

    await app(asked, receive, send)
    return sent


def header(sent, name):
    return [value for key, value in sent[0]["headers"] if key.lower() == name]


def count(**labels):
    return REGISTRY.get_sample_value("sales_agent_http_answer_seconds_count", labels) or 0


async def test_every_answer_names_its_request_and_its_trace():
    asked = scope(headers=[(b"traceparent", f"00-{TRACE}-{SPAN}-01".encode()), (b"x-request-id", b"mine-1")])
    sent = await call(Observed(answering(headers=[(b"content-type", b"text/plain")])), asked)
    assert header(sent, b"x-request-id") == [b"mine-1"]
    [answered] = header(sent, b"traceresponse")
    assert answered.startswith(f"00-{TRACE}-".encode())
    assert header(sent, b"content-type") == [b"text/plain"]
    assert [message.get("body") for message in sent[1:]] == [b"a", b"b"]


async def test_the_trace_is_current_while_the_request_is_answered_and_not_behind():
    seen = []

    async def app(_scope, _receive, send):
        seen.append(current_trace())
        await answering()(_scope, _receive, send)

    await call(Observed(app), scope(headers=[(b"traceparent", f"00-{TRACE}-{SPAN}-01".encode())]))
    assert [trace.trace_id for trace in seen] == [TRACE]
    assert current_trace() is None


async def test_each_answer_is_told_once_by_its_template_without_query_and_path():
    asked = scope("/api/drafts/anna@secret.example", query=b"token=abc", headers=[(b"x-request-id", b"r1")])
    with structlog.testing.capture_logs() as logs:
        await call(Observed(answering(404)), asked)
    [line] = logs
    assert line.pop("seconds") >= 0
    assert line == {
        "event": "http.answered",
        "log_level": "info",
        "method": "GET",
        "route": "/api/drafts/{draft_id}",
        "status": 404,
        "request_id": "r1",
    }


@pytest.mark.parametrize(("status", "level"), [(200, "debug"), (302, "debug"), (503, "info")])
async def test_a_quiet_path_is_told_only_when_something_is_wrong(status, level):
    with structlog.testing.capture_logs() as logs:
        await call(Observed(answering(status)), scope("/health/ready", template="/health/ready"))
    assert [line["log_level"] for line in logs] == [level]


async def test_a_quiet_path_still_gets_its_trace():
    sent = await call(Observed(answering(), quiet_paths=["/hook"]), scope("/hook"))
    assert header(sent, b"traceresponse")


async def test_answers_are_measured_by_method_template_and_class_of_status():
    labels = {"method": "GET", "route": "/measured/{id}", "status": "2xx"}
    before = count(**labels)
    app = Observed(answering(201))
    await call(app, scope("/measured/1", template="/measured/{id}"))
    await call(app, scope("/measured/2", template="/measured/{id}"))
    assert count(**labels) == before + 2


async def test_strangers_cannot_invent_label_values():
    before = count(method="other", route="unmatched", status="4xx")
    await call(Observed(answering(404)), scope("/wp-login.php", method="BREW", template=None))
    assert count(method="other", route="unmatched", status="4xx") == before + 1


async def test_an_error_passes_through_and_counts_as_one():
    async def app(_scope, _receive, _send):
        raise LookupError("lost")

    before = count(method="GET", route="/broken", status="5xx")
    with structlog.testing.capture_logs() as logs, pytest.raises(LookupError):
        await call(Observed(app), scope("/broken", template="/broken"))
    assert count(method="GET", route="/broken", status="5xx") == before + 1
    assert [line["status"] for line in logs] == [500]
    assert current_trace() is None


async def test_a_caller_who_left_before_the_answer_counts_as_none():
    async def app(_scope, _receive, _send):
        return None

    before = count(method="GET", route="/left", status="none")
    await call(Observed(app), scope("/left", template="/left"))
    assert count(method="GET", route="/left", status="none") == before + 1


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
async def test_what_is_no_request_passes_untouched(kind):
    seen = []

    async def app(asked, _receive, _send):
        seen.append(asked)

    asked = {"type": kind}
    await call(Observed(SecurityHeaders(app)), asked)
    assert seen == [asked]


async def test_every_answer_carries_the_security_headers():
    sent = await call(SecurityHeaders(answering()), scope())
    assert dict(sent[0]["headers"]) == dict(SECURITY_HEADERS)


async def test_a_page_that_brings_its_own_policy_keeps_it_and_gets_the_rest():
    own = [(b"Content-Security-Policy", b"default-src 'self'"), (b"set-cookie", b"a"), (b"set-cookie", b"b")]
    sent = await call(SecurityHeaders(answering(headers=own)), scope())
    assert header(sent, b"content-security-policy") == [b"default-src 'self'"]
    assert header(sent, b"set-cookie") == [b"a", b"b"]
    assert header(sent, b"x-content-type-options") == [b"nosniff"]


async def test_an_answer_without_headers_gets_them_all():
    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 204})

    sent = await call(Observed(SecurityHeaders(app)), scope())
    assert len(sent[0]["headers"]) == len(SECURITY_HEADERS) + 2
