"""What a part is told when it is started: every setting outright, and not the owner's login."""

from pathlib import Path

from pydantic import SecretStr

from sales_agent.bootstrap.parts import children, environment_of
from sales_agent.config import Settings


def some_settings() -> Settings:
    return Settings(
        _env_file=None,
        data_dir=Path("/srv/var"),
        database_url="postgresql://app@db.fabrikam.example/sales",
        migration_database_url="postgresql://owner:hush@db.fabrikam.example/sales",
        redis_url="redis://redis.fabrikam.example",
        hubspot_form_ids=("a", "b"),
        retry_delays_seconds=(0.5, 2.0),
        draft_only=False,
        hubspot_access_token=SecretStr("pat-eu1-1"),
    )


def test_a_part_reads_the_very_settings_it_was_given():
    settings = some_settings()

    said = environment_of(settings)
    read = Settings(_env_file=None, **{name: said[name.upper()] for name in Settings.model_fields})

    assert read == settings.model_copy(update={"migration_database_url": ""})


def test_no_part_that_serves_may_change_tables():
    assert environment_of(some_settings())["MIGRATION_DATABASE_URL"] == ""


def test_the_sandbox_is_told_no_secret():
    sandbox = next(child for child in children(some_settings(), is_demo=True) if child.name == "sandbox")

    assert "pat-eu1-1" not in str(sandbox.env)
    assert "DATABASE_URL" not in sandbox.env


def test_the_api_comes_last_so_that_it_goes_first():
    names = [child.name for child in children(some_settings(), is_demo=True)]

    assert names == ["sandbox", "worker", "schedule", "relay", "api"]
    assert [child.name for child in children(some_settings(), is_demo=False)] == names[1:]
