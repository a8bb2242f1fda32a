"""Port: files that may be offered, as the provider lists them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file. `reader_addresses` and `reader_domains` are lower case; a link alone grants nothing."""

    id: str
    name: str
    mime_type: str
    link: str
    description: str
    folder_id: str
    modified_at: dt.datetime
    anyone_with_link: bool
    reader_addresses: frozenset[str] = frozenset()
    reader_domains: frozenset[str] = frozenset()

    def is_readable_by(self, address: str) -> bool:
        """Whether the person behind `address` can open the link today."""
        lowered = address.lower()
        return (
            self.anyone_with_link
            or lowered in self.reader_addresses
            or lowered.rpartition("@")[2] in self.reader_domains
        )


class FilesReader(Protocol):
    """Reads; never shares."""

    async def own_address(self) -> str:
        """The address of whoever the files are read as, lower case."""
        ...

    async def list_files(self, folder_ids: Sequence[str], excluded_folder_ids: Sequence[str]) -> Sequence[FileEntry]:
        """Files in the folders and their sub-folders, none trashed; an excluded folder and all below it is left out."""
        ...

    async def file(self, file_id: str) -> FileEntry:
        """One file with its permissions read now; raises Missing."""
        ...
