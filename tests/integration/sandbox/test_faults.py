"""Fault orders: what is caught, how often, whether it was performed, and how the answer comes to harm."""

import json
import threading
import time

import httpx2
import pytest

CONTACTS = "/crm/objects/2026-03/contacts"
CONTACT = f"{CONTACTS}/1001"
NEW = {"properties": {"email": "new@person.example"}}
LOST = (httpx2.RemoteProtocolError, httpx2.ReadError)


def emails(sandbox):
    return [contact["properties"].get("email") for contact in sandbox.state("contacts")]


def test_a_status_is_answered_in_the_vendors_words_and_nothing_is_done(http, sandbox):
    sandbox.fault("status", path="contacts$", method="POST", status=503, headers={"Retry-After": "7"})
    answer = http.post(CONTACTS, json=NEW)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert answer.json()["status"] == "error"
    assert "new@person.example" not in emails(sandbox)
    assert http.post(CONTACTS, json=NEW).status_code == 201


@pytest.mark.parametrize(
    ("path", "status", "reason", "part"),
    [
        (CONTACT, 429, "DAILY", '"policyName": "DAILY"'),
        (CONTACT, 429, "", '"policyName": "TEN_SECONDLY_ROLLING"'),
        (CONTACT, 403, "", '"requiredGranularScopes"'),
        ("/gmail/v1/users/me/profile", 403, "rateLimitExceeded", '"domain": "usageLimits"'),
        ("/gmail/v1/users/me/profile", 429, "", "Rate Limit Exceeded"),
        ("/v1/models", 429, "", "rate_limit_exceeded"),
        ("/v1/models", 429, "insufficient_quota", '"code": "insufficient_quota"'),
    ],
)
def test_a_reason_chooses_the_vendors_body(http, sandbox, path, status, reason, part):
    sandbox.fault("status", status=status, reason=reason)
    answer = http.get(path)
    assert answer.status_code == status
    assert part in answer.text


def test_an_order_can_bring_a_body_of_its_own(http, sandbox):
    sandbox.fault("status", status=400, body={"error": "invalid_grant"})
    assert http.get(CONTACT).json() == {"error": "invalid_grant"}


def test_an_order_catches_the_nth_request_and_so_many_after_it(http, sandbox):
    sandbox.fault("status", path="/contacts/", nth=2, times=2, status=500)
    assert [http.get(CONTACT).status_code for _ in range(5)] == [200, 500, 500, 200, 200]
    assert [(order["seen"], order["caught"]) for order in sandbox.faults()] == [(5, 2)]


def test_an_order_without_an_end_holds_until_it_is_withdrawn(http, sandbox):
    order = sandbox.fault("status", provider="hubspot", times=0, status=500)
    assert {http.get(CONTACT).status_code for _ in range(5)} == {500}
    assert http.get("/gmail/v1/users/me/profile").status_code == 200
    sandbox.withdraw_faults(order)
    assert http.get(CONTACT).status_code == 200


def test_an_unknown_order_is_refused(sandbox):
    for order in ({"kind": "explode"}, {"kind": "status", "colour": "red"}, {"kind": "status", "path": "("}):
        answer = httpx2.post(f"{sandbox.url}/_sandbox/faults", json=order)
        assert answer.status_code == 400
    assert sandbox.faults() == []


@pytest.mark.parametrize(("kind", "acts"), [("drop_before", False), ("act_then_drop", True)])
def test_a_dropped_connection_leaves_the_work_done_or_not_as_ordered(http, sandbox, kind, acts):
    sandbox.fault(kind, method="POST", path="contacts$")
    with pytest.raises(LOST):
        http.post(CONTACTS, json=NEW)
    assert ("new@person.example" in emails(sandbox)) is acts
    (entry,) = sandbox.journal(path="contacts")
    assert (entry["fault"], entry["acted"]) == (kind, acts)


def test_a_server_error_can_follow_work_that_was_done(http, sandbox):
    sandbox.fault("act_then_status", method="POST", status=500)
    assert http.post(CONTACTS, json=NEW).status_code == 500
    assert "new@person.example" in emails(sandbox)


def test_a_held_answer_waits_until_the_order_is_withdrawn(http, sandbox):
    sandbox.fault("act_then_hold", method="POST", path="contacts$")
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(http.post(CONTACTS, json=NEW).status_code))
    waiting.start()
    sandbox.wait_for_request("contacts", method="POST")
    assert "new@person.example" in emails(sandbox)
    assert answers == []
    sandbox.withdraw_faults()
    waiting.join(5)
    assert answers == [201]


def test_a_request_held_before_it_is_performed_ends_without_an_answer(http, sandbox):
    sandbox.fault("hold_before", method="POST", seconds=0.1)
    with pytest.raises(LOST):
        http.post(CONTACTS, json=NEW)
    assert "new@person.example" not in emails(sandbox)


def test_a_delay_only_takes_time(http, sandbox):
    sandbox.fault("delay", seconds=0.3)
    began = time.monotonic()
    assert http.get(CONTACT).status_code == 200
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize("kind", ["malformed", "empty", "html"])
def test_a_spoiled_body_is_no_json_though_the_status_is_fine(http, sandbox, kind):
    sandbox.fault(kind)
    answer = http.get(CONTACT)
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_a_truncated_body_ends_before_its_length(http, sandbox):
    sandbox.fault("truncated")
    with pytest.raises(LOST):
        http.get(CONTACT)


def test_a_wrong_schema_is_good_json_of_another_shape(http, sandbox):
    sandbox.fault("wrong_schema")
    assert "properties" not in http.get(CONTACT).json()


def test_a_huge_answer_is_ten_megabytes_of_good_json(http, sandbox):
    sandbox.fault("huge")
    answer = http.get(CONTACT)
    assert len(answer.content) > 10_000_000
    assert answer.json()["id"] == "1001"


@pytest.mark.parametrize("kind", ["drip", "endless"])
def test_a_trickle_gives_bytes_but_no_end(http, sandbox, kind):
    sandbox.fault(kind, seconds=1.2)
    with http.stream("GET", CONTACT) as answer:
        pieces = answer.iter_raw()
        assert len(next(pieces)) >= 1
        with pytest.raises(LOST):
            list(pieces)


def test_a_reset_withdraws_every_order(http, sandbox):
    sandbox.fault("status", times=0, status=500)
    sandbox.reset()
    assert sandbox.faults() == []
    assert http.get(CONTACT).status_code == 200
