"""One word for one thing: no name in the product uses a word that the glossary has ruled out."""

import ast
import re
from pathlib import Path

from tools.check_rules.source import SourceFile, python_files

CHECKOUT = Path(__file__).resolve().parents[2]
GLOSSARY = CHECKOUT / "docs/glossary.md"
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def ruled_out() -> dict[str, str]:
    """Each ruled-out word -> the word to use instead."""
    rows = [line.strip("| ").split("|") for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if "|" in line]
    return {
        bad.strip(): cells[0].strip()
        for cells in rows
        if len(cells) == 3 and "---" not in cells[0] and cells[0].strip() != "word"
        for bad in cells[2].split(",")
        if bad.strip()
    }


def names(file: SourceFile) -> set[str]:
    """The names a file gives: its own, and those of its classes and functions."""
    named = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {Path(file.path).stem, *(node.name for node in ast.walk(file.tree) if isinstance(node, named))}


def in_snake_case(name: str) -> str:
    return "_".join(word.lower() for word in WORD.findall(name))


def test_the_glossary_says_what_not_to_say() -> None:
    assert ruled_out()["enquiry"] == "submission"


def test_a_name_is_read_word_by_word() -> None:
    assert in_snake_case("DraftAlreadySent") == "draft_already_sent"
    assert in_snake_case("_read_HTTP_body") == "read_http_body"


def test_no_name_uses_a_word_that_was_ruled_out() -> None:
    instead = ruled_out()
    found = [
        f"{file.path}: {name}: say {instead[bad]}, not {bad}"
        for file in python_files(CHECKOUT, "src")
        for name in names(file)
        for bad in instead
        if f"_{bad}_" in f"_{in_snake_case(name)}_"
    ]
    assert found == []
