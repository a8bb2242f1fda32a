"""What people read must be printable on any terminal."""

import io
import sys

from rich.console import Console


def print_to_any_terminal() -> None:
    """A name that the terminal's encoding lacks is shown with a `?`; it never fails a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


# A file or a pipe has no width: a row of a table shall stand in one line of it, to be searched and cut. Rich takes a
# narrow screen for granted there, unless COLUMNS says otherwise.
WIDE = 240
_TAKEN_FOR_GRANTED = 80


def console() -> Console:
    """A terminal on stdout that adds no colours of its own to what it is given; wide where nobody looks at it."""
    found = Console(highlight=False)
    if not sys.stdout.isatty() and found.width == _TAKEN_FOR_GRANTED:
        found.width = WIDE
    return found
