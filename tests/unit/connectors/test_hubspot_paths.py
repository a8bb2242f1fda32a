"""One constant chooses between HubSpot's dated paths and the older shape."""

import pytest

from sales_agent.connectors.crm.hubspot.paths import labels_path, links_path, objects_path, owner_path


@pytest.mark.parametrize(
    ("version", "paths"),
    [
        (
            "2026-09",
            [
                "/crm/objects/2026-09/tasks",
                "/crm/objects/2026-09/{start}/{id}/associations/{end}",
                "/crm/associations/2026-09/{start}/{end}/labels",
                "/crm/owners/2026-09/{id}",
            ],
        ),
        (
            "v3",
            [
                "/crm/v3/objects/tasks",
                "/crm/v4/objects/{start}/{id}/associations/{end}",
                "/crm/v4/associations/{start}/{end}/labels",
                "/crm/v3/owners/{id}",
            ],
        ),
    ],
)
def test_each_generation_has_its_own_spelling(version: str, paths: list[str]) -> None:
    assert [objects_path("/tasks", version), links_path(version), labels_path(version), owner_path(version)] == paths
