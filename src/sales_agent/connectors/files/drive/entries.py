"""Drive's JSON of a file and of its permissions as the port shows them."""

import datetime as dt
from collections.abc import Iterable

from sales_agent.connectors.answer import JsonObject, flag_at, objects_at, required_text, text_at, texts_at
from sales_agent.connectors.files.reader import FileEntry

PERMISSION_FIELDS = "type,role,emailAddress,domain,deleted,view"
FILE_FIELDS = (
    f"id,name,mimeType,webViewLink,description,parents,modifiedTime,trashed,driveId,permissions({PERMISSION_FIELDS})"
)

FOLDER_TYPE = "application/vnd.google-apps.folder"

# Never offered: a folder shows more than was meant, and a shortcut leads out of the allowlisted folders.
UNOFFERABLE_TYPES = frozenset({FOLDER_TYPE, "application/vnd.google-apps.shortcut"})

_NEVER_MODIFIED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def entry_of(answer: JsonObject, permissions: Iterable[JsonObject]) -> FileEntry:
    """A file with those who may read it today; raises Transient where the answer is none."""
    granted = [found for found in permissions if _grants(found)]
    return FileEntry(
        id=required_text(answer, "id"),
        name=text_at(answer, "name"),
        mime_type=text_at(answer, "mimeType"),
        link=text_at(answer, "webViewLink"),
        description=text_at(answer, "description"),
        folder_id=next(iter(texts_at(answer, "parents")), ""),
        modified_at=_moment(text_at(answer, "modifiedTime")),
        anyone_with_link=any(text_at(found, "type") == "anyone" for found in granted),
        reader_addresses=_named(granted, "user", "emailAddress"),
        reader_domains=_named(granted, "domain", "domain"),
    )


def has_permissions(answer: JsonObject) -> bool:
    """Whether the answer tells them at all: for items of shared drives Drive leaves them out."""
    return bool(objects_at(answer, "permissions"))


def _grants(permission: JsonObject) -> bool:
    """Any role may read; not one of a deleted account, nor one on the published view only."""
    return not flag_at(permission, "deleted") and not text_at(permission, "view")


def _named(permissions: Iterable[JsonObject], kind: str, field: str) -> frozenset[str]:
    values = (text_at(found, field).lower() for found in permissions if text_at(found, "type") == kind)
    return frozenset(value for value in values if value)


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return _NEVER_MODIFIED
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
