"""Drive files and their permissions, as far as a reader needs them."""

from sales_agent.sandbox.google.drive_query import parse_drive_query
from sales_agent.sandbox.google.errors import invalid, not_found
from sales_agent.sandbox.google.fields import Mask, parse_mask, select
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.seller import SELLER
from sales_agent.sandbox.wire import Answer, Call

# What Drive returns when `fields` is not given: very little.
_FILE_UNASKED: Mask = dict.fromkeys(("kind", "id", "name", "mimeType", "resourceKey"))
_LIST_UNASKED: Mask = {"kind": None, "nextPageToken": None, "incompleteSearch": None, "files": _FILE_UNASKED}
_PERMISSION_UNASKED: Mask = dict.fromkeys(("kind", "id", "type", "role"))
_PERMISSIONS_UNASKED: Mask = {"kind": None, "nextPageToken": None, "permissions": _PERMISSION_UNASKED}

# Drive's page of files: a hundred unasked, a thousand at most.
USUAL_PAGE, LARGEST_PAGE = 100, 1000
_CORPORA = {"", "user", "domain", "drive", "allDrives"}


def _fields(call: Call, unasked: Mask) -> Mask:
    wanted = call.query.get("fields")
    return parse_mask(wanted) if wanted else unasked


def list_files(call: Call) -> Answer:
    """Files that `q` finds, trashed ones too unless it says otherwise; shared drives only when asked for twice."""
    mask = _fields(call, _LIST_UNASKED)
    test = parse_drive_query(call.query.get("q"))
    shared_drive = _shared_drive_of(call)
    drive = call.world.drive
    with_shared = call.flag("supportsAllDrives") and call.flag("includeItemsFromAllDrives")
    found = [
        drive.shown(file_id)
        for file_id, file in drive.files.items()
        if file.get("parents")
        and (with_shared or "driveId" not in file)
        and (not shared_drive or file.get("driveId") == shared_drive)
        and test(file, drive.texts[file_id])
    ]
    _sort(found, call.query.get("orderBy"))
    limit = call.count("pageSize", USUAL_PAGE, LARGEST_PAGE)
    token = call.query.get("pageToken", "0")
    if not token.isdigit():
        raise invalid("Invalid Value", "invalid")
    at = int(token)
    body: JsonObject = {"kind": "drive#fileList", "incompleteSearch": False, "files": found[at : at + limit]}
    if at + limit < len(found):
        body["nextPageToken"] = str(at + limit)
    return Answer(select(body, mask))


def _shared_drive_of(call: Call) -> str:
    """The shared drive a search is limited to; naming one needs `corpora=drive` and both flags."""
    corpora, drive_id = call.query.get("corpora"), call.query.get("driveId")
    if corpora not in _CORPORA:
        raise invalid("Invalid Value", "invalid")
    if (corpora == "drive") != bool(drive_id):
        raise invalid("The driveId parameter must be specified if and only if corpora is set to drive.")
    needs_flags = corpora in {"drive", "allDrives"}
    if needs_flags and not (call.flag("supportsAllDrives") and call.flag("includeItemsFromAllDrives")):
        raise invalid("The includeItemsFromAllDrives parameter must be set to true for this corpora.")
    return drive_id


def _sort(files: list[JsonObject], order: str) -> None:
    for key in reversed([part.strip() for part in order.split(",") if part.strip()]):
        name, _, direction = key.partition(" ")
        field = "name" if name == "name_natural" else name
        files.sort(key=lambda file: str(file.get(field, "")).lower(), reverse=direction == "desc")


def read_file(call: Call) -> Answer:
    file_id = _visible(call)
    if call.query.get("alt") == "media":
        return Answer(call.world.drive.texts[file_id].encode(), headers={"Content-Type": "text/plain"})
    return Answer(select(call.world.drive.shown(file_id), _fields(call, _FILE_UNASKED)))


def export_file(call: Call) -> Answer:
    """A document's text; only text/plain is offered."""
    file_id = _visible(call)
    if call.query.get("mimeType") != "text/plain":
        raise invalid("The requested conversion is not supported.")
    return Answer(call.world.drive.texts[file_id].encode(), headers={"Content-Type": "text/plain"})


def read_about(call: Call) -> Answer:
    """Whose files these are; Drive answers this one only where `fields` says what is wanted."""
    if not call.query.get("fields"):
        raise invalid("The 'fields' parameter is required for this method.", "required")
    mailbox = call.world.mailbox
    user: JsonObject = {"kind": "drive#user", "displayName": SELLER.name, "me": True, "emailAddress": mailbox.address}
    return Answer(select({"kind": "drive#about", "user": user}, _fields(call, {"kind": None})))


def list_permissions(call: Call) -> Answer:
    """Who may open a file; reading it shares nothing."""
    permissions = call.world.drive.permissions[_visible(call)]
    body: JsonObject = {"kind": "drive#permissionList", "permissions": permissions}
    return Answer(select(body, _fields(call, _PERMISSIONS_UNASKED)))


def _visible(call: Call) -> str:
    found = call.world.drive.find(call.params["file_id"], with_shared_drives=call.flag("supportsAllDrives"))
    if found is None:
        raise not_found(f"File not found: {call.params['file_id']}.")
    return str(found["id"])


ROUTES = (
    Route("GET", "/drive/v3/about", read_about),
    Route("GET", "/drive/v3/files", list_files),
    Route("GET", "/drive/v3/files/{file_id}", read_file),
    Route("GET", "/drive/v3/files/{file_id}/export", export_file),
    Route("GET", "/drive/v3/files/{file_id}/permissions", list_permissions),
)
