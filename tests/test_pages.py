"""The pages over HTTP: who may see and do what, what protects them, and what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from followup_rules.outbox.listing import tokens_of
from followup_rules.web.service import Service
from pages_helping import client, database, decided_service, fresh, token_in, waiting

__all__ = ["database", "fresh"]

PLACES = ("/", "/lists/wait", "/rules", "/rules/thank-you", "/outbox", "/outbox/planned", "/try")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, database: Callable[[], str | None]) -> Iterator[Service]:
    made = decided_service(tmp_path_factory.mktemp("pages"), store=database())
    yield made
    made.ledger.close()


def test_nobody_sees_anything(service: Service) -> None:
    """Without a login every page leads to the login, and an API client gets 401; a wrong key stays outside."""
    stranger = client(service, None)
    for place in PLACES:
        answer = stranger.get(place, headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers.get("location")) == (303, "/login")
        assert stranger.get(place).status_code == 401
    wrong = stranger.post("/login", data={"key": "no-" * 10})
    assert wrong.status_code == 401
    assert "not known" in wrong.text


@pytest.mark.parametrize("place", PLACES)
def test_pages_are_harmless(service: Service, place: str) -> None:
    """Each page has a policy without inline script or style, keeps to it, is not cached, and has its own title."""
    answer = client(service, "editor").get(place)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]* src=)|javascript:", answer.text)
    assert re.search(r"<title>\S.* - Follow-ups</title>", answer.text)


def test_addresses_name_nobody(service: Service) -> None:
    """No link on any page holds an id of an application, a name or an address of mail."""
    editor = client(service, "editor")
    for place in (*PLACES, "/lists/overdue", "/lists/stop"):
        for link in re.findall(r'(?:href|action)="([^"#]+)"', editor.get(place).text):
            assert not re.search(r"@|gh-\d|lv-|wk-|od-\d|ash-|%20", link), link


def test_today_says_what_is_due_and_what_is_missing(service: Service) -> None:
    """Today lists as many decisions as a plan of the same moment, and says of what is held what is missing."""
    text = client(service, "viewer").get("/").text
    for group, count in (("overdue", 15), ("send", 17), ("hold", 10)):
        assert f'<span class="chip {group}">{count}</span>' in text
    assert "Give a valid timezone for the recipient" in text
    assert "The application must be active again." in text


def test_today_counts_so_far(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large group is not counted to its end on Today, and the page says so; its own list says how many there are."""
    monkeypatch.setattr("followup_rules.web.pages.today._COUNTED", 15)
    viewer = client(service, "viewer")
    text = viewer.get("/").text
    for group, count in (("overdue", "15"), ("send", "15+"), ("hold", "10")):
        assert f'<span class="chip {group}">{count}</span>' in text
    assert "All 15+: Due now" in text and "17 decisions" in viewer.get("/lists/send").text


def test_an_application_shows_its_picture_and_its_reasons(service: Service) -> None:
    """The page of an application has its picture, its verdicts with file and line, and no draft to a viewer's hand."""
    token = tokens_of(service.ledger, ["gh-104"])["gh-104"]
    text = client(service, "viewer").get(f"/applications/{token}").text
    assert "Ada Park, Data Engineer at Northwind" in text
    assert text.count('role="img"') == 2
    assert re.search(r"rules/default.yaml:\d+", text)
    assert 'value="approve"' not in text
    assert client(service, "viewer").get("/applications/none").status_code == 404


def test_forms_of_others_do_nothing(service: Service) -> None:
    """Without our token, with another's, or from another site, nothing is done; a viewer may do nothing at all."""
    token, row = waiting(service)
    editor, viewer, admin = (client(service, role) for role in ("editor", "viewer", "admin"))
    places = (f"/applications/{token}/actions/{row.id}", f"/outbox/actions/{row.id}", "/try", "/logout")
    foreign = token_in(admin.get("/try").text)
    mine = token_in(editor.get("/try").text)
    for place in places:
        for form in ({}, {"csrf": ""}, {"csrf": foreign}):
            assert editor.post(place, data=form | {"deed": "dismiss"}).status_code == 403, place
        other = {"sec-fetch-site": "cross-site"}
        assert editor.post(place, data={"csrf": mine, "deed": "dismiss"}, headers=other).status_code == 403
    for place in places[:3]:
        assert viewer.post(place, data={"csrf": mine, "deed": "dismiss"}).status_code == 403
    assert service.ledger.row(row.id) == row


def test_rules_say_where_they_acted(service: Service) -> None:
    """The page of a rule shows it as written, and as many decisions as the list has of it."""
    text = client(service, "viewer").get("/rules/stop-on-reply").text
    assert "on: " in text or "on:\n" in text
    found = re.search(r"<p>(\d+) decisions? that it made", text)
    assert found is not None and int(found[1]) > 0


def test_trying_decides_and_keeps_nothing(service: Service) -> None:
    """Try it answers with a fragment: decisions, a picture, findings; faults are told with their places."""
    editor = client(service, "editor")
    text = editor.get("/try").text
    assert "thank_you to Sam Reyes" in text
    form = {"csrf": token_in(text), "rules": "schema: followup-rules/1\npack: x\nextends: [default]\nrules: []\n"}
    application = text[text.index('name="application"') :].partition(">\n")[2].partition("</textarea>")[0]
    asked = editor.post("/try", data=form | {"application": application, "at": "2026-11-10T15:00:00Z"})
    assert "<html" not in asked.text
    assert 'class="picture"' in asked.text
    assert "/tmp" not in editor.get("/try").text + asked.text
    assert "thank-you, rules.yaml:5" in text
    wrong = editor.post("/try", data=form | {"rules": "rules: [{id: x, kind: limt}]", "application": application})
    assert "rules.yaml:1" in wrong.text
    assert "/tmp" not in wrong.text


@pytest.mark.parametrize("word", ["../../etc/passwd", "/etc/hosts", "other.yaml", "nobody-has-this"])
def test_trying_reads_no_file_of_the_machine(service: Service, word: str) -> None:
    """FR985: rules that are typed in cannot name files."""
    editor = client(service, "editor")
    token = token_in(editor.get("/try").text)
    rules = f"schema: followup-rules/1\npack: x\nextends: ['{word}']\nrules: []\n"
    answer = editor.post("/try", data={"csrf": token, "rules": rules, "application": "", "at": ""})
    assert "FR985" in answer.text


def test_forgetting_takes_the_lists_too(fresh: Service) -> None:
    """Who is forgotten stands in no list and has no page any more."""
    from followup_rules.outbox.forgetting import erase, of_candidate
    from followup_rules.outbox.listing import application_of

    token = tokens_of(fresh.ledger, ["gh-104"])["gh-104"]
    erase(fresh.ledger, of_candidate(fresh.ledger, "c-7"), fresh.clock(), "test")
    assert application_of(fresh.ledger, token) is None
    assert client(fresh, "viewer").get(f"/applications/{token}").status_code == 404
    assert "gh-104" not in client(fresh, "viewer").get("/lists/stop").text
