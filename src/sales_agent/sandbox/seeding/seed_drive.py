"""The seller's Drive: two folders meant for prospects, one of them with a corner that is not, and private things."""

import datetime as dt

from sales_agent.sandbox.clock import iso
from sales_agent.sandbox.google.drive_store import FOLDER, real_id
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.seeding.tables import tables
from sales_agent.sandbox.seller import SELLER
from sales_agent.sandbox.world import World

_MIME_TYPES = {
    "folder": FOLDER,
    "pdf": "application/pdf",
    "doc": "application/vnd.google-apps.document",
    "sheet": "application/vnd.google-apps.spreadsheet",
}


def seed_drive(world: World) -> None:
    for row in tables("drive")["files"]:
        put_file(world, row)


def put_file(world: World, row: JsonObject) -> JsonObject:
    """Put a file into the Drive: id, name, type, parent, access (anyone, domain, private), text, description."""
    shown = _shown(world, row)
    if row.get("in_shared_drive"):
        shown |= {"driveId": tables("drive")["shared_drive"]["id"]}
        shown.pop("owners")
    world.drive.add(shown, row.get("text", ""), _permissions(row))
    return {"id": shown["id"], "webViewLink": shown["webViewLink"]}


def _shown(world: World, row: JsonObject) -> JsonObject:
    modified = world.clock.now() - dt.timedelta(days=row.get("days_ago", 300))
    kind = "folders" if row["type"] == "folder" else "file/d"
    parents = {"parents": [real_id(row["parent"])]} if "parent" in row else {}
    return {
        **parents,
        "kind": "drive#file",
        "id": row["id"],
        "name": row["name"],
        "mimeType": _MIME_TYPES[row["type"]],
        "trashed": row.get("trashed", False),
        "starred": False,
        "shared": row["access"] != "private",
        "ownedByMe": not row.get("in_shared_drive", False),
        "owners": [
            {
                "kind": "drive#user",
                "displayName": SELLER.name,
                "emailAddress": SELLER.address,
                "me": True,
                "permissionId": "01",
            }
        ],
        "createdTime": iso(modified - dt.timedelta(days=1)),
        "modifiedTime": iso(modified),
        "webViewLink": f"https://drive.google.example/{kind}/{row['id']}/view",
        "description": row.get("description", ""),
        "size": str(1000 + 37 * len(row.get("text", ""))),
    }


def _permissions(row: JsonObject) -> list[JsonObject]:
    owner: JsonObject = {
        "kind": "drive#permission",
        "id": "01",
        "type": "user",
        "role": "organizer" if row.get("in_shared_drive") else "owner",
        "emailAddress": SELLER.address,
        "displayName": SELLER.name,
    }
    if row["access"] == "anyone":
        anyone = {"id": "anyoneWithLink", "type": "anyone", "role": "reader", "allowFileDiscovery": False}
        return [{"kind": "drive#permission", **anyone}, owner]
    if row["access"] == "domain":
        domain = SELLER.address.rpartition("@")[2]
        shared = {"id": "02", "type": "domain", "role": "reader", "domain": domain, "displayName": SELLER.company}
        return [{"kind": "drive#permission", **shared, "allowFileDiscovery": True}, owner]
    return [owner]
