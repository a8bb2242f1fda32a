"""HubSpot's paths, dated and legacy, behind the one constant that names the version."""

# 2026-09 refuses writes that break a portal's own required-property rules, which an admin may add at any time; 2026-03
# stores them. "v3" is the older shape, in which associations are a version ahead.
VERSION = "2026-03"

_LEGACY = "v3"
_LEGACY_ASSOCIATIONS = "v4"


def objects_path(rest: str, version: str = VERSION) -> str:
    """Records: `rest` begins with the type, as in `/contacts/{id}`."""
    return f"/crm/{version}/objects{rest}" if version == _LEGACY else f"/crm/objects/{version}{rest}"


def links_path(version: str = VERSION) -> str:
    """Records of type `{end}` associated to the record `{id}` of type `{start}`."""
    if version == _LEGACY:
        return f"/crm/{_LEGACY_ASSOCIATIONS}/objects/{{start}}/{{id}}/associations/{{end}}"
    return f"/crm/objects/{version}/{{start}}/{{id}}/associations/{{end}}"


def labels_path(version: str = VERSION) -> str:
    """Association types that lead from `{start}` to `{end}`."""
    if version == _LEGACY:
        return f"/crm/{_LEGACY_ASSOCIATIONS}/associations/{{start}}/{{end}}/labels"
    return f"/crm/associations/{version}/{{start}}/{{end}}/labels"


def owner_path(version: str = VERSION) -> str:
    """The owner `{id}`."""
    return f"/crm/{version}/owners/{{id}}" if version == _LEGACY else f"/crm/owners/{version}/{{id}}"


def owners_path(version: str = VERSION) -> str:
    """The owners of the portal."""
    return owner_path(version).removesuffix("/{id}")
