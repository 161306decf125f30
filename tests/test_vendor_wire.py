"""What may go wrong between an adapter and a vendor, and what is said about it; one action is never written twice."""

from __future__ import annotations

import json
import logging
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.testing.samples import an_order
from followup_rules.vendors.engine import VendorAdapter
from followup_rules.vendors.wire import LARGEST
from test_vendors import SECRET, VENDORS, fitting, settings_for
from vendor_fake import Call, Fake, serving

NOTE = fitting(an_order("add_note"))
POST = ("POST", "/v3/notes")


@pytest.fixture
def fake() -> Iterator[Fake]:
    made = Fake("greenhouse")
    with serving(made):
        yield made


@pytest.fixture
def adapter(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> VendorAdapter:
    return made("greenhouse", fake.url, monkeypatch)


def made(name: str, url: str, monkeypatch: pytest.MonkeyPatch, **more: Any) -> VendorAdapter:
    for key, one in VENDORS[name].vendor.settings.items():
        if one.kind == "secret":
            monkeypatch.setenv(f"VENDOR_{key.upper()}", SECRET)
    return VENDORS[name].configured({**settings_for(name, url), **more})


def answer(status: int, data: Any = None, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda call: (status, named, b"" if data is None else json.dumps(data).encode())


# --- What a status means ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 402, 407, 412])
def test_no_right_to_do_it_is_for_the_settings(fake: Fake, adapter: VendorAdapter, status: int) -> None:
    """Somebody has to mend the credentials or their rights."""
    fake.once(*POST, answer(status, {"message": "no"}))
    with pytest.raises(Misconfigured, match=f"status {status}: no"):
        adapter.deliver(NOTE)


@pytest.mark.parametrize("status", [400, 404, 409, 410, 413, 422])
def test_what_is_not_taken_is_refused(fake: Fake, adapter: VendorAdapter, status: int) -> None:
    """The vendor's own words are told, on one line, without control characters, and cut."""
    fake.once(*POST, answer(status, {"errors": [{"message": "no such\n\x1b[31mcandidate" + "x" * 5000}]}))
    with pytest.raises(Refused, match="no such") as raised:
        adapter.deliver(NOTE)
    assert str(raised.value).isprintable() and len(str(raised.value)) < 300


@pytest.mark.parametrize(("status", "maybe"), [(408, True), (429, False), (500, True), (502, True), (503, True)])
def test_what_may_go_better_later_is_retriable(fake: Fake, adapter: VendorAdapter, status: int, maybe: bool) -> None:
    """Only where it was certainly not done may it be repeated without a look."""
    fake.once(*POST, answer(status, {"message": "later"}))
    with pytest.raises(Retriable) as raised:
        adapter.deliver(NOTE)
    assert raised.value.maybe_done is maybe


NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry_After": "17"}, 17),
        ({"Retry_After": format_datetime(NOW + timedelta(seconds=90), usegmt=True)}, 90),
        ({"Retry_After": "-5"}, None),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "999999999"}, 86_400),
        ({"X_RateLimit_Reset": str(int(NOW.timestamp()) + 12)}, 12),
        ({}, None),
    ],
)
def test_retry_after_is_obeyed(fake: Fake, adapter: VendorAdapter, headers: Any, after: float | None) -> None:
    """As seconds or a date, else by the vendor's own header; and nothing is asked before that."""
    adapter.clock = lambda: NOW  # type: ignore[method-assign]
    fake.once(*POST, answer(429, {}, **headers))
    with pytest.raises(Retriable) as raised:
        adapter.deliver(NOTE)
    assert raised.value.after == after
    calls = len(fake.calls)
    if after is not None:
        with pytest.raises(Retriable) as raised:
            adapter.deliver(NOTE)
        assert raised.value.after == after and raised.value.maybe_done is False and len(fake.calls) == calls
        adapter.clock = lambda: NOW + timedelta(seconds=after)  # type: ignore[method-assign]
    assert adapter.deliver(NOTE).state == "done"


