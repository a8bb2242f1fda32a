"""The portal: twelve companies, twenty people, their deals, the owners, and what came in by form."""

import datetime as dt

from sales_agent.sandbox.clock import iso
from sales_agent.sandbox.hubspot.association_types import BY_ID
from sales_agent.sandbox.hubspot.object_types import ObjectType
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.seeding.tables import rows, tables
from sales_agent.sandbox.world import World

# Columns of the tables that are links or addresses of merged contacts, not properties.
_LINK_COLUMNS = {"id", "company", "contact", "owner", "absorbed_id", "absorbed_email", "close_in_days"}
_PRIMARY_COMPANY_OF_CONTACT, _CONTACT_OF_DEAL, _PRIMARY_COMPANY_OF_DEAL = BY_ID[1], BY_ID[3], BY_ID[5]
# Everything in the portal was created this many days ago, before any mail was exchanged.
_CREATED_DAYS_AGO = 240


def seed_crm(world: World) -> None:
    lag, world.crm.search_lag_seconds = world.crm.search_lag_seconds, 0.0
    created = iso(world.clock.now() - dt.timedelta(days=_CREATED_DAYS_AGO))
    accounts = tables("deals")
    _owners(world, accounts["owners"], created)
    for row in rows("companies"):
        world.crm.create(ObjectType.COMPANIES, _properties(row, created), row["id"])
    for row in rows("people"):
        _person(world, row, created)
    for row in accounts["deals"]:
        _deal(world, row, created)
    for form_id, submissions in accounts["forms"].items():
        world.crm.submissions[form_id] = [_submission(world, *pair) for pair in enumerate(submissions)]
    world.crm.search_lag_seconds = lag


def _properties(row: JsonObject, created: str) -> dict[str, str]:
    values = {name: value for name, value in row.items() if name not in _LINK_COLUMNS and value}
    owner = {"hubspot_owner_id": row["owner"]} if "owner" in row else {}
    return {"createdate": created, **values, **owner}


def _owners(world: World, rows: list[JsonObject], created: str) -> None:
    for row in rows:
        stamps = {"createdAt": created, "updatedAt": created, "archived": False, "type": "PERSON"}
        world.crm.owners[row["id"]] = {**row, **stamps, "userIdIncludingInactive": row["userId"]}


def _person(world: World, row: JsonObject, created: str) -> None:
    crm = world.crm
    properties = _properties(row, created)
    if company_id := row.get("company"):
        company = crm.records[ObjectType.COMPANIES][company_id].properties
        shared = {name: company[name] for name in ("industry", "numberofemployees") if name in company}
        properties |= {"company": company["name"], "associatedcompanyid": company_id}
        properties |= {"industry": shared["industry"], "numemployees": shared["numberofemployees"]}
    record = crm.create(ObjectType.CONTACTS, properties, row["id"])
    if company_id:
        crm.link(_PRIMARY_COMPANY_OF_CONTACT, record.id, company_id)
    if "absorbed_id" in row:
        crm.merge(record, row["absorbed_id"], row["absorbed_email"])


def _deal(world: World, row: JsonObject, created: str) -> None:
    closes = iso(world.clock.now() + dt.timedelta(days=row["close_in_days"]))
    properties = {**_properties(row, created), "closedate": closes}
    world.crm.create(ObjectType.DEALS, properties, row["id"])
    world.crm.link(_CONTACT_OF_DEAL, row["id"], row["contact"])
    world.crm.link(_PRIMARY_COMPANY_OF_DEAL, row["id"], row["company"])


def _submission(world: World, index: int, row: JsonObject) -> JsonObject:
    submitted = world.clock.now() - dt.timedelta(days=row["days_ago"])
    return {
        "conversionId": f"c0ffee00-0000-4000-8000-{index:012d}",
        "submittedAt": int(submitted.timestamp() * 1000),
        "values": [{"name": k, "value": v, "objectTypeId": "0-1"} for k, v in row["values"].items()],
        "pageUrl": "https://brightpath.example/contact",
    }
