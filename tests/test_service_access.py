"""Who may come into the service, and with what."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from followup_rules.web.access import COOKIE, allow, check_csrf, csrf_token, current, log_in
from followup_rules.web.app import build
from service_helping import KEYS, service_on


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.chdir(tmp_path)
    service = service_on("followup.sqlite", tmp_path)
    app = build(service)

    def who(request: Request) -> Response:
        found = current(request)
        return JSONResponse([found.name, found.role, found.via])

    def change(request: Request) -> Response:
        allow(request, "editor")
        check_csrf(request, request.headers.get("x-csrf"))
        return JSONResponse("changed")

    def login(request: Request) -> Response:
        response = JSONResponse("in")
        return response if log_in(request, request.headers["x-key"], response) else JSONResponse("no", 401)

    def token(request: Request) -> Response:
        return JSONResponse(csrf_token(request))

    app.router.routes += [
        Route("/who", who), Route("/change", change, methods=["POST"]), Route("/in", login, methods=["POST"]),
        Route("/token", token),
    ]  # fmt: skip
    return TestClient(app, raise_server_exceptions=False)


def test_a_key_opens_with_its_role(client: TestClient) -> None:
    """Each key has its role; a wrong one has none, and the answer does not repeat it."""
    for role, key in KEYS.items():
        assert client.get("/who", headers={"Authorization": f"Bearer {key}"}).json() == [role, role, "key"]
    answer = client.get("/who", headers={"Authorization": "Bearer " + "x" * 30})
    assert answer.status_code == 401 and answer.headers["content-type"] == "application/problem+json"
    assert "xxx" not in answer.text


def test_a_small_role_changes_nothing(client: TestClient) -> None:
    """A viewer may not change anything; an editor with a key may, without a token."""
    assert client.post("/change", headers={"Authorization": f"Bearer {KEYS['viewer']}"}).status_code == 403
    assert client.post("/change", headers={"Authorization": f"Bearer {KEYS['editor']}"}).status_code == 200


def test_a_login_needs_a_token_to_change(client: TestClient) -> None:
    """The cookie of a login is out of reach of scripts and other sites, and alone it changes nothing."""
    answer = client.post("/in", headers={"x-key": KEYS["editor"]})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and KEYS["editor"] not in cookie
    assert client.get("/who").json() == ["editor", "editor", "login"]
    assert client.post("/change").status_code == 403
    token = client.get("/token").json()
    assert client.post("/change", headers={"x-csrf": token}).status_code == 200
    other = {"x-csrf": token, "sec-fetch-site": "cross-site"}
    assert client.post("/change", headers=other).status_code == 403
    client.cookies.clear()  # or both are sent, and which one counts is the client's affair
    client.cookies.set(COOKIE, "forged")
    assert client.get("/who").status_code == 401


def test_headers_and_health(client: TestClient) -> None:
    """Every answer says what pages may load; health needs no key."""
    answer = client.get("/healthz")
    assert answer.json() == {"status": "ok"} and "script-src 'self'" in answer.headers["content-security-policy"]
    assert client.get("/readyz").json() == {"status": "ready"}
    assert "followup_outbox" in client.get("/metrics").text
