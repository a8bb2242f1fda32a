"""HubSpot's search: filter groups over an index that lags behind the records."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from sales_agent.sandbox.hubspot.association_types import between
from sales_agent.sandbox.hubspot.errors import invalid
from sales_agent.sandbox.hubspot.object_types import ObjectType, object_type
from sales_agent.sandbox.hubspot.reading import addressed_type, presented
from sales_agent.sandbox.hubspot.store import CrmRecord
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import Answer, Call

# HubSpot's documented limits of one search.
MOST_GROUPS, MOST_FILTERS_PER_GROUP, MOST_FILTERS = 5, 6, 18
LARGEST_PAGE, DEEPEST_RESULT = 200, 10_000

# Properties that the free-text `query` looks into, per type.
_TEXT_PROPERTIES = {
    ObjectType.CONTACTS: ("firstname", "lastname", "email", "phone", "company", "hs_additional_emails"),
    ObjectType.COMPANIES: ("name", "domain", "phone", "website"),
    ObjectType.DEALS: ("dealname",),
    ObjectType.TASKS: ("hs_task_subject", "hs_task_body"),
    ObjectType.NOTES: ("hs_note_body",),
}


_WORD_BREAK = re.compile(r"[\s@._-]+")


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _compare(value: str, other: str, holds: Callable[[Any, Any], bool]) -> bool:
    left, right = _number(value), _number(other)
    return holds(left, right) if type(left) is type(right) else holds(value, other)


def _has_token(value: str, token: str) -> bool:
    """Whether a word of the value, or the value itself, is the token; `*` stands for any letters."""
    lowered = value.lower()
    return any(fnmatchcase(word, token.lower()) for word in (lowered, *_WORD_BREAK.split(lowered)))


# Each operator as a question about the record's value (None when unset) and the filter.
_OPERATORS: dict[str, Callable[[str | None, JsonObject], bool]] = {
    "EQ": lambda value, f: value is not None and value.lower() == str(f.get("value")).lower(),
    "NEQ": lambda value, f: value is not None and value.lower() != str(f.get("value")).lower(),
    "LT": lambda value, f: bool(value) and _compare(str(value), str(f.get("value")), lambda a, b: a < b),
    "LTE": lambda value, f: bool(value) and _compare(str(value), str(f.get("value")), lambda a, b: a <= b),
    "GT": lambda value, f: bool(value) and _compare(str(value), str(f.get("value")), lambda a, b: a > b),
    "GTE": lambda value, f: bool(value) and _compare(str(value), str(f.get("value")), lambda a, b: a >= b),
    "BETWEEN": lambda value, f: (
        bool(value)
        and _compare(str(value), str(f.get("value")), lambda a, b: a >= b)
        and _compare(str(value), str(f.get("highValue")), lambda a, b: a <= b)
    ),
    "IN": lambda value, f: value is not None and value in (f.get("values") or ()),
    "NOT_IN": lambda value, f: value is not None and value not in (f.get("values") or ()),
    "HAS_PROPERTY": lambda value, _: bool(value),
    "NOT_HAS_PROPERTY": lambda value, _: not value,
    "CONTAINS_TOKEN": lambda value, f: bool(value) and _has_token(str(value), str(f.get("value"))),
    "NOT_CONTAINS_TOKEN": lambda value, f: not value or not _has_token(str(value), str(f.get("value"))),
}


def search(call: Call) -> Answer:
    """A page of what the index knows: `total`, `results`, `paging.next.after`."""
    kind = addressed_type(call)
    groups = _checked_groups(call.fields)
    limit, after = int(call.fields.get("limit") or 10), int(call.fields.get("after") or 0)
    if limit > LARGEST_PAGE or after + limit > DEEPEST_RESULT:
        raise invalid(f"The limit is {LARGEST_PAGE} a page and {DEEPEST_RESULT} a query")
    found = [
        (record_id, properties)
        for record_id, properties in call.world.crm.index.visible(kind, call.world.clock.now_ms())
        if _matches(call, kind, record_id, properties, groups)
    ]
    for order in reversed(call.fields.get("sorts") or []):
        name, is_down = order.get("propertyName", ""), order.get("direction") == "DESCENDING"
        found.sort(key=lambda pair: pair[1].get(name, ""), reverse=is_down)
    results = [_as_indexed(call, kind, *pair) for pair in found[after : after + limit]]
    body: JsonObject = {"total": len(found), "results": results}
    if after + limit < len(found):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return Answer(body)


def _checked_groups(fields: JsonObject) -> list[list[JsonObject]]:
    given: list[JsonObject] = fields.get("filterGroups") or []
    groups: list[list[JsonObject]] = [group.get("filters") or [] for group in given]
    longest = max(map(len, groups), default=0)
    if len(groups) > MOST_GROUPS or longest > MOST_FILTERS_PER_GROUP or sum(map(len, groups)) > MOST_FILTERS:
        raise invalid("There was a problem with the request: too many filters")
    for group in groups:
        for condition in group:
            if condition.get("operator") not in _OPERATORS:
                raise invalid(f"{condition.get('operator')} is not a valid filter operator")
    return groups


def _matches(
    call: Call, kind: ObjectType, record_id: str, properties: dict[str, str], groups: list[list[JsonObject]]
) -> bool:
    query = str(call.fields.get("query") or "").lower()
    if query and not any(query in properties.get(name, "").lower() for name in _TEXT_PROPERTIES[kind]):
        return False
    return not groups or any(
        all(_holds(call, kind, record_id, properties, condition) for condition in group) for group in groups
    )


def _holds(call: Call, kind: ObjectType, record_id: str, properties: dict[str, str], condition: JsonObject) -> bool:
    name = str(condition.get("propertyName", ""))
    holds = _OPERATORS[condition["operator"]]
    if not name.startswith("associations."):
        return holds(properties.get(name), condition)
    end = object_type(name.removeprefix("associations."))
    if end is None or not between(kind, end):
        raise invalid(f"There was a problem with the request: {name} cannot be searched")
    return any(holds(end_id, condition) for end_id in call.world.crm.linked(kind, record_id, end))


def _as_indexed(call: Call, kind: ObjectType, record_id: str, properties: dict[str, str]) -> JsonObject:
    """The record as the index saw it: values and times may be older than the record's own."""
    live = call.world.crm.records[kind][record_id]
    seen = CrmRecord(record_id, properties, live.created_at, live.updated_at)
    return presented(kind, seen, call.fields.get("properties") or ())


ROUTES = (Route("POST", "/crm/objects/{version}/{object_type}/search", search),)
