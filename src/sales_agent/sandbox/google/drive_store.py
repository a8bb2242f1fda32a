"""The seller's Drive: files as the API shows them, their permissions, and which lie in a shared drive."""

import copy
from typing import Any

from sales_agent.sandbox.json_value import JsonObject

# The folder that `root` stands for: it can be read, and is never listed.
ROOT_ID = "0AMyDriveRootFolderPVA"
FOLDER = "application/vnd.google-apps.folder"


class DriveStore:
    """Files by id; `text` is what fullText finds and never leaves the sandbox."""

    def __init__(self) -> None:
        self.files: dict[str, JsonObject] = {}
        self.texts: dict[str, str] = {}
        self.permissions: dict[str, list[JsonObject]] = {}

    def add(self, shown: JsonObject, text: str, permissions: list[JsonObject]) -> None:
        self.files[shown["id"]] = shown
        self.texts[shown["id"]] = text
        self.permissions[shown["id"]] = permissions

    def find(self, file_id: str, *, with_shared_drives: bool) -> JsonObject | None:
        """A file by id; one in a shared drive is hidden from callers that do not say they support those."""
        found = self.files.get(real_id(file_id))
        return found if found and (with_shared_drives or "driveId" not in found) else None

    def shown(self, file_id: str) -> JsonObject:
        """The file with its permissions, which Drive leaves out for items of shared drives."""
        shown = copy.copy(self.files[file_id])
        permissions = self.permissions[file_id]
        shown["permissionIds"] = [permission["id"] for permission in permissions]
        if "driveId" not in shown:
            shown["permissions"] = permissions
        return shown

    def dump(self) -> dict[str, Any]:
        return {"files": self.files, "texts": self.texts, "permissions": self.permissions}

    def load(self, saved: dict[str, Any]) -> None:
        self.files, self.texts = saved["files"], saved["texts"]
        self.permissions = saved["permissions"]


def real_id(file_id: str) -> str:
    """The id behind the alias `root`, else the id itself."""
    return ROOT_ID if file_id == "root" else file_id
