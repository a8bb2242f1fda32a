"""The portal's records, links and owners, and the rules by which they hang together."""

import dataclasses
from typing import Any

from sales_agent.sandbox.clock import SandboxClock, iso
from sales_agent.sandbox.hubspot.association_types import AssociationType, between
from sales_agent.sandbox.hubspot.object_types import ObjectType, created_property, modified_property
from sales_agent.sandbox.hubspot.search_index import SearchIndex

# Ids a portal hands out are long numbers; those of the data set are shorter, so the two never meet.
FIRST_NEW_ID = 90_000_000_001


@dataclasses.dataclass(slots=True)
class CrmRecord:
    """One contact, company, deal, task or note; properties are text, as HubSpot keeps them."""

    id: str
    properties: dict[str, str]
    created_at: str
    updated_at: str
    archived: bool = False


class CrmStore:
    """Everything the portal holds. A contact answers to its e-mail, its other e-mails and the ids merged into it."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._next_id = FIRST_NEW_ID
        self._links: dict[tuple[ObjectType, str, ObjectType], dict[str, list[int]]] = {}
        self._id_by_email: dict[str, str] = {}
        self.records: dict[ObjectType, dict[str, CrmRecord]] = {kind: {} for kind in ObjectType}
        self.merged_into: dict[str, str] = {}
        self.owners: dict[str, dict[str, Any]] = {}
        self.submissions: dict[str, list[dict[str, Any]]] = {}
        self.index = SearchIndex()
        self.search_lag_seconds = 10.0

    def find(self, kind: ObjectType, record_id: str) -> CrmRecord | None:
        """A record by id, following a merge; archived ones are gone."""
        merged = self.merged_into.get(record_id, record_id) if kind is ObjectType.CONTACTS else record_id
        record = self.records[kind].get(merged)
        return record if record and not record.archived else None

    def find_by_email(self, email: str) -> CrmRecord | None:
        """A contact by any of its addresses, whatever the case."""
        record_id = self._id_by_email.get(email.lower())
        return self.find(ObjectType.CONTACTS, record_id) if record_id else None

    def create(self, kind: ObjectType, properties: dict[str, str], record_id: str = "") -> CrmRecord:
        """Store checked properties under a new id (or the given one)."""
        now = iso(self._clock.now())
        if not record_id:
            record_id, self._next_id = str(self._next_id), self._next_id + 1
        stamped = {created_property(kind): now, **properties, "hs_object_id": record_id}
        record = CrmRecord(record_id, stamped, stamped[created_property(kind)], now)
        self.records[kind][record_id] = record
        self._changed(kind, record)
        return record

    def update(self, kind: ObjectType, record: CrmRecord, properties: dict[str, str]) -> None:
        record.properties.update(properties)
        self._changed(kind, record)

    def archive(self, kind: ObjectType, record: CrmRecord) -> None:
        record.archived = True
        self.index.note(kind, record.id, None, self._clock.now_ms() + self._lag_ms())
        for email in self._addresses(record):
            self._id_by_email.pop(email, None)

    def merge(self, survivor: CrmRecord, absorbed_id: str, absorbed_email: str) -> None:
        """Let `absorbed_id` and its address lead to the survivor from now on."""
        self.merged_into[absorbed_id] = survivor.id
        known = survivor.properties.get("hs_additional_emails", "")
        merged_ids = survivor.properties.get("hs_merged_object_ids", "")
        survivor.properties["hs_additional_emails"] = ";".join(filter(None, (known, absorbed_email)))
        survivor.properties["hs_merged_object_ids"] = ";".join(filter(None, (merged_ids, absorbed_id)))
        self.records[ObjectType.CONTACTS].pop(absorbed_id, None)
        self._changed(ObjectType.CONTACTS, survivor)

    def _changed(self, kind: ObjectType, record: CrmRecord) -> None:
        record.updated_at = iso(self._clock.now())
        record.properties[modified_property(kind)] = record.updated_at
        if kind is ObjectType.CONTACTS:
            self._id_by_email.update(dict.fromkeys(self._addresses(record), record.id))
        self.index.note(kind, record.id, record.properties, self._clock.now_ms() + self._lag_ms())

    def _lag_ms(self) -> int:
        return int(self.search_lag_seconds * 1000)

    @staticmethod
    def _addresses(record: CrmRecord) -> list[str]:
        others = record.properties.get("hs_additional_emails", "").split(";")
        return [email.lower() for email in (record.properties.get("email", ""), *others) if email]

    def link(self, link_type: AssociationType, start_id: str, end_id: str) -> None:
        """Associate two records; the mirror image appears on the other side, as it does at HubSpot."""
        self._add_link(link_type.start, start_id, link_type.end, end_id, link_type.type_id)
        self._add_link(link_type.end, end_id, link_type.start, start_id, link_type.mirror_id)
        unlabeled = between(link_type.start, link_type.end)[0]
        if unlabeled.type_id != link_type.type_id:
            self.link(unlabeled, start_id, end_id)

    def _add_link(self, start: ObjectType, start_id: str, end: ObjectType, end_id: str, type_id: int) -> None:
        type_ids = self._links.setdefault((start, start_id, end), {}).setdefault(end_id, [])
        if type_id not in type_ids:
            type_ids.append(type_id)

    def linked(self, start: ObjectType, start_id: str, end: ObjectType) -> dict[str, list[int]]:
        """Ids of the records at the other end with the type ids of each link."""
        return self._links.get((start, self.merged_into.get(start_id, start_id), end), {})

    def dump(self) -> dict[str, Any]:
        return {
            "next_id": self._next_id,
            "records": {
                kind.value: [dataclasses.asdict(record) for record in records.values()]
                for kind, records in self.records.items()
            },
            "links": [[*map(str, ends), linked] for ends, linked in self._links.items()],
            "merged_into": self.merged_into,
            "owners": self.owners,
            "submissions": self.submissions,
            "search_lag_seconds": self.search_lag_seconds,
        }

    def load(self, saved: dict[str, Any]) -> None:
        """Take a dump back. The search index comes up caught up: a restart takes longer than the lag."""
        self._next_id = saved["next_id"]
        self.merged_into, self.owners = saved["merged_into"], saved["owners"]
        self.submissions, self.search_lag_seconds = saved["submissions"], saved["search_lag_seconds"]
        for start, start_id, end, linked in saved["links"]:
            self._links[ObjectType(start), start_id, ObjectType(end)] = linked
        for kind in ObjectType:
            for fields in saved["records"][kind.value]:
                self._restore(kind, CrmRecord(**fields))

    def _restore(self, kind: ObjectType, record: CrmRecord) -> None:
        self.records[kind][record.id] = record
        if record.archived:
            return
        self.index.note(kind, record.id, record.properties, 0)
        if kind is ObjectType.CONTACTS:
            self._id_by_email.update(dict.fromkeys(self._addresses(record), record.id))
