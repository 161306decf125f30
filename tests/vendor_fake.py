"""A small fake of every vendor's API: it keeps what is written, lists it, and can be told to misbehave once."""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

Json = Any


class Call(NamedTuple):
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Json
    raw: bytes


class Route(NamedTuple):
    """What writes a record, how that is answered, and how the records are listed."""

    write: tuple[str, str]
    answer: Callable[[str, Json], Json]
    lists: tuple[str, str] | None = None
    listed: Callable[[list[tuple[str, Json]], Call], Json] = lambda records, call: {}
    status: int = 200


def _rows(key: str, text: Callable[[Json], str], into: str, id_: str = "id") -> Any:
    return lambda records, call: {key: [{id_: one, into: text(body)} for one, body in records]}


def _hubspot(field: str) -> Any:
    def listed(records: list[tuple[str, Json]], call: Call) -> Json:
        token = call.body["filterGroups"][0]["filters"][0]["value"]
        return {"results": [{"id": one, "properties": body["properties"]} for one, body in records
                            if token in body["properties"][field]]}  # fmt: skip

    return listed


ROUTES: dict[str, list[Route]] = {
    "greenhouse": [Route(
        ("POST", "/v3/notes"), lambda one, body: {"id": int(one), "type": "NOTE"}, ("GET", "/v3/notes"),
        lambda records, call: [{"id": int(one), "body": body["body"]} for one, body in records
                               if str(body["application_id"]) == call.query["application_ids"]], 201)],
    "lever": [Route(
        ("POST", r"/opportunities/[^/]+/notes"), lambda one, body: {"data": {"id": one}},
        ("GET", r"/opportunities/[^/]+/notes"), _rows("data", lambda body: body["value"], "text"))],
    "ashby": [Route(
        ("POST", "/candidate.createNote"), lambda one, body: {"success": True, "results": {"id": one}},
        ("POST", "/candidate.listNotes"), lambda records, call: {"success": True, "results": [
            {"id": one, "content": body["note"]["value"]} for one, body in records]})],
    "workable": [Route(
        ("POST", r"/candidates/[^/]+/comments"), lambda one, body: {"id": one},
        ("GET", r"/candidates/[^/]+/activities"),
        _rows("activities", lambda body: body["comment"]["body"], "body"), 201)],
    "teamtailor": [Route(("POST", "/notes"), lambda one, body: {"data": {"id": one, "type": "notes"}}, status=201)],
    "smartrecruiters": [Route(("POST", "/messages/shares"), lambda one, body: {"id": one}, status=201)],
    "recruitee": [Route(
        ("POST", r"/c/7/candidates/[^/]+/notes"), lambda one, body: {"note": {"id": int(one)}},
        ("GET", r"/c/7/candidates/[^/]+/notes"), _rows("notes", lambda body: body["note"]["body"], "body"), 201)],
    "bamboohr": [Route(
        ("POST", r"/api/v1/applicant_tracking/applications/[^/]+/comments"), lambda one, body: {"id": int(one)})],
    "bullhorn": [
        Route(("PUT", "/entity/Task"), lambda one, body: {"changedEntityId": int(one)}, ("GET", "/query/Task"),
              lambda records, call: {"data": [{"id": int(one), "taskUUID": body["taskUUID"]} for one, body in records
                                              if f"'{body['taskUUID']}'" in call.query["where"]]}),
        Route(("PUT", "/entity/Note"), lambda one, body: {"changedEntityId": int(one)})],
    "merge": [Route(
        ("POST", "/ats/v1/activities"), lambda one, body: {"model": {"id": one}},
        ("GET", "/ats/v1/activities"), _rows("results", lambda body: body["model"]["body"], "body"), 201)],
    "merge-crm": [Route(
        ("POST", f"/crm/v1/{sort}"), lambda one, body: {"model": {"id": one}},
        ("GET", f"/crm/v1/{sort}"), _rows("results", lambda body: body["model"]["content"], "content"), 201)
        for sort in ("tasks", "notes")],
    "hubspot": [Route(
        ("POST", f"/crm/v3/objects/{sort}"), lambda one, body: {"id": one},
        ("POST", f"/crm/v3/objects/{sort}/search"), _hubspot(field), 201)
        for sort, field in (("tasks", "hs_task_body"), ("notes", "hs_note_body"))],
    "django-crm": [Route(
        ("POST", "/api/tasks/"), lambda one, body: {"error": False, "message": "Task Created Successfully"},
        ("GET", "/api/tasks/"), lambda records, call: {"next": None, "tasks": [
            {"id": int(one), "title": body["title"]} for one, body in records
            if call.query.get("title", "") in body["title"]]})],
    "pipedrive": [
        Route(("POST", "/api/v2/activities"), lambda one, body: {"success": True, "data": {"id": int(one)}},
              ("GET", "/api/v2/activities"), _rows("data", lambda body: body["note"], "note")),
        Route(("POST", "/v1/notes"), lambda one, body: {"success": True, "data": {"id": int(one)}},
              ("GET", "/v1/notes"), _rows("data", lambda body: body["content"], "content"), 201)],
    "salesforce": [Route(
        ("POST", "/services/data/v60.0/sobjects/Task"), lambda one, body: {"id": one, "success": True, "errors": []},
        ("GET", "/services/data/v60.0/query"),
        _rows("records", lambda body: body["Description"], "Description", "Id"), 201)],
    "zoho-crm": [
        Route(("POST", "/crm/v8/Tasks"), lambda one, body: {"data": [{"status": "success", "details": {"id": one}}]},
              ("GET", "/crm/v8/Tasks/search"),
              _rows("data", lambda body: body["data"][0]["Description"], "Description"), 201),
        Route(("POST", "/crm/v8/Notes"), lambda one, body: {"data": [{"status": "success", "details": {"id": one}}]},
              ("GET", r"/crm/v8/Deals/[^/]+/Notes"),
              _rows("data", lambda body: body["data"][0]["Note_Content"], "Note_Content"), 201)],
}  # fmt: skip
"""What each vendor answers; only as much of it as the adapters look at."""


