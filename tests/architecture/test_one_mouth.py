"""One mouth: a mail leaves for a prospect from one line of the product, whoever holds the bundle of writers."""

import ast
import re
from pathlib import Path

from tools.check_rules.source import SourceFile, python_files

CHECKOUT = Path(__file__).resolve().parents[2]
# The paths under which Gmail lets a mail go. The sandbox has them too: it is the other end of the wire.
PATHS = re.compile(r"(drafts|messages)/send\b")


def product() -> list[SourceFile]:
    return [file for file in python_files(CHECKOUT, "src") if not file.room.startswith("sandbox/")]


def takers(files: list[SourceFile]) -> set[str]:
    """The files in which the port's method is called or taken."""
    return {
        file.room
        for file in files
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Attribute) and node.attr == "send_draft"
    }


def speakers(files: list[SourceFile]) -> dict[str, set[str]]:
    """The files that write such a path as text, and which."""
    said = [
        (file.room, found[0])
        for file in files
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (found := PATHS.search(node.value))
    ]
    return {room: {path for other, path in said if other == room} for room, _ in said}


def test_a_second_mouth_would_be_seen() -> None:
    planted = SourceFile("src/sales_agent/console/x.py", 'send = writers.sender.send_draft\npath = "/me/messages/send"')
    assert takers([planted]) == {"console/x.py"}
    assert speakers([planted]) == {"console/x.py": {"messages/send"}}


def test_only_the_kind_of_effect_lets_a_mail_go() -> None:
    assert takers(product()) == {"pipeline/sending/mail_kinds.py"}


def test_only_a_draft_is_ever_sent() -> None:
    assert speakers(product()) == {"connectors/mail/gmail/paths.py": {"drafts/send"}}
