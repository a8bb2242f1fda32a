"""Where the encryption keys come from."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sales_agent.access.tenancy.keyring import load_keyring
from sales_agent.config import Settings
from sales_agent.kit.crypto import KeyringInvalid, new_key

ASK = """
import sys; from pathlib import Path
from sales_agent.access.tenancy.keyring import load_keyring
from sales_agent.config import Settings
print(*load_keyring(Settings(data_dir=Path(sys.argv[1]), encryption_keys="")).keys)
"""


def settings(data_dir: Path, keys: str = "") -> Settings:
    return Settings(data_dir=data_dir, encryption_keys=keys)  # pyright: ignore[reportArgumentType]


def test_given_keys_are_used_and_no_file_is_made(tmp_path: Path):
    newest, older = new_key(), new_key()
    assert list(load_keyring(settings(tmp_path, f"{newest},{older}")).keys) == [
        newest.partition(":")[0],
        older.partition(":")[0],
    ]
    assert list(tmp_path.iterdir()) == []


def test_without_keys_one_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path):
    first, second = load_keyring(settings(tmp_path)), load_keyring(settings(tmp_path))
    assert first == second
    file = tmp_path / "secrets" / "encryption_keys"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(file.parent.iterdir()) == [file]


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path):
    processes = [subprocess.Popen([sys.executable, "-c", ASK, str(tmp_path)], stdout=subprocess.PIPE) for _ in range(4)]
    said = {process.communicate()[0] for process in processes}
    assert [process.returncode for process in processes] == [0] * 4
    assert len(said) == 1


def test_keys_of_another_form_are_refused(tmp_path: Path):
    with pytest.raises(KeyringInvalid):
        load_keyring(settings(tmp_path, "not a key"))
