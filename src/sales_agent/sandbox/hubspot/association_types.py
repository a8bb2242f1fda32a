"""Which association types exist between two object types; each holds in one direction only."""

import dataclasses

from sales_agent.sandbox.hubspot.object_types import ObjectType

_CONTACTS, _COMPANIES, _DEALS, _TASKS, _NOTES = ObjectType


@dataclasses.dataclass(frozen=True, slots=True)
class AssociationType:
    """One HUBSPOT_DEFINED type: from one object type to another, and the type of its mirror image."""

    type_id: int
    start: ObjectType
    end: ObjectType
    mirror_id: int
    label: str | None = None

    @property
    def legacy_name(self) -> str:
        """How v3 spells it, as in contact_to_company; the labelled ones carry no suffix there."""
        name = f"{self.start.singular}_to_{self.end.singular}"
        has_labelled_twin = {self.start, self.end} in ({_CONTACTS, _COMPANIES}, {_DEALS, _COMPANIES})
        return f"{name}_unlabeled" if has_labelled_twin and self.label is None else name


# The unlabeled type of a pair stands first: it is the one that a default association makes.
_ONE_WAY = (
    AssociationType(279, _CONTACTS, _COMPANIES, 280),
    AssociationType(1, _CONTACTS, _COMPANIES, 2, "Primary"),
    AssociationType(3, _DEALS, _CONTACTS, 4),
    AssociationType(341, _DEALS, _COMPANIES, 342),
    AssociationType(5, _DEALS, _COMPANIES, 6, "Primary"),
    AssociationType(204, _TASKS, _CONTACTS, 203),
    AssociationType(192, _TASKS, _COMPANIES, 191),
    AssociationType(216, _TASKS, _DEALS, 215),
    AssociationType(202, _NOTES, _CONTACTS, 201),
    AssociationType(190, _NOTES, _COMPANIES, 189),
    AssociationType(214, _NOTES, _DEALS, 213),
)
TYPES = (
    *_ONE_WAY,
    *(AssociationType(t.mirror_id, t.end, t.start, t.type_id, t.label) for t in _ONE_WAY),
)
BY_ID = {found.type_id: found for found in TYPES}


def between(start: ObjectType, end: ObjectType) -> tuple[AssociationType, ...]:
    """Every type from `start` to `end`, the unlabeled one first; empty when the pair cannot be linked."""
    return tuple(found for found in TYPES if found.start is start and found.end is end)
