"""Create, read, change and archive contacts, companies, deals, tasks and notes."""

from http import HTTPStatus

from sales_agent.sandbox.clock import iso
from sales_agent.sandbox.hubspot.association_types import BY_ID, AssociationType
from sales_agent.sandbox.hubspot.errors import conflict, error, invalid, invalid_values
from sales_agent.sandbox.hubspot.object_types import ObjectType
from sales_agent.sandbox.hubspot.properties import REQUIRED, InvalidValue, checked_value
from sales_agent.sandbox.hubspot.reading import (
    addressed_type,
    find_record,
    presented,
    presented_associations,
    requested_properties,
)
from sales_agent.sandbox.hubspot.store import CrmRecord, CrmStore
from sales_agent.sandbox.json_value import JsonObject, JsonValue
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import NO_CONTENT, Answer, Call, Refused

# HubSpot takes at most so many inputs in one batch.
LARGEST_BATCH = 100


def create(call: Call) -> Answer:
    """201 with the record; 409 for a contact whose e-mail is known; 400 when a value or a link does not hold."""
    kind = addressed_type(call)
    store = call.world.crm
    values = _checked(kind, call.fields.get("properties"))
    missing = [name for name in REQUIRED.get(kind, ()) if not values.get(name)]
    if missing:
        raise invalid_values(
            InvalidValue(name, "REQUIRED_PROPERTY_MISSING", f'Required property "{name}" is missing')
            for name in missing
        )
    links = _checked_links(store, kind, call.fields.get("associations") or [])
    if kind is ObjectType.CONTACTS and values.get("email"):
        known = store.find_by_email(values["email"])
        if known:
            raise conflict(known.id)
    record = store.create(kind, values)
    for link_type, end_id in links:
        store.link(link_type, record.id, end_id)
    return Answer(presented(kind, record, values), HTTPStatus.CREATED)


def read(call: Call) -> Answer:
    kind = addressed_type(call)
    record = _addressed(call, kind)
    body = presented(kind, record, requested_properties(call))
    if names := ",".join(call.query.all("associations")):
        body["associations"] = presented_associations(call.world.crm, kind, record, names)
        if not body["associations"]:
            del body["associations"]
    return Answer(body)


def change(call: Call) -> Answer:
    kind = addressed_type(call)
    record = _addressed(call, kind)
    values = _checked(kind, call.fields.get("properties"))
    if kind is ObjectType.CONTACTS and values.get("email"):
        other = call.world.crm.find_by_email(values["email"])
        if other and other.id != record.id:
            raise conflict(other.id)
    call.world.crm.update(kind, record, values)
    return Answer(presented(kind, record, values))


def archive(call: Call) -> Answer:
    """204, also for a record that is gone already."""
    kind = addressed_type(call)
    record = call.world.crm.find(kind, call.params["record_id"])
    if record:
        call.world.crm.archive(kind, record)
    return NO_CONTENT


def list_all(call: Call) -> Answer:
    """One page of records in id order; `paging.next.after` leads to the next."""
    kind = addressed_type(call)
    limit, after = call.count("limit", 10, 100), int(call.query.get("after") or 0)
    live = [record for record in call.world.crm.records[kind].values() if not record.archived]
    page = live[after : after + limit]
    body: JsonObject = {"results": [presented(kind, record, requested_properties(call)) for record in page]}
    if after + limit < len(live):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return Answer(body)


def read_batch(call: Call) -> Answer:
    """200 with all records, or 207 with those found and one error for those that were not."""
    kind = addressed_type(call)
    inputs = [str(given.get("id")) for given in checked_objects(call.fields.get("inputs"))]
    if len(inputs) > LARGEST_BATCH:
        raise invalid(f"Only {LARGEST_BATCH} objects can be read at once")
    results: list[JsonObject] = []
    missing: list[str] = []
    for key in inputs:
        try:
            record = find_record(call.world.crm, kind, key, call.fields.get("idProperty") or "")
        except Refused as refused:
            if refused.answer.status != HTTPStatus.NOT_FOUND:
                raise
            missing.append(key)
        else:
            results.append(presented(kind, record, call.fields.get("properties") or ()))
    now = iso(call.world.clock.now())
    body: JsonObject = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    if not missing:
        return Answer(body)
    detail = error(404, "Could not get some objects, they may be deleted or not exist.", "OBJECT_NOT_FOUND")
    failed = {**detail.body, "context": {"ids": missing}}
    failed.pop("correlationId")
    return Answer({**body, "numErrors": 1, "errors": [failed]}, HTTPStatus.MULTI_STATUS)


def _addressed(call: Call, kind: ObjectType) -> CrmRecord:
    return find_record(call.world.crm, kind, call.params["record_id"], call.query.get("idProperty"))


def checked_objects(given: JsonValue) -> list[JsonObject]:
    if not isinstance(given, list):
        raise invalid("Invalid input JSON: an array is expected")
    return [entry for entry in given if isinstance(entry, dict)]


def _checked(kind: ObjectType, given: JsonValue) -> dict[str, str]:
    if not isinstance(given, dict):
        raise invalid("Invalid input JSON: some required fields were not set: [properties]")
    values: dict[str, str] = {}
    problems: list[InvalidValue] = []
    for name, value in given.items():
        try:
            values[name] = checked_value(kind, name, value)
        except InvalidValue as problem:
            problems.append(problem)
    if problems:
        raise invalid_values(problems)
    return values


def _checked_links(store: CrmStore, kind: ObjectType, given: JsonValue) -> list[tuple[AssociationType, str]]:
    """Each inline association must name a type that starts at this object type and a record that exists."""
    links: list[tuple[AssociationType, str]] = []
    for entry in checked_objects(given):
        to: JsonObject = entry.get("to") or {}
        end_id = str(to.get("id", ""))
        specs = checked_objects(entry.get("types"))
        links.extend((checked_link_type(store, kind, end_id, spec), end_id) for spec in specs)
    return links


def checked_link_type(store: CrmStore, kind: ObjectType, end_id: str, spec: JsonObject) -> AssociationType:
    """The association type a spec names.

    Raises:
        Refused: 400 for a foreign category, an unknown id, a wrong direction or a missing record.
    """
    type_id, category = spec.get("associationTypeId"), spec.get("associationCategory")
    link_type = BY_ID.get(type_id) if isinstance(type_id, int) else None
    if category != "HUBSPOT_DEFINED" or link_type is None:
        raise invalid(f"Association type {category} {type_id} does not exist")
    if link_type.start is not kind:
        raise invalid(f"Association type {type_id} is not valid from object type {kind.value}")
    if store.find(link_type.end, end_id) is None:
        raise invalid(f"No {link_type.end.singular} with id {end_id} exists to associate with")
    return link_type


ROUTES = (
    Route("POST", "/crm/objects/{version}/{object_type}/batch/read", read_batch),
    Route("POST", "/crm/objects/{version}/{object_type}", create),
    Route("GET", "/crm/objects/{version}/{object_type}", list_all),
    Route("GET", "/crm/objects/{version}/{object_type}/{record_id}", read),
    Route("PATCH", "/crm/objects/{version}/{object_type}/{record_id}", change),
    Route("DELETE", "/crm/objects/{version}/{object_type}/{record_id}", archive),
)
