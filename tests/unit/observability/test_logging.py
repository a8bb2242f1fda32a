import io
import json
import logging
from uuid import UUID

import pytest
import structlog

from sales_agent.observability.logging import bind, configure_logging
from sales_agent.observability.redaction import BLANK, redact_text
from sales_agent.observability.tracing import continued, use_trace

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def stream():
    """Where lines go; whoever was configured before is configured again afterwards."""
    root = logging.getLogger()
    handlers, level, config = root.handlers[:], root.level, structlog.get_config()
    stream = io.StringIO()
    configure_logging("info", stream=stream)
    yield stream
    structlog.configure(**config)
    root.handlers[:], root.level = handlers, level


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_event_level_and_time(stream):
    structlog.get_logger().info("draft.created", draft_id="d1", sentences=3)
    [line] = lines(stream)
    assert line.pop("at").endswith("Z")
    assert line == {"event": "draft.created", "level": "info", "draft_id": "d1", "sentences": 3}


def test_ids_are_on_every_line_inside_the_block_and_on_none_behind_it(stream):
    log = structlog.get_logger()
    run_id = UUID(int=7)
    with bind(tenant_id="t1", run_id=run_id, draft_id=None):
        with bind(step="write_draft"):
            log.info("step.done")
        log.info("run.done")
    log.info("idle")
    first, second, third = lines(stream)
    assert (first["tenant_id"], first["run_id"], first["step"]) == ("t1", str(run_id), "write_draft")
    assert "draft_id" not in first
    assert "step" not in second
    assert "tenant_id" not in third


def test_the_trace_is_on_every_line_of_its_block(stream):
    log = structlog.get_logger()
    with use_trace(continued(TRACE)):
        log.info("inside")
        logging.getLogger("some.library").warning("inside too")
    log.info("outside")
    inside, library, outside = lines(stream)
    assert inside["trace_id"] == library["trace_id"] == TRACE
    assert "trace_id" not in outside


def test_lines_below_the_level_are_not_written(stream):
    structlog.get_logger().debug("quiet")
    logging.getLogger("some.library").debug("quiet")
    assert lines(stream) == []


@pytest.mark.parametrize("name", ["uvicorn.error", "celery", "celery.worker", "asyncio", "some.library"])
def test_libraries_write_through_the_same_door(stream, name):
    logging.getLogger(name).warning("lost %s to %s", "the connection", "redis")
    [line] = lines(stream)
    assert (line["event"], line["level"], line["logger"]) == ("lost the connection to redis", "warning", name)


@pytest.mark.parametrize("name", ["uvicorn.access", "celery.app.trace", "celery.worker.strategy"])
def test_libraries_that_say_what_we_say_better_are_quiet(stream, name):
    logging.getLogger(name).info("GET /x?token=abc")
    assert lines(stream) == []


def test_configuring_twice_writes_no_line_twice(stream):
    configure_logging("info", stream=stream)
    logging.getLogger("uvicorn.error").info("once")
    structlog.get_logger().info("once")
    assert len(lines(stream)) == 2


def test_an_exception_is_told_without_the_addresses_in_its_text(stream):
    log = structlog.get_logger()
    try:
        int("no mailbox anna@secret.example")
    except ValueError:
        log.exception("send.failed")
        logging.getLogger("some.library").exception("it broke")
    ours, theirs = lines(stream)
    for line in (ours, theirs):
        assert "ValueError" in line["exception"]
        assert "anna" not in json.dumps(line)


def test_the_console_form_is_for_people():
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level, config = root.handlers[:], root.level, structlog.get_config()
    configure_logging("debug", "console", stream=stream)
    structlog.get_logger().debug("draft.created", draft_id="d1")
    structlog.configure(**config)
    root.handlers[:], root.level = handlers, level
    assert "draft.created" in stream.getvalue()
    assert "draft_id=d1" in stream.getvalue()


SECRETS = [
    ("url", "https://mara:pa55word@db.example/x", "pa55word"),
    ("url", "https://x.example/cb?code=abc123def&state=1", "abc123def"),
    ("url", "https://x.example/contacts/anna%40secret.example", "anna"),
    ("detail", "wrote to anna@secret.example twice", "anna"),
    ("detail", "Authorization: Bearer abcdefghijkl", "abcdefghijkl"),
    ("detail", "key pat-na1-1a2b3c4d-5e6f", "1a2b3c4d"),
    ("detail", "token ya29.a0AfH6SMBexample", "a0AfH6"),
    ("detail", "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "eyJzdWIi"),  # pragma: allowlist secret
    ("reason", "sk-proj-abcdefghijklmnop", "abcdefgh"),
    ("access_token", "plain-looking", "plain"),
    ("client_secret", "plain-looking", "plain"),
    ("Authorization", "plain-looking", "plain"),
    ("password", "plain-looking", "plain"),
    ("body", "Dear Anna", "Anna"),
    ("subject", "Your question", "question"),
    ("recipient", "anna", "anna"),
    ("payload", {"firstname": "Anna"}, "Anna"),
    ("facts", {"email": "x", "deep": {"who": "anna@secret.example"}}, "anna"),
    ("facts", ["anna@secret.example", ("b", "anna@secret.example")], "anna"),
    ("facts", ValueError("anna@secret.example"), "anna"),
    ("blob", b"anna@secret.example", "anna"),
]


@pytest.mark.parametrize(("key", "value", "canary"), SECRETS)
def test_neither_people_nor_secrets_reach_a_line(stream, key, value, canary):
    structlog.get_logger().info("something.happened", **{key: value})
    assert "something.happened" in stream.getvalue()
    assert canary not in stream.getvalue()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("draft_id", "0192f0c1-7d2e-7cc3-98c4-dc0c0c07398f"),
        ("message_id", "18c2f7a9b1"),
        ("lease_token", 41),
        ("tokens", 1200),
        ("path", "/api/drafts/7?limit=20"),
        ("step", "write_draft"),
        ("error", "DraftAlreadySent"),
        ("is_ok", True),
        ("nothing", None),
        ("ids", ["a", "b"]),
        ("seconds", 0.25),
    ],
)
def test_ids_numbers_and_names_of_things_stay_readable(stream, key, value):
    structlog.get_logger().info("something.happened", **{key: value})
    [line] = lines(stream)
    assert line[key] == value


def test_a_text_without_anything_to_hide_is_unchanged():
    text = "draft created in 3 steps: ok & done?"
    assert redact_text(text) == text
    assert redact_text("ask anna@secret.example!") == f"ask {BLANK}"
