"""Reading Google Drive: which files may be offered, and who can open them."""

from collections.abc import Sequence

from sales_agent.connectors.account import Reads
from sales_agent.connectors.answer import JsonObject, flag_at, objects_at, required_text, text_at
from sales_agent.connectors.errors import Missing, Permanent
from sales_agent.connectors.files.drive.entries import FILE_FIELDS, PERMISSION_FIELDS, entry_of, has_permissions
from sales_agent.connectors.files.drive.folders import FILE_PATH, files_below
from sales_agent.connectors.files.reader import FileEntry
from sales_agent.connectors.side_by_side import side_by_side

_ABOUT_PATH = "/drive/v3/about"
_PERMISSIONS_PATH = "/drive/v3/files/{id}/permissions"

# A file shared with more is shared with a group or a domain, which stand first.
_MOST_PERMISSION_PAGES = 3


class DriveReader:
    """One account's files. Implements FilesReader."""

    def __init__(self, account: Reads) -> None:
        self._account = account

    async def own_address(self) -> str:
        """The address of the account the token belongs to, lower case."""
        answer = await self._account.read(_ABOUT_PATH, query=[("fields", "user(emailAddress)")])
        return required_text(answer, "user", "emailAddress").lower()

    async def list_files(self, folder_ids: Sequence[str], excluded_folder_ids: Sequence[str]) -> Sequence[FileEntry]:
        """Files in the folders and their sub-folders, none trashed; an excluded folder and all below it is left out."""
        found = await files_below(self._account, folder_ids, frozenset(excluded_folder_ids))
        return await side_by_side(found, self._with_permissions)

    async def file(self, file_id: str) -> FileEntry:
        """One file with its permissions read now; raises Missing, also for one in the trash."""
        query = [("fields", FILE_FIELDS), ("supportsAllDrives", "true")]
        answer = await self._account.read(FILE_PATH, {"id": file_id}, query=query)
        if flag_at(answer, "trashed"):
            raise Missing("trashed", provider="drive")
        return await self._with_permissions(answer)

    async def _with_permissions(self, answer: JsonObject) -> FileEntry:
        if has_permissions(answer):
            return entry_of(answer, objects_at(answer, "permissions"))
        return entry_of(answer, await self._permissions(text_at(answer, "id")))

    async def _permissions(self, file_id: str) -> list[JsonObject]:
        """A file's permissions; none where we may not see them, so that it counts as closed to the prospect."""
        query = [
            ("fields", f"nextPageToken,permissions({PERMISSION_FIELDS})"),
            ("supportsAllDrives", "true"),
            ("pageSize", "100"),
        ]
        found: list[JsonObject] = []
        page_token: list[tuple[str, str]] = []
        for _ in range(_MOST_PERMISSION_PAGES):
            try:
                answer = await self._account.read(_PERMISSIONS_PATH, {"id": file_id}, query=[*query, *page_token])
            except Permanent:
                return found
            found.extend(objects_at(answer, "permissions"))
            token = text_at(answer, "nextPageToken")
            if not token:
                break
            page_token = [("pageToken", token)]
        return found
