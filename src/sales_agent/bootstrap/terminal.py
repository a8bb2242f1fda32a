"""What people read must be printable on any terminal."""

import io
import sys

from rich.console import Console


def print_to_any_terminal() -> None:
    """A name that the terminal's encoding lacks is shown with a `?`; it never fails a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def console() -> Console:
    """A terminal on stdout that adds no colours of its own to what it is given."""
    return Console(highlight=False)
