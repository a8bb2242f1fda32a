"""Free/busy with per-calendar errors, and events that exist once per id."""

import pytest

CALENDAR = "/calendar/v3"
EVENTS = f"{CALENDAR}/calendars/primary/events"
# The sandbox's present is Wednesday, 4 March 2026.
WEDNESDAY = {"timeMin": "2026-03-04T00:00:00+01:00", "timeMax": "2026-03-05T00:00:00+01:00"}
HALF_HOUR = {
    "start": {"dateTime": "2026-03-09T15:00:00+01:00"},
    "end": {"dateTime": "2026-03-09T15:30:00", "timeZone": "Europe/Berlin"},
}


def free_busy(http, *calendars, **window):
    body = {**WEDNESDAY, **window, "items": [{"id": calendar} for calendar in calendars]}
    answer = http.post(f"{CALENDAR}/freeBusy", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["calendars"]


def test_busy_spans_are_told_in_the_zone_asked_for(http):
    utc = free_busy(http, "primary")["primary"]
    local = free_busy(http, "primary", timeZone="Europe/Berlin")["primary"]
    assert utc["busy"][0] == {"start": "2026-03-04T08:00:00Z", "end": "2026-03-04T09:00:00Z"}
    assert local["busy"][0]["start"] == "2026-03-04T09:00:00+01:00"


def test_a_calendar_that_cannot_be_read_looks_free_but_carries_an_error(http):
    answer = free_busy(http, "mara@brightpath.example", "rooms-broken@brightpath.example", "nobody@brightpath.example")
    assert "errors" not in answer["mara@brightpath.example"]
    assert answer["rooms-broken@brightpath.example"] == {
        "errors": [{"domain": "global", "reason": "backendError"}],
        "busy": [],
    }
    assert answer["nobody@brightpath.example"]["errors"][0]["reason"] == "notFound"


def test_touching_appointments_are_one_span_and_transparent_ones_none(http):
    window = {"timeMin": "2026-03-09T00:00:00+01:00", "timeMax": "2026-03-10T00:00:00+01:00"}
    assert free_busy(http, "primary", **window)["primary"]["busy"] == [
        {"start": "2026-03-09T08:00:00Z", "end": "2026-03-09T12:30:00Z"}
    ]
    friday = {"timeMin": "2026-03-06T15:30:00+01:00", "timeMax": "2026-03-06T18:00:00+01:00"}
    assert free_busy(http, "primary", **friday)["primary"]["busy"] == []


@pytest.mark.parametrize(
    ("window", "reason"),
    [
        ({"timeMax": "2026-03-03T00:00:00Z"}, "timeRangeEmpty"),
        ({"timeMax": "2026-09-03T00:00:00Z"}, "timeRangeTooLong"),
        ({"timeMin": "2026-03-04T00:00:00"}, "badRequest"),
        ({"timeZone": "Mars/Olympus"}, "invalid"),
    ],
)
def test_an_odd_window_is_refused(http, window, reason):
    answer = http.post(f"{CALENDAR}/freeBusy", json={**WEDNESDAY, **window, "items": [{"id": "primary"}]})
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (400, reason)


def test_an_event_under_a_given_id_exists_once_even_after_it_was_deleted(http):
    event = {"id": "salesagent001", "summary": "Call", **HALF_HOUR}
    assert http.post(EVENTS, json=event).status_code == 200
    again = http.post(EVENTS, json=event)
    assert (again.status_code, again.json()["error"]["errors"][0]["reason"]) == (409, "duplicate")
    assert again.json()["error"]["message"] == "The requested identifier already exists."
    assert http.get(f"{EVENTS}/salesagent001").json()["summary"] == "Call"
    assert http.delete(f"{EVENTS}/salesagent001").status_code == 204
    assert http.delete(f"{EVENTS}/salesagent001").status_code == 410
    assert http.get(f"{EVENTS}/salesagent001").json()["status"] == "cancelled"
    assert http.post(EVENTS, json=event).status_code == 409


def test_a_new_event_makes_its_time_busy(http):
    window = {"timeMin": "2026-03-09T14:00:00+01:00", "timeMax": "2026-03-09T16:00:00+01:00"}
    http.post(EVENTS, json={"summary": "Call", **HALF_HOUR})
    assert free_busy(http, "primary", **window)["primary"]["busy"] == [
        {"start": "2026-03-09T14:00:00Z", "end": "2026-03-09T14:30:00Z"}
    ]


@pytest.mark.parametrize("event_id", ["abc", "with-dash", "UPPER", "xyz12"])
def test_an_id_outside_googles_alphabet_is_refused(http, event_id):
    assert http.post(EVENTS, json={"id": event_id, **HALF_HOUR}).status_code == 400


def test_a_meeting_link_is_made_only_when_the_version_is_said(http):
    event = {**HALF_HOUR, "conferenceData": {"createRequest": {"requestId": "r-1"}}}
    without = http.post(EVENTS, json=event).json()
    with_link = http.post(EVENTS, params={"conferenceDataVersion": 1}, json=event).json()
    assert "hangoutLink" not in without
    assert with_link["conferenceData"]["createRequest"]["requestId"] == "r-1"


def test_events_of_a_window_come_in_order(http):
    answer = http.get(EVENTS, params={**WEDNESDAY, "singleEvents": "true", "orderBy": "startTime"}).json()
    assert [event["summary"] for event in answer["items"]] == ["Pipeline review", "Tallis Water check-in"]


def test_a_calendar_of_others_takes_no_events(http):
    path = f"{CALENDAR}/calendars/sales-team%40brightpath.example/events"
    assert http.post(path, json=HALF_HOUR).status_code == 403


def test_an_event_can_be_moved(http):
    event = http.post(EVENTS, json={"summary": "Call", **HALF_HOUR}).json()
    moved = {"end": {"dateTime": "2026-03-09T16:00:00+01:00"}}
    assert http.patch(f"{EVENTS}/{event['id']}", json=moved).json()["sequence"] == 1


def test_calendars_and_the_accounts_zone_can_be_listed(http):
    listed = http.get(f"{CALENDAR}/users/me/calendarList").json()["items"]
    assert [calendar["id"] for calendar in listed if calendar.get("primary")] == ["mara@brightpath.example"]
    assert http.get(f"{CALENDAR}/users/me/settings/timezone").json()["value"] == "Europe/Berlin"
