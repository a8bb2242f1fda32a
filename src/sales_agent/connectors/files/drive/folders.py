"""Walking allowlisted folders level by level; an excluded folder, and all below it, is never entered."""

from collections.abc import Iterable, Iterator, Sequence

from sales_agent.connectors.account import Reads
from sales_agent.connectors.answer import JsonObject, listed_at, text_at, texts_at
from sales_agent.connectors.errors import Missing
from sales_agent.connectors.files.drive.entries import FILE_FIELDS, FOLDER_TYPE, UNOFFERABLE_TYPES

FILES_PATH = "/drive/v3/files"
FILE_PATH = "/drive/v3/files/{id}"

# Without both of these a file in a shared drive does not exist.
SHARED_DRIVES = (("supportsAllDrives", "true"), ("includeItemsFromAllDrives", "true"), ("corpora", "allDrives"))

# Deep enough for any library that people keep in order; a loop of folders ends here too.
_MOST_LEVELS = 6
_MOST_ANCESTORS = 20

# One walk reads at most 40 pages of 200 files: more is no library to choose from but a whole drive.
_MOST_PAGES = 40
_PAGE_SIZE = "200"

# Folders asked for in one query; Drive refuses queries that are too complex.
_FOLDERS_A_QUERY = 20


async def files_below(account: Reads, folder_ids: Sequence[str], excluded_ids: frozenset[str]) -> list[JsonObject]:
    """Files as Drive shows them, each once, in the order they were met."""
    level = [root for root in dict.fromkeys(folder_ids) if not await _is_within(account, root, excluded_ids)]
    entered, files = set(level), dict[str, JsonObject]()
    pages_left = _MOST_PAGES
    for _ in range(_MOST_LEVELS):
        below: list[str] = []
        for folders in _chunks(level):
            found, pages = await _children(account, folders, pages_left)
            pages_left -= pages
            for child in found:
                _sort_child(child, excluded_ids, files, below)
        level = [folder for folder in dict.fromkeys(below) if folder not in entered]
        entered.update(level)
    return list(files.values())


def _sort_child(
    child: JsonObject, excluded_ids: frozenset[str], files: dict[str, JsonObject], folders: list[str]
) -> None:
    child_id, kind = text_at(child, "id"), text_at(child, "mimeType")
    if child_id in excluded_ids or not excluded_ids.isdisjoint(texts_at(child, "parents")):
        return
    if kind == FOLDER_TYPE:
        folders.append(child_id)
    elif kind not in UNOFFERABLE_TYPES:
        files.setdefault(child_id, child)


async def _children(account: Reads, folders: Sequence[str], pages_left: int) -> tuple[list[JsonObject], int]:
    parents = " or ".join(f"{_quoted(folder)} in parents" for folder in folders)
    query = [
        ("q", f"({parents}) and trashed = false"),
        ("fields", f"nextPageToken,files({FILE_FIELDS})"),
        ("pageSize", _PAGE_SIZE),
        *SHARED_DRIVES,
    ]
    found: list[JsonObject] = []
    page_token = ""
    for pages in range(1, pages_left + 1):
        answer = await account.read(FILES_PATH, query=[*query, *([("pageToken", page_token)] if page_token else [])])
        found.extend(listed_at(answer, "files"))
        page_token = text_at(answer, "nextPageToken")
        if not page_token:
            return found, pages
    return found, pages_left


async def _is_within(account: Reads, folder_id: str, excluded_ids: Iterable[str]) -> bool:
    """Whether a folder is excluded or lies below an excluded one; an ancestor we may not see ends the climb."""
    excluded = frozenset(excluded_ids)
    current = folder_id
    for _ in range(_MOST_ANCESTORS if excluded else 0):
        if current in excluded:
            return True
        query = [("fields", "parents"), ("supportsAllDrives", "true")]
        try:
            parents = texts_at(await account.read(FILE_PATH, {"id": current}, query=query), "parents")
        except Missing:
            return False
        if not parents:
            return False
        current = parents[0]
    return False


def _quoted(value: str) -> str:
    """A value inside a query: Drive ends it at a quote and takes a backslash for an escape."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _chunks(folders: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(folders), _FOLDERS_A_QUERY):
        yield folders[start : start + _FOLDERS_A_QUERY]
