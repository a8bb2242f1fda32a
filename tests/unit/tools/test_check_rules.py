"""Every rule of tools/check_rules catches what it is there for and leaves good code alone."""

from textwrap import dedent

import pytest

from tools.check_rules.__main__ import breaches
from tools.check_rules.exceptions import Exemption
from tools.check_rules.source import SourceFile
from tools.check_rules.table import RULES

RULE = {rule.name: rule for rule in RULES}

# rule, path, a snippet that breaks it there
CAUGHT = [
    (
        "commit-has-few-homes",
        "pipeline/intake/routes.py",
        "async def f(session):\n    await session.commit()",
    ),
    ("commit-has-few-homes", "console/leads.py", "def f(make):\n    make().commit()"),
    ("queries-live-in-repositories", "console/leads.py", "from sqlalchemy import select\nq = select(1)"),
    ("queries-live-in-repositories", "console/leads.py", "import sqlalchemy as sa\nq = sa.delete(x)"),
    (
        "queries-live-in-repositories",
        "effects/once.py",
        "from sqlalchemy.dialects.postgresql import insert as add\nq = add(x)",
    ),
    (
        "queries-live-in-repositories",
        "effects/once.py",
        "from sqlalchemy.dialects import postgresql as pg\nq = pg.insert(x)",
    ),
    ("queries-live-in-repositories", "effects/once.py", "from sqlalchemy import text\nq = text('select 1')"),
    ("queries-live-in-repositories", "effects/models.py", "from sqlalchemy import update\nq = update(x)"),
    ("queries-live-in-repositories", "effects/once.py", "from psycopg import sql\nq = sql.SQL('select 1')"),
    (
        "queries-live-in-repositories",
        "effects/once.py",
        "async def f(session):\n    await session.scalars(q)",
    ),
    ("queries-live-in-repositories", "effects/once.py", "def f(db: AsyncConnection):\n    db.execute(q)"),
    ("queries-live-in-repositories", "effects/once.py", "def f(door):\n    door.exec_driver_sql('select 1')"),
    (
        "no-relationships",
        "records/leads/models.py",
        "from sqlalchemy.orm import relationship\nthreads = relationship()",
    ),
    (
        "no-relationships",
        "records/leads/models.py",
        "from sqlalchemy import orm\nthreads = orm.relationship()",
    ),
    ("tables-have-a-repository", "records/leads/models.py", "import sqlalchemy as sa\nx = sa.Column()"),
    ("time-comes-from-the-clock", "kit/ids.py", "import time\nt = time.time()"),
    ("time-comes-from-the-clock", "kit/ids.py", "from time import time_ns\nt = time_ns()"),
    ("time-comes-from-the-clock", "kit/ids.py", "import datetime as dt\nt = dt.datetime.now(dt.UTC)"),
    ("time-comes-from-the-clock", "kit/ids.py", "from datetime import datetime\nmade_by = datetime.utcnow"),
    ("time-comes-from-the-clock", "kit/ids.py", "from datetime import date\nt = date.today()"),
    ("settings-come-from-config", "cli.py", "import os\nurl = os.environ['DATABASE_URL']"),
    ("settings-come-from-config", "cli.py", "from os import getenv\nurl = getenv('DATABASE_URL')"),
    ("settings-come-from-config", "cli.py", "from os import environ as env\nurl = env.get('DATABASE_URL')"),
    ("permits-are-minted-in-one-place", "effects/once.py", "p = Permit(effect_id)"),
    ("permits-are-minted-in-one-place", "effects/once.py", "p = permit.Permit(effect_id)"),
    ("files-are-short", "kit/db.py", "x = 1\n" * 301),
    ("functions-are-short", "kit/db.py", "def f():\n" + "    x = 1\n" * 50),
    ("functions-are-short", "kit/db.py", "class A:\n    async def f(self):\n" + "        x = 1\n" * 50),
    ("names-say-something", "pipeline/intake/service.py", ""),
    ("names-say-something", "pipeline/utils/words.py", ""),
    ("front-pages-hold-one-docstring", "kit/__init__.py", ""),
    ("front-pages-hold-one-docstring", "kit/__init__.py", '"""Tools."""\nfrom sales_agent.kit.db import x'),
    ("nothing-is-left-unfinished", "kit/db.py", "def f():\n    raise NotImplementedError"),
    ("nothing-is-left-unfinished", "kit/db.py", "def f():\n    raise NotImplementedError('later')"),
]