def test_the_last_request_of_a_window_is_the_last(fake: Fake, adapter: VendorAdapter) -> None:
    """Where the vendor says that none is left, none is tried before the window is over."""
    adapter.clock = lambda: NOW  # type: ignore[method-assign]
    headers = {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": str(int(NOW.timestamp()) + 30)}
    fake.once(*POST, answer(201, {"id": 5}, **headers))
    assert adapter.deliver(NOTE).reference == "5"
    with pytest.raises(Retriable, match="no requests are left") as raised:
        adapter.deliver(fitting(an_order("add_note", application="other")))
    assert raised.value.after == 30


def test_a_status_200_that_says_no_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ashby answers faults with status 200; neither a look nor a note is taken for done."""
    fake = Fake("ashby")
    with serving(fake):
        adapter = made("ashby", fake.url, monkeypatch)
        no = answer(200, {"success": False, "errors": ["candidate_not_found"]})
        for path in ("/candidate.listNotes", "/candidate.createNote"):
            fake.once("POST", path, no)
            with pytest.raises(Refused, match="candidate_not_found"):
                adapter.deliver(NOTE)
    assert fake.written == []


# --- Once ---------------------------------------------------------------------------------------------------


def commits_then(fake: Fake, what: Any) -> Any:
    """Keeps the record, and then answers something else."""

    def handle(call: Call) -> Any:
        fake.records[0].append(("77", call.body))
        return what(call)

    return handle


def half(call: Call) -> Any:
    return 201, {"Content-Length": "5000"}, b'{"id": 7'


def huge(call: Call) -> Any:
    return 201, {}, b'{"id": "' + b"x" * (LARGEST + 2_000_000) + b'"}'


@pytest.mark.parametrize("what", [answer(500), answer(201), half, huge], ids=["500", "empty", "half", "10 MB"])
def test_what_was_written_but_not_confirmed_is_found(fake: Fake, adapter: VendorAdapter, what: Any) -> None:
    """The error says that it may be done; `find` finds it, and another try writes nothing."""
    fake.once(*POST, commits_then(fake, what))
    with pytest.raises(Retriable) as raised:
        adapter.deliver(NOTE)
    assert raised.value.maybe_done is True
    found = adapter.find(NOTE)
    assert found is not None and (found.state, found.reference) == ("already_done", "77")
    assert adapter.deliver(NOTE) == found
    assert len(fake.written) == 1


def test_an_answer_that_comes_too_late_leaves_one_record(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor commits, and answers when nobody waits any more."""
    adapter = made("greenhouse", fake.url, monkeypatch, timeout=0.3)
    fake.once(*POST, commits_then(fake, lambda call: time.sleep(0.8)))
    with pytest.raises(Retriable, match="no answer in time") as raised:
        adapter.deliver(NOTE)
    assert raised.value.maybe_done is True
    adapter = made("greenhouse", fake.url, monkeypatch)
    assert adapter.find(NOTE) is not None


def test_a_look_that_fails_writes_nothing(fake: Fake, adapter: VendorAdapter) -> None:
    """Whatever became of the look, this try has not written."""
    fake.once("GET", "/v3/notes", answer(500))
    with pytest.raises(Retriable) as raised:
        adapter.deliver(NOTE)
    assert raised.value.maybe_done is False and fake.written == []


def test_what_is_not_there_is_not_found(adapter: VendorAdapter) -> None:
    """None, and no error."""
    assert adapter.find(NOTE) is None


def test_it_is_found_on_a_later_page(fake: Fake, adapter: VendorAdapter) -> None:
    """The header `Link` is followed to the end."""
    mark = f"[followup-rules:{NOTE.id}]"
    link = f'<{fake.url}/v3/notes?cursor=abc>; rel="next"'
    fake.once("GET", "/v3/notes", answer(200, [{"id": 1, "body": "other"}], Link=link))
    fake.once("GET", "/v3/notes", answer(200, [{"id": 2, "body": f"text {mark}"}]))
    assert adapter.deliver(NOTE).reference == "2"
    assert fake.calls[-1].query == {"cursor": "abc"}


def test_pages_in_a_circle_end(fake: Fake, adapter: VendorAdapter) -> None:
    """A vendor that always names the same next page does not keep us for ever."""
    link = f'<{fake.url}/v3/notes?cursor=abc>; rel="next"'
    for _ in range(5):
        fake.once("GET", "/v3/notes", answer(200, [], Link=link))
    with pytest.raises(Retriable, match="circle"):
        adapter.find(NOTE)


# --- Signing in ---------------------------------------------------------------------------------------------


def test_a_token_is_fetched_once_and_renewed_once(fake: Fake, adapter: VendorAdapter) -> None:
    """It is kept; when the vendor does not know it any more, one new one is fetched and the request repeated."""
    adapter.deliver(NOTE)
    assert fake.tokens == 1
    fake.valid = {"fetched-2"}
    assert adapter.deliver(NOTE).state == "already_done"
    assert fake.tokens == 2
    fake.valid = {"none"}
    with pytest.raises(Misconfigured, match="401"):
        adapter.deliver(NOTE)
    assert fake.tokens == 3


def test_a_token_is_renewed_before_it_ends(fake: Fake, adapter: VendorAdapter) -> None:
    """A minute early, because clocks differ."""
    adapter.clock = lambda: NOW  # type: ignore[method-assign]
    adapter.deliver(NOTE)
    adapter.clock = lambda: NOW + timedelta(seconds=3530)  # type: ignore[method-assign]
    adapter.find(NOTE)
    assert fake.tokens == 1
    adapter.clock = lambda: NOW + timedelta(seconds=3541)  # type: ignore[method-assign]
    adapter.find(NOTE)
    assert fake.tokens == 2


@pytest.mark.parametrize("data", [{}, {"access_token": None}, [], {"access_token": {"a": 1}}])
def test_a_sign_in_without_a_token_is_for_the_settings(fake: Fake, adapter: VendorAdapter, data: Any) -> None:
    """And nothing is written."""
    fake.once("POST", "/token", answer(200, data))
    with pytest.raises(Misconfigured, match="without a token"):
        adapter.deliver(NOTE)


def test_a_token_service_that_is_down_has_done_nothing(fake: Fake, adapter: VendorAdapter) -> None:
    """The action was never asked for."""
    fake.once("POST", "/token", answer(503, None, Retry_After="9"))
    with pytest.raises(Retriable) as raised:
        adapter.deliver(NOTE)
    assert (raised.value.maybe_done, raised.value.after) == (False, 9)


def test_a_session_goes_where_the_vendor_says_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bullhorn's login names an address; one that is not Bullhorn's gets no token."""
    fake = Fake("bullhorn")
    with serving(fake):
        adapter = made("bullhorn", fake.url, monkeypatch)
        task = fitting(an_order("create_task"))
        assert adapter.deliver(task).state == "done"
        assert fake.calls[-1].headers["bhresttoken"] == "fetched-1-e41c"
        for bad in ("https://evil.example/", "http://rest9.bullhornstaffing.com/", "https://xbullhornstaffing.com"):
            adapter = made("bullhorn", fake.url, monkeypatch)
            fake.once("GET", "/login", answer(200, {"BhRestToken": "t0ken-secret", "restUrl": bad}))
            with pytest.raises(Misconfigured, match="the sign-in names"):
                adapter.deliver(task)


def test_a_login_can_be_posted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django-CRM's is: the password stands in the body, never in an address, and a refusal is for the settings."""
    fake = Fake("django-crm")
    with serving(fake):
        adapter = made("django-crm", fake.url, monkeypatch)
        task = fitting(an_order("create_task"))
        assert adapter.deliver(task).reference == task.id
        login = fake.calls[0]
        assert (login.method, login.path, login.query) == ("POST", "/api/auth/login/", {})
        assert set(login.body) == {"email", "password"}
        assert fake.calls[-1].headers["authorization"] == "JWT fetched-1-e41c"
        adapter = made("django-crm", fake.url, monkeypatch)
        fake.once("POST", "/api/auth/login/", answer(400, {"error": True, "errors": f"no {login.body['password']}"}))
        with pytest.raises(Misconfigured, match="the sign-in was refused: django-crm: status 400") as raised:
            adapter.deliver(task._replace(id="other"))
        assert login.body["password"] not in str(raised.value)
        assert len(fake.written) == 1


# --- Where it leads -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_redirect_to_another_host_is_not_followed(
    fake: Fake, adapter: VendorAdapter, status: int, method: str
) -> None:
    """Not even to another port of the same machine: credentials stay where they belong."""
    other = Fake("greenhouse")
    with serving(other) as url:
        fake.once(method, "/v3/notes", answer(status, None, Location=f"{url}/v3/notes"))
        with pytest.raises(Misconfigured, match=r"redirects to '127\.0\.0\.1'"):
            adapter.deliver(NOTE)
    assert other.calls == [] and fake.written == []


