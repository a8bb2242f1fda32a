"""check-secrets tells of each variable how it stands, and never what it holds."""

import base64
import json
import subprocess
import sys
from typing import Any

import pytest

from sales_agent.config import Settings
from sales_agent.console.variables import VARIABLES, VariableStatus, is_ready_for_production, judge
from sales_agent.kit.crypto import new_key
from sales_agent.kit.ids import new_id

GOOD = {
    "DATABASE_URL": "postgresql://app:hush-db-hush@db.fabrikam.example/sales",
    "MIGRATION_DATABASE_URL": "postgresql://owner:hush-db-hush@db.fabrikam.example/sales",
    "REDIS_URL": "rediss://:hush-redis@redis.fabrikam.example:6379/0",
    "PUBLIC_URL": "https://agent.fabrikam.example",
    "ENCRYPTION_KEYS": new_key(),
    "UNSUBSCRIBE_KEY": base64.b64encode(b"hush-unsubscribe-key-hush-hush-hush").decode(),
    "HUBSPOT_PORTAL_ID": "24601357",
    "HUBSPOT_WEBHOOK_SECRET": "hush-webhook-secret-hush",
    "HUBSPOT_ACCESS_TOKEN": f"pat-eu1-{new_id()}",
    "GOOGLE_CLIENT_ID": "1234-abcd.apps.googleusercontent.com",
    "GOOGLE_CLIENT_SECRET": "hush-google-client-secret",
    "GOOGLE_REFRESH_TOKEN": "hush-google-refresh-token",
    "OIDC_ISSUER": "https://login.hush-fabrikam.example",
    "OIDC_CLIENT_ID": "hush-sales-agent",
    "OIDC_CLIENT_SECRET": "hush-oidc-client-secret",
    "SELLER_NAME": "Mara Lindqvist",
    "SELLER_EMAIL": "mara@fabrikam.com",
    "SELLER_COMPANY": "Fabrikam",
    "SELLER_POSTAL_ADDRESS": "Hafenweg 1, 20457 Hamburg",
    "SELLER_TIME_ZONE": "Europe/Berlin",
}


def run(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sales_agent.cli", "check-secrets", *arguments],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "160", **environment},
        cwd="/",
        timeout=60,
        check=False,
    )


def statuses(environment: dict[str, str]) -> dict[str, str]:
    answer: dict[str, Any] = json.loads(run("--json", environment=environment).stdout)
    return {row["name"]: row["status"] for row in answer["variables"]}


def test_without_anything_set_production_is_not_ready_and_each_variable_says_what_to_do():
    told = run(environment={})
    strict = run("--strict", environment={})

    assert (told.returncode, strict.returncode) == (0, 1)
    assert all(variable.name in told.stdout for variable in VARIABLES)
    assert "MISSING" in told.stdout


def test_with_everything_set_production_is_ready():
    done = run("--strict", "--json", environment=GOOD)

    answer = json.loads(done.stdout)
    assert (done.returncode, answer["ready"]) == (0, True)
    assert {row["status"] for row in answer["variables"] if row["is_required"]} == {"PRESENT"}


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_no_value_is_ever_printed(form: list[str]):
    done = run(*form, environment=GOOD)

    printed = done.stdout + done.stderr
    assert [name for name, value in GOOD.items() if value in printed] == []
    assert "hush" not in printed


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_value_of_the_wrong_shape_is_not_printed_either(form: list[str]):
    done = run(*form, environment={**GOOD, "HUBSPOT_ACCESS_TOKEN": "pasted-wrong", "PORT": "pasted-wrong-too"})

    assert "INVALID" in done.stdout
    assert "pasted-wrong" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://db.fabrikam.example/sales"),
        ("REDIS_URL", "db.fabrikam.example:6379"),
        ("PUBLIC_URL", "http://agent.fabrikam.example"),
        ("PUBLIC_URL", "https://agent.fabrikam.example/hooks"),
        ("ENCRYPTION_KEYS", "k1:dG9vIHNob3J0"),
        ("HUBSPOT_ACCESS_TOKEN", "a-developer-key"),
        ("HUBSPOT_WEBHOOK_SECRET", "short"),
        ("HUBSPOT_PORTAL_ID", "our portal"),
        ("GOOGLE_CLIENT_ID", "1234"),
        ("OPENAI_API_KEY", "pk-123"),
        ("OIDC_ISSUER", "http://login.fabrikam.example"),
        ("SELLER_EMAIL", "mara at fabrikam"),
        ("SELLER_TIME_ZONE", "Berlin"),
        ("WEBHOOK_SIGNATURE", "off"),
    ],
)
def test_a_shape_is_judged(name: str, value: str):
    assert statuses({**GOOD, name: value})[name] == "INVALID"


def test_an_empty_value_is_a_missing_one():
    assert statuses({**GOOD, "SELLER_NAME": ""})["SELLER_NAME"] == "MISSING"


def test_what_production_does_without_may_be_missing_but_not_wrong():
    without = judge(Settings(_env_file=None, **_as_fields(GOOD)), ())
    wrong = judge(Settings(_env_file=None, **_as_fields({**GOOD, "OPENAI_API_KEY": "pk-123"})), ())

    assert next(row for row in without if row.name == "OPENAI_API_KEY").status is VariableStatus.MISSING
    assert is_ready_for_production(without)
    assert not is_ready_for_production(wrong)


def test_an_identity_provider_is_reached_by_https_or_on_this_machine():
    fit = ["https://login.fabrikam.example/realms/sales", "http://127.0.0.1:8080", "http://[::1]", "http://localhost"]
    unfit = ["http://localhost.fabrikam.example", "http://192.0.2.1", "https://[login]", "https://", "login.example"]
    status = {issuer: _judged_issuer(issuer) for issuer in (*fit, *unfit)}

    assert status == {**dict.fromkeys(fit, VariableStatus.PRESENT), **dict.fromkeys(unfit, VariableStatus.INVALID)}


def test_every_variable_of_the_table_is_a_setting():
    assert [variable.name for variable in VARIABLES if variable.field not in Settings.model_fields] == []


def _as_fields(environment: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in environment.items()}


def _judged_issuer(issuer: str) -> VariableStatus:
    reports = judge(Settings(_env_file=None, **_as_fields({**GOOD, "OIDC_ISSUER": issuer})), ())
    return next(row.status for row in reports if row.name == "OIDC_ISSUER")


def test_where_nobody_looks_each_row_stands_in_one_line():
    told = run(environment={"COLUMNS": ""}).stdout
    (line,) = [line for line in told.splitlines() if line.startswith("MIGRATION_DATABASE_URL")]
    assert "Needed where `sales-agent migrate` or `up` runs; the parts themselves do without." in line
