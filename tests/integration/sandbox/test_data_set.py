"""The data set: twenty people at twelve companies, fresh at whatever moment the sandbox starts."""

import datetime as dt
from zoneinfo import ZoneInfo

from sales_agent.sandbox.process import running_sandbox
from sales_agent.sandbox.seeding.seed_calendar import business_day


def test_twenty_people_work_at_twelve_companies_in_many_zones(sandbox):
    people = {person["id"]: person for person in sandbox.state("contacts")}
    companies = sandbox.state("companies")
    employers = [company for person in people.values() for company in person["associations"].get("companies", [])]
    assert (len(people), len(companies), len(set(employers))) == (20, 12, 12)
    assert len({company["properties"]["timezone"] for company in companies}) == 12
    assert {p["properties"]["email"] for p in people.values() if p["properties"].get("hs_email_optout")} == {
        "claire.fontaine@lumiere-froid.example"
    }
    assert people["1014"]["properties"]["lifecyclestage"] == "customer"


def test_no_address_can_belong_to_a_real_person(sandbox):
    mails = sandbox.state("messages")
    addresses = {address for mail in mails for name in ("from", "to", "cc") for address in mail[name]}
    addresses |= {person["properties"]["email"] for person in sandbox.state("contacts")}
    assert {address for address in addresses if not address.endswith(".example")} == set()


def test_mail_lies_in_the_past_and_appointments_on_coming_business_days(sandbox):
    now = dt.datetime.fromisoformat(sandbox.health()["now"])
    zone = ZoneInfo("Europe/Berlin")
    starts = [dt.datetime.fromisoformat(event["start"]["dateTime"]) for event in sandbox.state("events")]
    received = [dt.datetime.fromisoformat(mail["received_at"]) for mail in sandbox.state("messages")]
    assert max(received) < now
    assert all(start.astimezone(zone).weekday() < 5 for start in starts)
    assert all(now.date() <= start.date() <= now.date() + dt.timedelta(days=8) for start in starts)


def test_a_sandbox_of_another_day_tells_the_same_stories(sandbox):
    with running_sandbox(today="2027-10-30T23:30:00+02:00") as later:
        assert len(later.state("events")) == len(sandbox.state("events"))
        assert [mail["subject"] for mail in later.state("messages")] == [
            mail["subject"] for mail in sandbox.state("messages")
        ]


def test_a_weekend_counts_from_the_next_monday():
    saturday, monday = dt.date(2026, 3, 7), dt.date(2026, 3, 9)
    assert business_day(saturday, 0) == monday
    assert business_day(saturday, 1) == dt.date(2026, 3, 10)
    assert business_day(dt.date(2026, 3, 6), 1) == monday
