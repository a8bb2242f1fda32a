"""A part of the system, as the supervisor sees one: part.py <journal> <name> <seconds it drains> [stubborn].

It notes `<name> up`, `<name> drained` in the journal; a stubborn one takes no notice of SIGTERM.
"""

import signal
import sys
import time
from pathlib import Path

journal, name, drains_seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])


def note(word: str) -> None:
    with journal.open("a") as file:
        file.write(f"{name} {word}\n")


def drain(*_: object) -> None:
    time.sleep(drains_seconds)
    note("drained")
    sys.exit(0)


signal.signal(signal.SIGTERM, signal.SIG_IGN if "stubborn" in sys.argv else drain)
note("up")
sys.stdout.write("hello from a part\n")
sys.stdout.flush()
while True:
    signal.pause()