def test_a_redirect_on_the_same_host_is_followed_for_reading(fake: Fake, adapter: VendorAdapter) -> None:
    """Three times at most."""
    adapter.deliver(NOTE)
    fake.once("GET", "/v3/notes", answer(307, None, Location=f"/v3/notes?application_ids={NOTE.application}"))
    assert adapter.find(NOTE) is not None
    for _ in range(9):
        fake.once("GET", "/v3/notes", answer(307, None, Location="/v3/notes"))
    with pytest.raises(Misconfigured, match="circle"):
        adapter.find(NOTE)


def test_a_next_page_on_another_host_is_not_asked(fake: Fake, adapter: VendorAdapter) -> None:
    """A page may not send the token anywhere."""
    other = Fake("greenhouse")
    with serving(other) as url:
        fake.once("GET", "/v3/notes", answer(200, [], Link=f'<{url}/v3/notes>; rel="next"'))
        with pytest.raises(Misconfigured, match="another host"):
            adapter.find(NOTE)
    assert other.calls == []


def test_a_host_that_is_not_there_has_done_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Retriable, match="cannot be reached") as raised:
        made("lever", f"http://127.0.0.1:{port}", monkeypatch).deliver(NOTE)
    assert raised.value.maybe_done is False


def test_what_speaks_no_tls_is_told_clearly(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server behind https:// that is none; nothing was done."""
    with pytest.raises((Retriable, Misconfigured)) as raised:
        made("lever", fake.url.replace("http://", "https://"), monkeypatch).deliver(NOTE)
    assert getattr(raised.value, "maybe_done", False) is False


def test_a_certificate_that_nobody_vouches_for_is_for_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is told, and not that the host is out of reach."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("NOT TESTED, because it is not here: openssl, which makes a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving(Fake("lever"), context) as url, pytest.raises(Misconfigured, match="certificate of the host"):
        made("lever", url, monkeypatch).deliver(NOTE)


def test_a_search_that_lags_is_not_taken_for_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    """HubSpot's search shows new records late: within a minute after a try, not found is not `None`."""
    fake = Fake("hubspot")
    with serving(fake):
        adapter = made("hubspot", fake.url, monkeypatch)
        adapter.clock = lambda: NOW  # type: ignore[method-assign]
        adapter._born = NOW - timedelta(hours=1)
        fake.once("POST", "/crm/v3/objects/notes", commits_then(fake, answer(500)))
        with pytest.raises(Retriable):
            adapter.deliver(NOTE)
        fake.records[0].clear()  # committed, but not shown yet
        for ask in (adapter.find, adapter.deliver):
            with pytest.raises(Retriable, match="may not show yet") as raised:
                ask(NOTE)
            assert (raised.value.after, raised.value.maybe_done) == (60, True)
        adapter.clock = lambda: NOW + timedelta(seconds=61)  # type: ignore[method-assign]
        assert adapter.find(NOTE) is None


# --- Injection and secrets ----------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["a\r\nX-Evil: 1", "a\nb", "ü\r", "a\x00b"])
def test_no_header_takes_a_line_break(fake: Fake, monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    """A secret with a line break in it would be another header."""
    adapter = made("workable", fake.url, monkeypatch)
    adapter._asking._signing._values["secrets"]["token"] = bad
    with pytest.raises(Refused, match="line break"):
        adapter.deliver(NOTE)
    assert fake.calls == []


@pytest.mark.parametrize("bad", ["../../admin", "a/b?c=d", "a%2fb", "{{ settings }}", "x\r\ny: z", "näive ☂"])
def test_an_id_stays_in_its_place(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    """An id of an application with slashes and marks is quoted as one part of the path."""
    fake = Fake("lever")
    with serving(fake):
        made("lever", fake.url, monkeypatch).deliver(NOTE._replace(application=bad))
    assert all(call.path.startswith("/opportunities/") and call.path.count("/") == 3 for call in fake.calls)
    assert all("x" not in call.headers and set(call.query) <= {"limit"} for call in fake.calls)


@pytest.mark.parametrize("bad", [".", "..", " "])
def test_an_id_that_means_another_place_is_refused(fake: Fake, monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    """Two dots would be taken for the place above, by somebody on the way."""
    with pytest.raises(Refused, match="cannot stand in an address"):
        made("lever", fake.url, monkeypatch).deliver(NOTE._replace(application=bad))
    assert fake.calls == []


def test_a_text_stays_a_text(fake: Fake, adapter: VendorAdapter) -> None:
    """Quotes, braces and templates in a title are part of the note, and nothing else."""
    title = 'He said "no", {"visibility": "public"} {{ secrets.client_secret }} \x00\x1b[31m'
    adapter.deliver(NOTE._replace(title=title))
    (body,) = fake.written
    assert body["visibility"] == "private" and "{{ secrets.client_secret }}" in body["body"]
    assert "\x00" not in body["body"] and "\x1b" not in body["body"]


def test_what_is_no_number_is_refused_where_ids_are_numbers(fake: Fake, adapter: VendorAdapter) -> None:
    """Before anything is asked."""
    with pytest.raises(Refused, match="no whole number"):
        adapter.deliver(NOTE._replace(application="gh-104"))
    assert fake.calls == []


@pytest.mark.parametrize("name", VENDORS)
def test_no_secret_shows_whatever_goes_wrong(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A vendor that sends every header, the query and the body back in its error gets no secret into ours."""
    fake = Fake(name)
    seen: list[str] = []

    def echo(call: Call) -> Any:
        told = f"{call.headers} {call.query} {call.raw!r}"
        return int(next(statuses)), {"X-Echo": told[:2000].replace("\n", " ")}, json.dumps({"message": told}).encode()

    with serving(fake), caplog.at_level(logging.DEBUG):
        adapter = made(name, fake.url, monkeypatch)
        for do in adapter._vendor.actions:
            order = fitting(an_order(do))
            seen.append(adapter.preview(order))
            statuses = iter([401, 401, 403, 422, 500, 429, 401, 401])
            for _ in range(6):
                for method in ("GET", "POST", "PUT"):
                    fake.once(method, ".*", echo)
                try:
                    seen.append(str(adapter.deliver(order)))
                except (Misconfigured, Refused, Retriable) as error:
                    seen += [str(error), repr(error), repr(error.__cause__), repr(error.__context__)]
                fake.answers.clear()
        seen += [repr(adapter), str(vars(adapter).get("settings"))]
    # What the library for HTTP logs of answers is the vendor's own saying, and stays out of this.
    logged = [one.getMessage() for one in caplog.records if "response_headers" not in one.getMessage()]
    for text in (*seen, *logged):
        assert SECRET not in text and "fetched-" not in text, text
    assert any("***" in text for text in seen)


def test_a_preview_shows_the_exact_request_and_asks_nothing(fake: Fake, adapter: VendorAdapter) -> None:
    """The body that is sent afterwards is the one that was shown."""
    shown = adapter.preview(NOTE)
    assert fake.calls == []
    adapter.deliver(NOTE)
    assert json.loads(shown[shown.rindex("\n{\n") :]) == fake.written[0]
    assert "authorization: Bearer ***" in shown


def test_the_connection_is_tested_by_a_harmless_question(fake: Fake, adapter: VendorAdapter) -> None:
    """It reads, and writes nothing."""
    fake.once("GET", "/v3/applications", answer(200, []))
    assert adapter.test_connection() == "Greenhouse Harvest v3 answers with status 200"
    assert fake.written == []
