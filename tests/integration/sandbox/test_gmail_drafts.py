"""Drafts and sending: a send consumes the draft, a reply needs all three conditions, Message-ID is Gmail's."""

import base64

import pytest

ME = "/gmail/v1/users/me"
ANNA = "anna.becker@nordwind-logistik.example"


def raw(**headers):
    text = headers.pop("text", "Hello")
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    mail = f"{lines}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    return base64.urlsafe_b64encode(mail.encode()).decode()


def draft(http, raw_mail, thread_id=""):
    message = {"raw": raw_mail, **({"threadId": thread_id} if thread_id else {})}
    answer = http.post(f"{ME}/drafts", json={"message": message})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def parent(http):
    """The last mail of Anna's thread: thread id, Message-ID and subject."""
    (row,) = http.get(f"{ME}/threads", params={"q": f"from:{ANNA}"}).json()["threads"]
    last = http.get(f"{ME}/threads/{row['id']}").json()["messages"][-1]
    headers = {h["name"]: h["value"] for h in last["payload"]["headers"]}
    return {"thread_id": row["id"], "message_id": headers["Message-ID"], "subject": headers["Subject"]}


def reply(parent, **changes):
    headers = {
        "To": ANNA,
        "Subject": parent["subject"],
        "In_Reply_To": parent["message_id"],
        "References": parent["message_id"],
        **changes,
    }
    return raw(**{name: value for name, value in headers.items() if value})


def test_a_draft_that_answers_properly_joins_its_thread(http, parent):
    made = draft(http, reply(parent), parent["thread_id"])
    assert made["message"]["threadId"] == parent["thread_id"]
    assert made["message"]["labelIds"] == ["DRAFT"]


@pytest.mark.parametrize(
    "change", [{"Subject": "Something else"}, {"In_Reply_To": "", "References": ""}], ids=["subject", "references"]
)
def test_a_reply_that_misses_a_condition_begins_a_thread_of_its_own(http, parent, change):
    made = draft(http, reply(parent, **change), parent["thread_id"])
    assert made["message"]["threadId"] != parent["thread_id"]


def test_a_reply_without_the_thread_id_begins_a_thread_of_its_own(http, parent):
    assert draft(http, reply(parent))["message"]["threadId"] != parent["thread_id"]


def test_a_draft_for_a_thread_that_does_not_exist_is_refused(http, parent):
    message = {"raw": reply(parent), "threadId": "ffff"}
    assert http.post(f"{ME}/drafts", json={"message": message}).status_code == 404


def test_a_mail_in_plain_base64_or_none_at_all_is_refused(http):
    plain = base64.b64encode(b"To: a@person.example\r\nSubject: \xff\xfe?>\r\n\r\n~~~???").decode()
    assert "/" in plain or "+" in plain
    for message in ({"raw": plain}, {"raw": ""}, {}):
        assert http.post(f"{ME}/drafts", json={"message": message}).status_code == 400
    assert http.post(f"{ME}/drafts", json={}).status_code == 400


def test_replacing_a_draft_keeps_its_id_and_changes_its_message(http, sandbox, parent):
    made = draft(http, reply(parent), parent["thread_id"])
    message = {"raw": reply(parent, text="Second version"), "threadId": parent["thread_id"]}
    replaced = http.put(f"{ME}/drafts/{made['id']}", json={"id": made["id"], "message": message}).json()
    assert replaced["id"] == made["id"]
    assert replaced["message"]["id"] != made["message"]["id"]
    (kept,) = sandbox.state("drafts")
    assert kept["message"]["text"].strip() == "Second version"
    assert kept["message"]["threadId"] == parent["thread_id"]


def test_sending_consumes_the_draft_and_a_second_send_finds_nothing(http, sandbox, parent):
    made = draft(http, reply(parent), parent["thread_id"])
    sent = http.post(f"{ME}/drafts/send", json={"id": made["id"]}).json()
    assert sent["labelIds"] == ["SENT"]
    assert sent["threadId"] == parent["thread_id"]
    assert sent["id"] != made["message"]["id"]
    assert http.get(f"{ME}/messages/{made['message']['id']}").status_code == 404
    assert http.get(f"{ME}/drafts/{made['id']}").status_code == 404
    again = http.post(f"{ME}/drafts/send", json={"id": made["id"]})
    assert (again.status_code, again.json()["error"]["status"]) == (404, "NOT_FOUND")
    assert len(sandbox.state("sent")) == 1


def test_gmail_puts_its_own_message_id_on_what_it_sends_and_keeps_other_headers(http, sandbox):
    mail = raw(To="a@person.example", Subject="Hi", Message_ID="<ours@brightpath.example>", X_Effect="e-1")
    sent = http.post(f"{ME}/messages/send", json={"raw": mail}).json()
    full = http.get(f"{ME}/messages/{sent['id']}").json()
    headers = {h["name"]: h["value"] for h in full["payload"]["headers"]}
    assert headers["Message-ID"] != "<ours@brightpath.example>"
    assert headers["X-Effect"] == "e-1"
    assert headers["From"] == "Mara Lindqvist <mara@brightpath.example>"
    assert sandbox.state("sent")[0]["text"].strip() == "Hello"


