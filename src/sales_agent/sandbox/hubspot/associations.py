"""Links between records: read them, make the default one or labelled ones, and list the types of a pair."""

from http import HTTPStatus

from sales_agent.sandbox.clock import iso
from sales_agent.sandbox.hubspot.association_types import BY_ID, AssociationType, between
from sales_agent.sandbox.hubspot.errors import invalid
from sales_agent.sandbox.hubspot.objects import checked_link_type, checked_objects
from sales_agent.sandbox.hubspot.reading import addressed_type, find_record
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import Answer, Call

# Reads of links come in pages of at most so many.
LARGEST_PAGE = 500


def read_links(call: Call) -> Answer:
    """Links of one record to one object type; v3 names them in words, later versions by type id."""
    start, end = addressed_type(call, "start"), addressed_type(call, "end")
    record = find_record(call.world.crm, start, call.params["start_id"])
    linked = list(call.world.crm.linked(start, record.id, end).items())
    limit, after = call.count("limit", LARGEST_PAGE, LARGEST_PAGE), int(call.query.get("after") or 0)
    version = call.params["version"]
    body: JsonObject = {"results": []}
    for end_id, type_ids in linked[after : after + limit]:
        types = [BY_ID[type_id] for type_id in sorted(type_ids)]
        body["results"].extend(_presented_link(version, end_id, types))
    if after + limit < len(linked):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return Answer(body)


def _presented_link(version: str, end_id: str, types: list[AssociationType]) -> list[JsonObject]:
    if version == "v3":
        return [{"id": end_id, "type": link_type.legacy_name} for link_type in types]
    return [
        {
            # v4 answers with a number where the dated versions answer with text.
            "toObjectId": int(end_id) if version == "v4" else end_id,
            "associationTypes": [_presented_type(link_type) for link_type in types],
        }
    ]


def _presented_type(link_type: AssociationType) -> JsonObject:
    return {"category": "HUBSPOT_DEFINED", "typeId": link_type.type_id, "label": link_type.label}


def list_types(call: Call) -> Answer:
    """The types of a pair in this direction, the labelled ones with their label."""
    types = between(addressed_type(call, "start"), addressed_type(call, "end"))
    return Answer({"results": [_presented_type(link_type) for link_type in types]})


def link_by_default(call: Call) -> Answer:
    """Make the unlabeled link, and say both directions of it."""
    start, end = addressed_type(call, "start"), addressed_type(call, "end")
    types = between(start, end)
    if not types:
        raise invalid(f"No default association exists from {start.value} to {end.value}")
    first = find_record(call.world.crm, start, call.params["start_id"])
    second = find_record(call.world.crm, end, call.params["end_id"])
    call.world.crm.link(types[0], first.id, second.id)
    now = iso(call.world.clock.now())
    results = [
        _made(types[0].type_id, first.id, second.id),
        _made(types[0].mirror_id, second.id, first.id),
    ]
    return Answer({"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now})


def _made(type_id: int, start_id: str, end_id: str) -> JsonObject:
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    return {"from": {"id": start_id}, "to": {"id": end_id}, "associationSpec": spec}


def link_with_types(call: Call) -> Answer:
    """Make links of the types in the body, a list of specs; 201 with what was made."""
    start, end = addressed_type(call, "start"), addressed_type(call, "end")
    first = find_record(call.world.crm, start, call.params["start_id"])
    specs = checked_objects(call.body)
    types = [checked_link_type(call.world.crm, start, call.params["end_id"], spec) for spec in specs]
    if any(link_type.end is not end for link_type in types):
        raise invalid(f"An association type does not lead to {end.value}")
    for link_type in types:
        call.world.crm.link(link_type, first.id, call.params["end_id"])
    body = {
        "fromObjectTypeId": start.value,
        "fromObjectId": first.id,
        "toObjectTypeId": end.value,
        "toObjectId": call.params["end_id"],
        "labels": [link_type.label for link_type in types if link_type.label],
    }
    return Answer(body, HTTPStatus.CREATED)


_LINKS = "/crm/objects/{version}/{start}/{start_id}/associations"
ROUTES = (
    Route("GET", f"{_LINKS}/{{end}}", read_links),
    Route("PUT", f"{_LINKS}/default/{{end}}/{{end_id}}", link_by_default),
    Route("PUT", f"{_LINKS}/{{end}}/{{end_id}}", link_with_types),
    Route("GET", "/crm/associations/{version}/{start}/{end}/labels", list_types),
)
