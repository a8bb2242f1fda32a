"""The five CRM object types, the names a path may use for them, and what a read returns unasked."""

from enum import StrEnum


class ObjectType(StrEnum):
    """A kind of CRM record; the value is its name in a path."""

    CONTACTS = "contacts"
    COMPANIES = "companies"
    DEALS = "deals"
    TASKS = "tasks"
    NOTES = "notes"

    @property
    def singular(self) -> str:
        return "company" if self is ObjectType.COMPANIES else self.value.removesuffix("s")


# HubSpot takes the plural, the singular and the numeric object type id in a path.
_BY_NAME = {
    **{kind.value: kind for kind in ObjectType},
    **{kind.singular: kind for kind in ObjectType},
    "0-1": ObjectType.CONTACTS,
    "0-2": ObjectType.COMPANIES,
    "0-3": ObjectType.DEALS,
    "0-27": ObjectType.TASKS,
    "0-46": ObjectType.NOTES,
}

# A read without `properties=` returns these and no others.
RETURNED_UNASKED = {
    ObjectType.CONTACTS: ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
    ObjectType.COMPANIES: ("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
    ObjectType.DEALS: (
        "amount",
        "closedate",
        "createdate",
        "dealname",
        "dealstage",
        "hs_lastmodifieddate",
        "hs_object_id",
        "pipeline",
    ),
    ObjectType.TASKS: ("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
    ObjectType.NOTES: ("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
}


def object_type(name: str) -> ObjectType | None:
    """The type a path segment names, in any of HubSpot's spellings."""
    return _BY_NAME.get(name.lower())


def created_property(kind: ObjectType) -> str:
    return "hs_createdate" if kind in {ObjectType.TASKS, ObjectType.NOTES} else "createdate"


def modified_property(kind: ObjectType) -> str:
    return "lastmodifieddate" if kind is ObjectType.CONTACTS else "hs_lastmodifieddate"