def test_gmail_can_be_told_to_keep_the_message_id(http, sandbox):
    sandbox.settings(keeps_message_id=True)
    mail = raw(To="a@person.example", Subject="Hi", Message_ID="<ours@brightpath.example>")
    http.post(f"{ME}/messages/send", json={"raw": mail})
    assert sandbox.state("sent")[0]["message_id"] == "<ours@brightpath.example>"


@pytest.mark.parametrize("keeps", [True, False])
def test_a_draft_has_a_message_id_of_gmails_making_which_sending_keeps_or_not(http, sandbox, keeps):
    sandbox.settings(keeps_message_id=keeps)
    made = draft(http, raw(To="a@person.example", Subject="Hi"))
    before = sandbox.state("drafts")[0]["message"]["message_id"]
    assert before.endswith("@mail.gmail.example>")
    http.post(f"{ME}/drafts/send", json={"id": made["id"]})
    assert (sandbox.state("sent")[0]["message_id"] == before) is keeps


def test_a_new_mail_keeps_the_thread_that_its_draft_began(http):
    made = draft(http, raw(To="a@person.example", Subject="Hi"))
    sent = http.post(f"{ME}/drafts/send", json={"id": made["id"]}).json()
    assert sent["threadId"] == made["message"]["threadId"]


def test_a_draft_without_a_recipient_is_refused_and_survives(http, sandbox):
    made = draft(http, raw(Subject="Nobody"))
    refused = http.post(f"{ME}/drafts/send", json={"id": made["id"]})
    assert refused.status_code == 400
    assert "Recipient address required" in refused.json()["error"]["message"]
    assert len(sandbox.state("drafts")) == 1
    assert sandbox.state("sent") == []


def test_a_deleted_draft_is_gone_with_its_message(http, sandbox):
    made = draft(http, raw(To="a@person.example", Subject="Hi"))
    assert http.delete(f"{ME}/drafts/{made['id']}").status_code == 204
    assert http.delete(f"{ME}/drafts/{made['id']}").status_code == 404
    assert sandbox.state("drafts") == []


def test_drafts_are_listed_newest_first_and_can_be_searched(http):
    first = draft(http, raw(To="a@person.example", Subject="First"))
    second = draft(http, raw(To="b@person.example", Subject="Second"))
    assert [d["id"] for d in http.get(f"{ME}/drafts").json()["drafts"]] == [second["id"], first["id"]]
    found = http.get(f"{ME}/drafts", params={"q": "to:a@person.example"}).json()["drafts"]
    assert [d["id"] for d in found] == [first["id"]]


def test_a_person_who_edits_a_draft_changes_its_id(http, sandbox):
    made = draft(http, raw(To="a@person.example", Subject="Hi"))
    edited = sandbox.command("gmail/ui-edit-draft", draft_id=made["id"], text="Changed by hand")
    assert edited["id"] != made["id"]
    assert http.get(f"{ME}/drafts/{made['id']}").status_code == 404
    assert sandbox.state("drafts")[0]["message"]["text"].strip() == "Changed by hand"


def test_a_person_who_sends_a_draft_leaves_nothing_to_send(http, sandbox):
    made = draft(http, raw(To="a@person.example", Subject="Hi"))
    sandbox.command("gmail/ui-send-draft", draft_id=made["id"])
    assert http.post(f"{ME}/drafts/send", json={"id": made["id"]}).status_code == 404
    assert [mail["to"] for mail in sandbox.state("sent")] == [["a@person.example"]]


@pytest.mark.parametrize("is_edited", [True, False])
def test_headers_of_ours_survive_a_send_by_hand_and_not_an_edit(http, sandbox, is_edited):
    made = draft(http, raw(To="a@person.example", Subject="Hi", X_Effect="e-1"))
    if is_edited:
        sandbox.command("gmail/ui-edit-draft", draft_id=made["id"], text="By hand", rotate_id=False)
    sent = sandbox.command("gmail/ui-send-draft", draft_id=made["id"])
    headers = {h["name"] for h in http.get(f"{ME}/messages/{sent['id']}").json()["payload"]["headers"]}
    assert ("X-Effect" in headers) is not is_edited


def test_a_person_who_deletes_a_draft_leaves_nothing_to_send(http, sandbox):
    made = draft(http, raw(To="a@person.example", Subject="Hi"))
    sandbox.command("gmail/ui-delete-draft", draft_id=made["id"])
    assert http.post(f"{ME}/drafts/send", json={"id": made["id"]}).status_code == 404
    assert sandbox.state("sent") == []


def test_a_subject_changed_by_hand_takes_the_sent_mail_out_of_its_thread(http, sandbox, parent):
    made = draft(http, reply(parent), parent["thread_id"])
    edited = sandbox.command("gmail/ui-edit-draft", draft_id=made["id"], subject="Something else", rotate_id=False)
    assert edited["message"]["threadId"] == parent["thread_id"]
    sent = http.post(f"{ME}/drafts/send", json={"id": made["id"]}).json()
    assert sent["threadId"] != parent["thread_id"]
