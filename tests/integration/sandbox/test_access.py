"""Who may ask: bearer tokens, token endpoints, and each vendor's own words for no."""

import pytest

EVERYBODYS = {
    "hubspot": "/crm/objects/2026-03/contacts/1001",
    "gmail": "/gmail/v1/users/me/profile",
    "drive": "/drive/v3/files",
    "calendar": "/calendar/v3/users/me/calendarList",
    "openai": "/v1/models",
}


@pytest.mark.parametrize("provider", EVERYBODYS)
@pytest.mark.parametrize("header", [None, "Basic abc", "Bearer real-looking-token", "Bearer sandbox-revoked-1"])
def test_without_a_token_of_the_sandbox_nothing_is_told(http, provider, header):
    headers = {"Authorization": header or ""}
    answer = http.get(EVERYBODYS[provider], headers=headers)
    assert answer.status_code == 401
    body = answer.json()
    if provider == "hubspot":
        assert body["category"] in {"INVALID_AUTHENTICATION", "EXPIRED_AUTHENTICATION"}
    elif provider == "openai":
        assert body["error"]["type"] == "invalid_request_error"
    else:
        assert body["error"]["status"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("provider", "part"),
    [("hubspot", "MISSING_SCOPES"), ("gmail", "PERMISSION_DENIED"), ("openai", "insufficient_permissions")],
)
def test_a_token_with_too_few_scopes_is_forbidden_not_unknown(http, provider, part):
    answer = http.get(EVERYBODYS[provider], headers={"Authorization": "Bearer sandbox-narrow-1"})
    assert answer.status_code == 403
    assert part in answer.text


def test_a_revoked_token_stops_working_at_once(http, sandbox):
    sandbox.command("tokens/revoke", token="sandbox-token")
    assert http.get(EVERYBODYS["gmail"]).status_code == 401
    sandbox.command("tokens/restore", token="sandbox-token")
    assert http.get(EVERYBODYS["gmail"]).status_code == 200


APP = {"client_id": "app", "client_secret": "secret"}


def test_google_turns_a_refresh_token_into_an_access_token_and_gives_no_new_refresh_token(http):
    form = {**APP, "grant_type": "refresh_token", "refresh_token": "sandbox-refresh"}
    answer = http.post("/token", data=form).json()
    assert answer["expires_in"] == 3599
    assert "refresh_token" not in answer
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert http.get(EVERYBODYS["gmail"], headers=headers).status_code == 200


def test_google_gives_a_refresh_token_only_with_a_code(http):
    form = {**APP, "grant_type": "authorization_code", "code": "sandbox-code", "redirect_uri": "http://127.0.0.1/"}
    assert http.post("/token", data=form).json()["refresh_token"].startswith("sandbox-")


def test_a_revoked_grant_is_told_in_googles_words(http):
    form = {**APP, "grant_type": "refresh_token", "refresh_token": "sandbox-revoked"}
    answer = http.post("/token", data=form)
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "invalid_grant",
        "error_description": "Token has been expired or revoked.",
    }


@pytest.mark.parametrize("path", ["/oauth/v1/token", "/oauth/2026-03/token"])
def test_hubspot_turns_a_refresh_token_into_an_access_token_of_half_an_hour(http, path):
    form = {**APP, "grant_type": "refresh_token", "refresh_token": "sandbox-refresh"}
    answer = http.post(path, data=form).json()
    assert (answer["expires_in"], answer["refresh_token"]) == (1800, "sandbox-refresh")
    bad = http.post(path, data={**form, "refresh_token": "sandbox-revoked"})
    assert (bad.status_code, bad.json()["status"]) == (400, "BAD_REFRESH_TOKEN")
    assert http.post(path, data={"grant_type": "refresh_token"}).json()["status"] == "BAD_CLIENT_ID"


def test_hubspot_tells_its_limits_and_can_be_told_to_keep_them(http, sandbox):
    told = http.get(EVERYBODYS["hubspot"]).headers
    assert told["X-HubSpot-RateLimit-Max"] == "100"
    assert int(told["X-HubSpot-RateLimit-Remaining"]) < 100
    sandbox.settings(hubspot_limit_per_10s=5)
    answers = [http.get(EVERYBODYS["hubspot"]) for _ in range(12)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].json()["policyName"] == "TEN_SECONDLY_ROLLING"


def test_a_path_of_nobody_is_not_found(http):
    assert http.get("/nobody/here").status_code == 404
    assert http.get("/gmail/v1/users/me/nothing").json()["error"]["status"] == "NOT_FOUND"
