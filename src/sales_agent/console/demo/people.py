"""THE table of people who fill in the demo's form, and the body in which HubSpot would deliver what they wrote."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

# The webhook source of the demo tenant, and the form on the seller's page; the sandbox has submissions of it.
SOURCE_KEY = "demo"
FORM_ID = "8f2c6d1e-41b7-4b0e-9a52-1f7d3c9e0a11"


class Person(StrEnum):
    """Who fills in the form."""

    NEW = "new"
    KNOWN = "known"
    FARAWAY = "faraway"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One of them: why they are in the table, and the fields they fill in."""

    person: Person
    about: str
    fields: Mapping[str, str]


PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(
        Person.NEW,
        "Ines: a new person, nothing is known of her",
        {
            "email": "ines.carvalho@atlantic-facilities.example",
            "firstname": "Ines",
            "lastname": "Carvalho",
            "company": "Atlantic Facilities",
            "jobtitle": "Head of Operations",
            "country": "Portugal",
            "message": "We plan visits for 120 technicians by hand. Could you show us how route planning works?",
        },
    ),
    DemoPerson(
        Person.KNOWN,
        "Daniel: earlier mails, an open deal, an open question",
        {
            "email": "daniel.ortiz@kestrelfield.example",
            "firstname": "Daniel",
            "lastname": "Ortiz",
            "company": "Kestrel Field Services",
            "message": "Our COO wants to see it before the quarter ends. When could we talk about the rollout?",
        },
    ),
    DemoPerson(
        Person.FARAWAY,
        "Asha: in another zone, whose day ends hours before the seller's",
        {
            "email": "asha.pillai@chandrafacilities.example",
            "firstname": "Asha",
            "lastname": "Pillai",
            "company": "Chandra Facilities",
            "phone": "+91 80 5550 0129",
            "message": "We would like a short demo of Brightpath Dispatch for our service planning team.",
        },
    ),
)

BY_PERSON: dict[Person, DemoPerson] = {row.person: row for row in PEOPLE}


def form_body(fields: Mapping[str, str], *, portal_id: int, timestamp_ms: int) -> bytes:
    """The body of a new submission: its id, and a hidden visit field, make it a wish of its own each time."""
    submission_id = str(uuid4())
    values = [{"name": name, "value": value} for name, value in {**fields, "visit": submission_id[:8]}.items()]
    body = {
        "portalId": portal_id,
        "formId": FORM_ID,
        "formSubmissionId": submission_id,
        "timestamp": timestamp_ms,
        "pageUri": "https://brightpath.example/contact",
        "pageTitle": "Talk to us",
        "fieldValues": values,
    }
    return json.dumps(body).encode()
