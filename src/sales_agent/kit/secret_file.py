"""A secret that an installation makes for itself, once, in a file that only its owner may read."""

import os
from collections.abc import Callable
from pathlib import Path


def kept_secret(file: Path, make: Callable[[], str]) -> str:
    """The content of the file, after making it where it is missing: whole or not at all, by one of many processes."""
    try:
        return file.read_text()
    except FileNotFoundError:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = file.with_name(f".{file.name}.{os.getpid()}")
    own.unlink(missing_ok=True)  # left by a process of this number that was killed here
    with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(make())
        stream.flush()
        os.fsync(stream.fileno())
    try:
        file.hardlink_to(own)
    except FileExistsError:
        pass  # another process was first, and its secret counts
    finally:
        own.unlink()
    return file.read_text()
