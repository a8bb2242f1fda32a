"""Reading HubSpot: by id and by association, which are consistent; by search only where nothing else finds it."""

from collections.abc import Sequence

from sales_agent.connectors.account import Reads
from sales_agent.connectors.answer import listed_at, objects_at, text_at
from sales_agent.connectors.crm.hubspot import properties
from sales_agent.connectors.crm.hubspot.associations import PRIMARY_LABEL
from sales_agent.connectors.crm.hubspot.paths import links_path, objects_path, owner_path, owners_path
from sales_agent.connectors.crm.hubspot.records import activity_of, owner_of, record_of
from sales_agent.connectors.crm.reader import CrmActivity, CrmOwner, CrmRecord
from sales_agent.connectors.errors import Missing

# HubSpot reads at most so many records, or links, in one call.
_BATCH = 100
_LINKS_PAGE = "500"

# Links of one record that are looked at: twice what a busy contact gathers in a year.
_MOST_LINK_PAGES = 4

# Activities that are read of one contact, newest first: what was written minutes ago is always among them.
_MOST_ACTIVITIES = 300

# Several companies may carry one domain; a page this small shows them all.
_SEARCH_LIMIT = 10

_ACTIVITY_BODY = {"tasks": ("hs_task_body", properties.TASK), "notes": ("hs_note_body", properties.NOTE)}


class HubSpotReader:
    """One portal's records. Implements CrmReader."""

    def __init__(self, account: Reads) -> None:
        self._account = account

    async def contact_by_email(self, email: str) -> CrmRecord | None:
        """The contact, under the id it has today: one that was merged answers with the survivor's."""
        if not email:
            return None
        return await self._record("contacts", email, properties.CONTACT, id_property="email")

    async def company_by_domain(self, domain: str) -> CrmRecord | None:
        """The oldest company with this domain."""
        wanted = {"propertyName": "domain", "operator": "EQ", "value": domain}
        body = {"filterGroups": [{"filters": [wanted]}], "properties": [*properties.COMPANY], "limit": _SEARCH_LIMIT}
        answer = await self._account.read(objects_path("/companies/search"), json=body)
        found = [record_of(result) for result in listed_at(answer, "results")]
        return min(found, key=_age_order, default=None)

    async def company_of(self, contact_id: str) -> CrmRecord | None:
        """The contact's primary company, else its first that still exists."""
        links = await self._links("contacts", contact_id, "companies")
        for company_id in sorted(links, key=lambda company_id: PRIMARY_LABEL not in links[company_id]):
            company = await self._record("companies", company_id, properties.COMPANY)
            if company is not None:
                return company
        return None

    async def deals_of(self, contact_id: str) -> Sequence[CrmRecord]:
        """The contact's deals, newest first."""
        deal_ids = [*await self._links("contacts", contact_id, "deals")]
        deals = await self._batch("deals", deal_ids, properties.DEAL)
        return sorted(deals, key=_age_order, reverse=True)

    async def owner(self, owner_id: str) -> CrmOwner | None:
        """An owner by id, also one who was deactivated as long as HubSpot still tells."""
        try:
            return owner_of(await self._account.read(owner_path(), {"id": owner_id})) if owner_id else None
        except Missing:
            return None

    async def any_owner(self) -> CrmOwner | None:
        """The first owner of the portal."""
        answer = await self._account.read(owners_path(), query=[("limit", "1")])
        found = listed_at(answer, "results")
        return owner_of(found[0]) if found else None

    async def activities_of(self, contact_id: str, kind: str) -> Sequence[CrmActivity]:
        """`tasks` or `notes` associated to a contact, newest first."""
        body_property, wanted = _ACTIVITY_BODY[kind]
        links = await self._links("contacts", contact_id, kind)
        newest = sorted(links, key=_id_order, reverse=True)[:_MOST_ACTIVITIES]
        records = await self._batch(kind, newest, wanted)
        return [activity_of(record, body_property) for record in sorted(records, key=_made_order, reverse=True)]

    async def _record(self, kind: str, key: str, wanted: Sequence[str], *, id_property: str = "") -> CrmRecord | None:
        query = [("properties", ",".join(wanted))]
        if id_property:
            query.append(("idProperty", id_property))
        try:
            return record_of(await self._account.read(objects_path(f"/{kind}/{{id}}"), {"id": key}, query=query))
        except Missing:
            return None

    async def _links(self, start: str, record_id: str, end: str) -> dict[str, frozenset[str]]:
        """Ids of associated records with the labels of each link; none for a record that is gone."""
        found: dict[str, frozenset[str]] = {}
        after = ""
        for _ in range(_MOST_LINK_PAGES):
            query = [("limit", _LINKS_PAGE), *([("after", after)] if after else [])]
            try:
                answer = await self._account.read(
                    links_path(), {"start": start, "id": record_id, "end": end}, query=query
                )
            except Missing:
                return found
            for link in listed_at(answer, "results"):
                labels = frozenset(text_at(kind, "label") for kind in objects_at(link, "associationTypes"))
                found[text_at(link, "toObjectId")] = labels
            after = text_at(answer, "paging", "next", "after")
            if not after:
                break
        return found

    async def _batch(self, kind: str, ids: Sequence[str], wanted: Sequence[str]) -> list[CrmRecord]:
        """Records by id; those that are gone are left out."""
        records: list[CrmRecord] = []
        for start in range(0, len(ids), _BATCH):
            inputs = [{"id": record_id} for record_id in ids[start : start + _BATCH]]
            body = {"inputs": inputs, "properties": [*wanted], "propertiesWithHistory": []}
            answer = await self._account.read(objects_path(f"/{kind}/batch/read"), json=body)
            records.extend(record_of(result) for result in listed_at(answer, "results"))
        return records


def _id_order(record_id: str) -> tuple[int, str]:
    """Ids grow with time; as numbers, since they differ in length."""
    return (len(record_id), record_id)


def _age_order(record: CrmRecord) -> tuple[str, tuple[int, str]]:
    return (record.get("createdate"), _id_order(record.id))


def _made_order(record: CrmRecord) -> tuple[str, tuple[int, str]]:
    return (record.get("hs_createdate"), _id_order(record.id))
