"""What the API says when it starts."""

from pathlib import Path

import pytest

from tests.conftest import DatabaseUrls
from tests.factories.api import serving


@pytest.mark.parametrize(("policy", "is_warned"), [("off", True), ("v3", False)])
async def test_a_webhook_without_signatures_is_warned_of(
    database_urls: DatabaseUrls, data_dir: Path, capfd: pytest.CaptureFixture[str], policy: str, *, is_warned: bool
):
    async with serving(database_urls.app, data_dir, webhook_signature=policy):
        logged = capfd.readouterr().err

    assert ("webhook.signatures_off" in logged) is is_warned