ACCEPTED = [
    ("commit-has-few-homes", "kit/db.py", "session.commit()"),
    ("commit-has-few-homes", "effects/once.py", "session.commit()"),
    ("commit-has-few-homes", "pipeline/workflow/engine.py", "session.commit()"),
    ("commit-has-few-homes", "console/leads.py", "async def f(db):\n    async with db.transaction(): ..."),
    ("queries-live-in-repositories", "effects/repository.py", "import sqlalchemy as sa\nq = sa.select(x)"),
    ("queries-live-in-repositories", "effects/held_repository.py", "session.execute(q)"),
    ("queries-live-in-repositories", "effects/models.py", "import sqlalchemy as sa\nd = sa.text('now()')"),
    ("queries-live-in-repositories", "effects/once.py", "import sqlalchemy as sa\nd = sa.Text()"),
    ("queries-live-in-repositories", "pipeline/workflow/steps/x.py", "agent.execute(q)\nseen.update(x)"),
    ("no-relationships", "records/leads/models.py", "relationship = 'customer'\nprint(relationship)"),
    ("time-comes-from-the-clock", "kit/clock.py", "import time\nt = time.time()"),
    ("time-comes-from-the-clock", "kit/ids.py", "import time\nt = time.monotonic() - time.perf_counter()"),
    ("time-comes-from-the-clock", "kit/ids.py", "def f(clock):\n    return clock.now()"),
    ("settings-come-from-config", "config.py", "import os\nurl = os.environ['DATABASE_URL']"),
    ("settings-come-from-config", "cli.py", "import os\nos.kill(1, 2)"),
    ("permits-are-minted-in-one-place", "effects/permit.py", "p = Permit(effect_id)"),
    ("permits-are-minted-in-one-place", "connectors/crm/writer.py", "def f(permit: Permit): ..."),
    ("files-are-short", "kit/db.py", "x = 1\n" * 300),
    ("functions-are-short", "kit/db.py", "def f():\n" + "    x = 1\n" * 49),
    ("names-say-something", "pipeline/intake/receive.py", ""),
    ("front-pages-hold-one-docstring", "kit/__init__.py", '"""Tools that know nothing of sales."""'),
    ("nothing-is-left-unfinished", "kit/db.py", "def f():\n    raise ValueError"),
    ("nothing-is-left-unfinished", "kit/db.py", "try:\n    x()\nexcept NotImplementedError:\n    y()"),
    ("tables-have-a-repository", "sandbox/openai/models.py", "class Models: ..."),
]

HONESTY = [
    ("nothing-is-patched", "from unittest.mock import Mock\nm = Mock()", True),
    ("nothing-is-patched", "from unittest import mock\nm = mock.patch('x')", True),
    ("nothing-is-patched", "def test_x(monkeypatch): ...", True),
    ("nothing-is-patched", "def test_x(sandbox): ...", False),
    ("nothing-is-excused", "import pytest\n@pytest.mark.skip\ndef test_x(): ...", True),
    ("nothing-is-excused", "import pytest\n@pytest.mark.xfail(reason='x')\ndef test_x(): ...", True),
    ("nothing-is-excused", "import pytest\nx = pytest.importorskip('numpy')", True),
    ("nothing-is-excused", "import pytest\n@pytest.mark.long\ndef test_x(): ...", False),
]


def source(path: str, text: str, *siblings: str) -> SourceFile:
    return SourceFile(path, dedent(text), frozenset(siblings))


def in_package(path: str, text: str, *siblings: str) -> SourceFile:
    return source(f"src/sales_agent/{path}", text, *siblings)


@pytest.mark.parametrize(("rule", "path", "snippet"), CAUGHT)
def test_a_breach_is_caught(rule: str, path: str, snippet: str) -> None:
    assert list(RULE[rule].check(in_package(path, snippet)))


@pytest.mark.parametrize(("rule", "path", "snippet"), ACCEPTED)
def test_good_code_is_left_alone(rule: str, path: str, snippet: str) -> None:
    assert not list(RULE[rule].check(in_package(path, snippet)))


@pytest.mark.parametrize(("rule", "snippet", "caught"), HONESTY)
def test_tests_are_held_to_honesty(rule: str, snippet: str, *, caught: bool) -> None:
    assert bool(list(RULE[rule].check(source("tests/unit/test_x.py", snippet)))) is caught


def test_tables_beside_their_repository_are_left_alone() -> None:
    rule = RULE["tables-have-a-repository"]
    for sibling in ("repository.py", "held_repository.py"):
        assert not list(rule.check(in_package("effects/models.py", "class Effect: ...", "models.py", sibling)))


def test_every_rule_is_tested_both_ways() -> None:
    caught = {rule for rule, *_ in CAUGHT} | {rule for rule, _, seen in HONESTY if seen}
    accepted = {rule for rule, *_ in ACCEPTED} | {rule for rule, _, seen in HONESTY if not seen}
    assert caught == set(RULE)
    assert accepted == set(RULE)


def test_a_breach_names_its_place_and_how_to_mend_it() -> None:
    file = in_package("console/leads.py", "import time\n\nnow = time.time()\n")
    (line,) = breaches([file], exemptions=())
    assert line.startswith("src/sales_agent/console/leads.py:3: time-comes-from-the-clock: time.time; take a")


def test_an_exempt_file_may_break_only_its_own_rule() -> None:
    file = in_package("console/leads.py", "import os, time\nnow = time.time()\nurl = os.environ['URL']\n")
    exempt = Exemption("time-comes-from-the-clock", "src/sales_agent/console/leads.py", "shown here")
    assert [line.split(": ")[1] for line in breaches([file], exemptions=[exempt])] == ["settings-come-from-config"]


def test_an_exemption_that_nothing_needs_is_reported() -> None:
    exempt = Exemption("time-comes-from-the-clock", "src/sales_agent/console/leads.py", "no longer true")
    (line,) = breaches([in_package("console/leads.py", "x = 1\n")], exemptions=[exempt])
    assert line.startswith("src/sales_agent/console/leads.py:1: unused-exemption: nothing here breaks time-comes")


def test_a_rule_holds_only_in_its_folders() -> None:
    file = source("tests/unit/test_x.py", "import time\nnow = time.time()\n")
    assert list(breaches([file], exemptions=())) == []
