"""What is published holds no path of somebody's machine, no registry's host and no credential."""

import re
from pathlib import Path

from tools.scan_secrets import CHECKOUT, found_in, text_lines, tracked_files

MACHINE_PATH = re.compile(r"(?:^|[^\w.])/(?:work|farm|root|Users/\w+|home/\w+)/")
REGISTRY_HOST = re.compile(r"pythonhosted|pypi\.\w+/simple|registry\.npmjs|index-url\s+http|find-links\s+\S*/")
LOCK_FILES = ("requirements.lock", "requirements-dev.lock")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{file.relative_to(CHECKOUT)}:{number}"
        for file in tracked_files()
        if file != Path(__file__)
        for number, line in enumerate(text_lines(file), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY_HOST) == []


def test_a_lock_file_holds_hashes_and_no_address() -> None:
    for name in LOCK_FILES:
        text = (CHECKOUT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text


def test_no_file_holds_a_credential() -> None:
    found = [(str(file), line, kind) for file in tracked_files() for line, kind in found_in(text_lines(file))]
    assert found == []