class Fake:
    """The state of one fake: records by route, calls in order, and what is to go wrong next."""

    def __init__(self, vendor: str) -> None:
        self.routes = ROUTES[vendor]
        self.records: list[list[tuple[str, Json]]] = [[] for _ in self.routes]
        self.calls: list[Call] = []
        self.answers: list[tuple[str, str, Callable[[Call], tuple[int, dict[str, str], bytes] | None]]] = []
        self.tokens = 0
        self.valid: set[str] | None = None
        self.url = ""
        self._lock = threading.Lock()

    @property
    def written(self) -> list[Json]:
        return [body for records in self.records for _, body in records]

    def once(self, method: str, path: str, answer: Callable[[Call], Any]) -> None:
        """Answer the next such request otherwise; `None` goes on as usual."""
        self.answers.append((method, path, answer))

    def handle(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        with self._lock:
            self.calls.append(call)
            for number, (method, path, answer) in enumerate(self.answers):
                if method == call.method and re.fullmatch(path, call.path):
                    del self.answers[number]
                    made = answer(call)
                    if made is not None:
                        return made  # type: ignore[no-any-return]
                    break
            return self._usual(call)

    def _usual(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        if call.path in ("/token", "/services/oauth2/token", "/oauth/v2/token"):
            self.tokens += 1
            return _json(200, {"access_token": f"fetched-{self.tokens}-e41c", "expires_in": 3600})
        if call.path == "/api/auth/login/":
            self.tokens += 1
            return _json(200, {"token": f"fetched-{self.tokens}-e41c", "error": False})
        if call.path == "/login":
            self.tokens += 1
            return _json(200, {"BhRestToken": f"fetched-{self.tokens}-e41c", "restUrl": self.url})
        if self.valid is not None and not any(one in json.dumps(call.headers) for one in self.valid):
            return _json(401, {"message": "the token has expired"})
        for number, route in enumerate(self.routes):
            if route.lists is not None and call.method == route.lists[0] and re.fullmatch(route.lists[1], call.path):
                return _json(200, route.listed(self.records[number], call))
            if call.method == route.write[0] and re.fullmatch(route.write[1], call.path):
                one = str(1000 + len(self.written))
                self.records[number].append((one, call.body))
                return _json(route.status, route.answer(one, call.body))
        return _json(404, {"message": f"there is no {call.path}"})


def _json(status: int, data: Json) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(data).encode()


@contextmanager
def serving(fake: Fake, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The address of a fake on a free port of this machine, for as long as it is needed."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _any(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            kind = self.headers.get("Content-Type", "")
            body = json.loads(raw) if raw and "json" in kind else None
            headers = {key.lower(): value for key, value in self.headers.items()}
            status, more, answer = fake.handle(Call(self.command, parts.path, query, headers, body, raw))
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            if "Content-Length" not in more:
                self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(answer)
            self.close_connection = "Content-Length" in more

        do_GET = do_POST = do_PUT = do_PATCH = _any  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    fake.url = f"http{'s' if tls is not None else ''}://127.0.0.1:{server.server_port}"
    try:
        yield fake.url
    finally:
        server.shutdown()
        server.server_close()
