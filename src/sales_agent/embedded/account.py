"""The account the servers run as: ours, or an unprivileged one when we are root, which PostgreSQL refuses."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from sales_agent.embedded.errors import EmbeddedUnavailable

# Exists on every Linux, needs no set-up and owns nothing else.
_UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the system, by its numbers."""

    name: str
    user_id: int
    group_id: int

    def can_reach(self, path: Path) -> bool:
        """Whether every folder on the way to `path`, and `path` itself, lets this account through.

        Only mode bits are looked at: an access list that allows more costs an unneeded copy, nothing else.
        """
        resolved = path.resolve()
        return all(self._may_enter(step) for step in (resolved, *resolved.parents))

    def _may_enter(self, path: Path) -> bool:
        status = path.stat()
        if status.st_uid == self.user_id:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.group_id:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def own_name() -> str:
    """The name of the account this process runs as, which PostgreSQL's peer authentication compares."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise EmbeddedUnavailable(
            f"The user id {os.geteuid()} has no name on this system, and PostgreSQL insists on one."
        ) from None


def server_account() -> Account | None:
    """The unprivileged account if we are root; None means the servers run as ourselves."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(_UNPRIVILEGED)
    return Account(name=entry.pw_name, user_id=entry.pw_uid, group_id=entry.pw_gid)
