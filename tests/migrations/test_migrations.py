"""The migrations go up, down and up again, agree with the models, and are run by one process only."""

import subprocess
import sys

import psycopg
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from sales_agent.config import ROOT
from sales_agent.embedded.postgres import Login
from sales_agent.kit.db import async_url
from sales_agent.kit.migrations import downgrade, head_revision, migration_config, upgrade
from sales_agent.kit.tables import metadata
from tests.conftest import DatabaseUrls
from tests.migrations.shape import read_shape

PROCESSES = 4
ONE_OF_THEM = "import sys; from sales_agent.kit.migrations import upgrade; upgrade(sys.argv[1], sys.argv[2])"


def test_up_then_down_leaves_nothing_behind_and_up_again_makes_the_same_shape(bare_database_urls: DatabaseUrls):
    owner = bare_database_urls.owner
    with psycopg.connect(owner, autocommit=True) as connection:
        bare = read_shape(connection)
        upgrade(owner, Login.APP)
        whole = read_shape(connection)
        assert len(whole.columns) > 200
        downgrade(owner, "base")
        connection.execute("drop table alembic_version")
        assert read_shape(connection) == bare
        upgrade(owner, Login.APP)
        assert read_shape(connection) == whole


def test_each_migration_can_be_taken_back_alone(bare_database_urls: DatabaseUrls):
    owner = bare_database_urls.owner
    revisions = [script.revision for script in ScriptDirectory.from_config(migration_config()).walk_revisions()][::-1]
    with psycopg.connect(owner, autocommit=True) as connection:
        for revision in revisions:
            before = read_shape(connection)
            upgrade(owner, Login.APP, revision)
            downgrade(owner, "-1")
            if revision == revisions[0]:
                connection.execute("drop table alembic_version")
            assert read_shape(connection) == before, revision
            upgrade(owner, Login.APP, revision)


def test_alembic_finds_no_difference_between_migrations_and_models(database_urls: DatabaseUrls):
    engine = sa.create_engine(async_url(database_urls.owner))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_migrated_tables_are_exactly_those_the_models_would_make(
    database_urls: DatabaseUrls, bare_database_urls: DatabaseUrls
):
    engine = sa.create_engine(async_url(bare_database_urls.superuser))
    metadata.create_all(engine)
    engine.dispose()
    with psycopg.connect(database_urls.owner) as migrated, psycopg.connect(bare_database_urls.superuser) as made:
        ours, models = read_shape(migrated).without("alembic_version"), read_shape(made)
    assert ours.columns == models.columns
    assert ours.constraints == models.constraints
    assert ours.indexes == models.indexes


def test_there_is_one_head_and_its_line_has_no_gap():
    scripts = ScriptDirectory.from_config(migration_config())
    assert scripts.get_heads() == [head_revision()]
    numbers = [int(script.revision) for script in scripts.walk_revisions()]
    assert numbers == list(range(len(numbers), 0, -1))


def test_four_processes_migrate_at_once_and_one_of_them_does_the_work(bare_database_urls: DatabaseUrls):
    command = [sys.executable, "-c", ONE_OF_THEM, bare_database_urls.owner, Login.APP]
    processes = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(PROCESSES)]
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert said == [b""] * PROCESSES
    assert [process.returncode for process in processes] == [0] * PROCESSES
    with psycopg.connect(bare_database_urls.owner) as connection:
        assert connection.execute("select version_num from alembic_version").fetchall() == [(head_revision(),)]


def test_the_alembic_command_finds_the_migrations_too(bare_database_urls: DatabaseUrls):
    arguments = ["-x", f"url={bare_database_urls.owner}", "-x", f"app_login={Login.APP}"]
    command = [sys.executable, "-m", "alembic", *arguments]
    subprocess.run([*command, "upgrade", "head"], cwd=ROOT, check=True, capture_output=True)
    checked = subprocess.run([*command, "check"], cwd=ROOT, check=False, capture_output=True, text=True)
    assert "No new upgrade operations detected" in checked.stdout
    assert checked.returncode == 0
