"""From a path to a record, and from a record to the JSON that HubSpot returns for it."""

from collections.abc import Iterable

from sales_agent.sandbox.hubspot.association_types import BY_ID
from sales_agent.sandbox.hubspot.errors import invalid, not_found
from sales_agent.sandbox.hubspot.object_types import RETURNED_UNASKED, ObjectType, object_type
from sales_agent.sandbox.hubspot.store import CrmRecord, CrmStore
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.wire import Call


def addressed_type(call: Call, name: str = "object_type") -> ObjectType:
    """The object type in the path.

    Raises:
        Refused: 400, HubSpot cannot infer the type.
    """
    kind = object_type(call.params[name])
    if kind is None:
        raise invalid(f"Unable to infer object type from: {call.params[name]}")
    return kind


def find_record(store: CrmStore, kind: ObjectType, key: str, id_property: str = "") -> CrmRecord:
    """The record by id, or by the property that `idProperty` names; a merged id answers with the survivor.

    Raises:
        Refused: 404 when there is none, 400 for an id property that is not unique.
    """
    if id_property == "email" and kind is ObjectType.CONTACTS:
        record = store.find_by_email(key)
    elif id_property in {"", "hs_object_id"}:
        record = store.find(kind, key)
    else:
        raise invalid(f"Property {id_property} is not a unique identifier property")
    if record is None:
        raise not_found()
    return record


def requested_properties(call: Call) -> list[str]:
    """Names from `properties=a,b` or from repeated `properties=`."""
    return [name for given in call.query.all("properties") for name in given.split(",") if name]


def presented(kind: ObjectType, record: CrmRecord, requested: Iterable[str] = ()) -> JsonObject:
    """A record with the properties asked for beside the unasked ones; unknown names are ignored, absent are null."""
    names = sorted({*RETURNED_UNASKED[kind], *requested})
    asked = set(requested)
    values = {name: record.properties.get(name) for name in names if name in record.properties or name in asked}
    return {
        "id": record.id,
        "properties": values,
        "createdAt": record.created_at,
        "updatedAt": record.updated_at,
        "archived": record.archived,
    }


def presented_associations(store: CrmStore, kind: ObjectType, record: CrmRecord, names: str) -> JsonObject:
    """The `associations` part of a read: per object type the ids with the legacy name of each link."""
    found: JsonObject = {}
    for name in filter(None, names.split(",")):
        end = object_type(name)
        if end is None:
            raise invalid(f"Unable to infer object type from: {name}")
        rows = [
            {"id": end_id, "type": BY_ID[type_id].legacy_name}
            for end_id, type_ids in store.linked(kind, record.id, end).items()
            for type_id in sorted(type_ids)
        ]
        if rows:
            found[end.value] = {"results": rows}
    return found
