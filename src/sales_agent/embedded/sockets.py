"""The folder of a unix socket: 0700, and on a path short enough for the kernel."""

import hashlib
import os
from pathlib import Path

# sun_path in <sys/un.h> holds 108 bytes, the last of which ends the string.
_SOCKET_PATH_BYTES = 107

# Short, and on every machine. Not TMPDIR: every process of ours must find the same place.
_SHORT_PLACE = Path("/tmp")  # noqa: S108  whoever plants the folder first is refused by `private_folder`


def folder_for(wanted: Path, socket_name: str) -> Path:
    """The folder to put a socket into: `wanted`, or one with a short path that only depends on `wanted`."""
    if len(os.fsencode(wanted / socket_name)) <= _SOCKET_PATH_BYTES:
        return wanted
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
    return _SHORT_PLACE / f"sales-agent-{digest}"
