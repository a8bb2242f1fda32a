"""Pages that are written from the code say what the code says."""

import pytest

from tools.generate.table import PAGES, Page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_generated_page_is_fresh(page: Page) -> None:
    assert page.is_fresh(), f"{page.path} is stale: make docs"
