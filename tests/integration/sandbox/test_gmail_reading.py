"""Threads and messages of the seller's mailbox, searched and read as Gmail shows them."""

import base64

import pytest

ME = "/gmail/v1/users/me"
ANNA = "anna.becker@nordwind-logistik.example"


def subjects(http, query):
    answer = http.get(f"{ME}/messages", params={"q": query})
    assert answer.status_code == 200, answer.text
    found = set()
    for row in answer.json().get("messages", []):
        message = http.get(f"{ME}/messages/{row['id']}", params={"format": "metadata"}).json()
        found |= {h["value"] for h in message["payload"]["headers"] if h["name"] == "Subject"}
    return found


def thread_with(http, address):
    (row,) = http.get(f"{ME}/threads", params={"q": f"from:{address}"}).json()["threads"]
    return http.get(f"{ME}/threads/{row['id']}").json()


def test_the_threads_with_a_person_are_found_and_read_in_order(http):
    thread = thread_with(http, ANNA)
    times = [int(message["internalDate"]) for message in thread["messages"]]
    assert len(times) == 3
    assert times == sorted(times)
    assert [message["labelIds"][0] for message in thread["messages"]] == ["INBOX", "SENT", "INBOX"]


def test_a_search_without_a_hit_has_no_list_at_all(http):
    assert http.get(f"{ME}/threads", params={"q": "from:nobody@nowhere.example"}).json() == {"resultSizeEstimate": 0}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("from:noah.fraser@southerncrosslifts.example", {"Quote for 80 lift technicians"}),
        ("to:(noah.fraser@southerncrosslifts.example)", {"Re: Quote for 80 lift technicians"}),
        ("subject:renewal from:grace", {"Re: Your Brightpath renewal"}),
        ("{from:claire.fontaine@lumiere-froid.example from:news@fieldweekly.example}", None),
        ("from:claire.fontaine@lumiere-froid.example OR from:news@fieldweekly.example", None),
        ("from:(claire.fontaine@lumiere-froid.example OR news@fieldweekly.example)", None),
        ("newer_than:3d", {"Field service weekly: five trends"}),
        ("older_than:180d", {"Please remove me"}),
        ("before:2025/09/15", {"Please remove me"}),
        ('"budget round"', {"Re: Brightpath at the workforce summit"}),
        ("from:jonas@brightpath.example -subject:discount", set()),
        ("in:inbox label:CATEGORY_PROMOTIONS", {"Field service weekly: five trends"}),
        ("rfc822msgid:seed-nothing@x.example", set()),
    ],
)
def test_gmails_operators_find_what_they_say(http, query, expected):
    either = {"Please remove me", "Field service weekly: five trends"}
    assert subjects(http, query) == (either if expected is None else expected)


def test_a_message_is_found_by_its_message_id(http):
    thread = thread_with(http, ANNA)
    headers = {h["name"]: h["value"] for h in thread["messages"][0]["payload"]["headers"]}
    answer = http.get(f"{ME}/messages", params={"q": f"rfc822msgid:{headers['Message-ID']}"}).json()
    assert [row["id"] for row in answer["messages"]] == [thread["messages"][0]["id"]]


def test_an_address_is_not_found_inside_a_longer_one(http, sandbox):
    sandbox.deliver(sender="joanna@person.example", subject="Longer", text="Hi")
    assert subjects(http, "from:anna@person.example") == set()


def test_gmail_compares_words_so_an_address_is_found_behind_a_hyphen(http, sandbox):
    sandbox.deliver(sender="jo-anna@person.example", subject="Behind a hyphen", text="Hi")
    assert subjects(http, "from:anna@person.example") == {"Behind a hyphen"}
    assert subjects(http, "{from:anna@person.example to:anna@person.example}") == {"Behind a hyphen"}


def test_spam_and_trash_are_searched_only_when_named(http, sandbox):
    mail = sandbox.deliver(sender="spam@person.example", subject="Spam", text="Buy")
    http.post(f"{ME}/messages/{mail['id']}/modify", json={"addLabelIds": ["SPAM"], "removeLabelIds": ["INBOX"]})
    assert subjects(http, "from:spam@person.example") == set()
    assert subjects(http, "from:spam@person.example in:anywhere") == {"Spam"}


@pytest.mark.parametrize(
    ("shown_as", "has"),
    [("full", {"payload"}), ("metadata", {"payload"}), ("minimal", set()), ("raw", {"raw"})],
)
def test_each_format_shows_its_own_parts(http, shown_as, has):
    message_id = thread_with(http, ANNA)["messages"][0]["id"]
    message = http.get(f"{ME}/messages/{message_id}", params={"format": shown_as}).json()
    assert {"payload", "raw"} & set(message) == has
    assert message["snippet"].startswith("Guten Tag Frau Lindqvist")


def test_the_text_of_a_full_message_is_base64url(http):
    part = thread_with(http, ANNA)["messages"][0]["payload"]
    assert part["mimeType"] == "text/plain"
    assert "Können Sie mir sagen" in base64.urlsafe_b64decode(part["body"]["data"]).decode()


def test_names_come_decoded_and_one_person_stays_one(http, sandbox):
    name = "=?utf-8?q?Bj=C3=B6rk=2C_Anna?="
    mail = sandbox.deliver(sender=f"{name} <anna@person.example>", subject="=?utf-8?b?R3LDvMOfZQ==?=", text="Hi")
    message = http.get(f"{ME}/messages/{mail['id']}", params={"format": "metadata"}).json()
    headers = {h["name"]: h["value"] for h in message["payload"]["headers"]}
    assert headers["From"] == '"Björk, Anna" <anna@person.example>'
    assert headers["Subject"] == "Grüße"
    found = http.get(f"{ME}/messages", params={"q": "from:anna@person.example"}).json()["messages"]
    assert [row["id"] for row in found] == [mail["id"]]


@pytest.mark.parametrize("subject", ["=?utf-8?b?broken", "=?utf-8?b?!!!?=", "=?no-such-charset?q?x?="])
def test_a_header_that_cannot_be_decoded_is_shown_as_it_came(http, subject):
    raw = base64.urlsafe_b64encode(f"To: a@person.example\r\nSubject: {subject}\r\n\r\nHi".encode()).decode()
    assert http.post(f"{ME}/messages/send", json={"raw": raw}).status_code == 200


def test_metadata_can_be_narrowed_to_named_headers(http):
    message_id = thread_with(http, ANNA)["messages"][0]["id"]
    wanted = {"format": "metadata", "metadataHeaders": ["message-id", "Subject"]}
    headers = http.get(f"{ME}/messages/{message_id}", params=wanted).json()["payload"]["headers"]
    assert {header["name"] for header in headers} == {"Message-ID", "Subject"}


def test_the_out_of_office_reply_and_the_bounce_carry_their_marks(http):
    away = thread_with(http, "mateus.prado@valeverde.example")["messages"][-1]
    bounce = thread_with(http, "mailer-daemon@mail.example")["messages"][-1]
    away_headers, bounce_headers = (
        {h["name"]: h["value"] for h in message["payload"]["headers"]} for message in (away, bounce)
    )
    assert away_headers["Auto-Submitted"] == "auto-replied"
    assert bounce_headers["Return-Path"] == "<>"


def test_a_reply_of_a_person_lands_in_the_thread_it_answers(http, sandbox):
    thread = thread_with(http, ANNA)
    mail = sandbox.deliver(sender=ANNA, thread_id=thread["id"], text="Noch eine Frage.")
    assert mail["threadId"] == thread["id"]
    assert len(thread_with(http, ANNA)["messages"]) == 4


def test_labels_are_made_once_and_must_exist_to_be_used(http):
    made = http.post(f"{ME}/labels", json={"name": "Sales Agent/Drafted"})
    assert http.post(f"{ME}/labels", json={"name": "sales agent/drafted"}).status_code == 409
    thread_id = thread_with(http, ANNA)["id"]
    changed = http.post(f"{ME}/threads/{thread_id}/modify", json={"addLabelIds": [made.json()["id"]]})
    assert all(made.json()["id"] in message["labelIds"] for message in changed.json()["messages"])
    refused = http.post(f"{ME}/threads/{thread_id}/modify", json={"addLabelIds": ["Sales Agent/Drafted"]})
    assert refused.status_code == 400
    assert "Invalid label" in refused.json()["error"]["message"]


def test_history_tells_what_came_since_a_cursor_and_forgets(http, sandbox):
    start = http.get(f"{ME}/profile").json()["historyId"]
    assert "history" not in http.get(f"{ME}/history", params={"startHistoryId": start}).json()
    mail = sandbox.deliver(sender="new@person.example", subject="New", text="Hi")
    query = {"startHistoryId": start, "historyTypes": "messageAdded", "labelId": "INBOX"}
    (change,) = http.get(f"{ME}/history", params=query).json()["history"]
    assert change["messagesAdded"][0]["message"]["id"] == mail["id"]
    sandbox.command("gmail/forget-history")
    assert http.get(f"{ME}/history", params=query).status_code == 404
    fresh = http.get(f"{ME}/profile").json()["historyId"]
    assert http.get(f"{ME}/history", params={"startHistoryId": fresh}).status_code == 200


def test_a_watch_needs_a_topic_and_ends_after_a_week(http):
    assert http.post(f"{ME}/watch", json={"topicName": "mail"}).status_code == 400
    answer = http.post(f"{ME}/watch", json={"topicName": "projects/p/topics/mail", "labelIds": ["INBOX"]}).json()
    assert set(answer) == {"historyId", "expiration"}
    assert http.post(f"{ME}/stop").status_code == 204
