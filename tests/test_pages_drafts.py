"""Drafts and actions on the pages: approved, edited, dismissed, tried again, canceled, on each database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from followup_rules.delivering.judging import still_wanted
from followup_rules.outbox.listing import to_approve
from followup_rules.web.service import Service
from pages_helping import client, database, decided_service, form_of, fresh, token_in, waiting
from service_helping import database_of_its_own

__all__ = ["database", "fresh"]


def test_a_draft_is_approved(fresh: Service) -> None:
    """What waits is not touched by a worker; approved it is due at once, with the text that was read."""
    token, row = waiting(fresh)
    assert fresh.ledger.lease("w", fresh.clock(), fresh.clock(), row.adapter, 500) == []
    editor = client(fresh, "editor")
    place = f"/applications/{token}"
    form = form_of(editor.get(place).text, row)
    body = form["body"].replace("Thank you", "Thank you once more")
    answer = editor.post(f"{place}/actions/{row.id}", data=form | {"body": body, "deed": "approve"})
    assert answer.status_code == 303, answer.text
    now = fresh.ledger.row(row.id)
    assert now is not None and now.order.approval == "given" and now.order.draft is not None
    assert now.order.draft.body == body
    assert [one.by for one in fresh.ledger.history(row.id)][-1] == "editor"
    leased = fresh.ledger.lease("w", fresh.clock(), fresh.clock(), row.adapter, 500)
    assert [one.id for one in leased] == [row.id]


def test_an_approved_text_is_what_is_sent(fresh: Service) -> None:
    """Deciding once more before it is sent keeps the text that a person approved; unapproved it never goes."""
    from followup_rules.delivering.ports import Fresh
    from followup_rules.model.decision import Draft
    from followup_rules.syncing.rechecking import Settled, deciding_on

    _, row = waiting(fresh)
    found = deciding_on(fresh.ledger, fresh.policy, fresh.names).decided(row.application, fresh.clock())
    assert isinstance(found, Settled)
    decision = next(one for one in found.decisions if one.rule == row.rule and one.occasion == row.order.occasion)
    again = Fresh(decision, found.application)
    assert still_wanted(row.order, again, fresh.clock()) == "nobody has approved it"
    mine = row.order._replace(approval="given", draft=Draft("Mine", "My own words."))
    wanted = still_wanted(mine, again, fresh.clock())
    assert not isinstance(wanted, str) and wanted.draft == Draft("Mine", "My own words.")


def test_a_draft_with_errors_does_not_go(fresh: Service) -> None:
    """An edit that breaks an error rule is refused with what is wrong in it, and what was typed is kept."""
    token, row = waiting(fresh)
    editor = client(fresh, "editor")
    place = f"/applications/{token}"
    form = form_of(editor.get(place).text, row) | {"body": "Dear [NAME], {{ hello }}", "deed": "approve"}
    answer = editor.post(f"{place}/actions/{row.id}", data=form)
    assert answer.status_code == 422
    assert "The draft has errors" in answer.text and "Dear [NAME]" in answer.text
    assert fresh.ledger.row(row.id) == row


def test_a_draft_is_dismissed(fresh: Service) -> None:
    """Dismissed it is canceled by hand, so that no plan takes it up; tried again it waits for approval once more."""
    token, row = waiting(fresh)
    editor = client(fresh, "editor")
    form = form_of(editor.get(f"/applications/{token}").text, row)
    editor.post(f"/applications/{token}/actions/{row.id}", data=form | {"deed": "dismiss"})
    now = fresh.ledger.row(row.id)
    assert now is not None and (now.state, now.by_hand) == ("canceled", True)
    editor.app.state.helpers.wake = lambda: None  # type: ignore[attr-defined]
    back = editor.post(f"/outbox/actions/{row.id}", data={"csrf": form["csrf"], "deed": "retry", "reason": "after all"})
    assert back.status_code == 303
    assert row.id in [one.id for one in to_approve(fresh.ledger, 500)]


def test_what_changed_meanwhile_is_read_first(fresh: Service) -> None:
    """A form of before a change does not approve what it did not show."""
    token, row = waiting(fresh)
    editor = client(fresh, "editor")
    form = form_of(editor.get(f"/applications/{token}").text, row) | {"seen": "0.0", "deed": "approve"}
    answer = editor.post(f"/applications/{token}/actions/{row.id}", data=form)
    assert answer.status_code == 422
    assert "changed since you read it" in answer.text


def test_an_action_is_canceled_and_tried_again(fresh: Service) -> None:
    """The outbox says what became of each action; canceled by hand it says by whom and why, and comes back by hand."""
    editor = client(fresh, "editor")
    editor.app.state.helpers.wake = lambda: None  # type: ignore[attr-defined]
    _, row = waiting(fresh)
    place = f"/outbox/actions/{row.id}"
    form = {"csrf": token_in(editor.get(place).text), "reason": "hired by phone"}
    for deed, state in (("cancel", "canceled"), ("retry", "planned")):
        assert editor.post(place, data=form | {"deed": deed}).status_code == 303
        assert fresh.ledger.row(row.id).state == state  # type: ignore[union-attr]
        assert row.id in editor.get(f"/outbox/{state}").text
    text = editor.get(place).text
    assert text.count("hired by phone") == 2 and "editor" in text
    assert editor.post(place, data=form | {"deed": "confirm"}).status_code in (409, 422)


GROUPS = ("overdue", "send", "revise", "hold", "wait", "stop")
LISTS = ("/", *(f"/lists/{group}" for group in GROUPS), "/outbox/planned")


@pytest.mark.real
def test_both_databases_show_the_same(tmp_path: Path, postgres: str) -> None:
    """Every list has the same entries in the same order, and an application the same page, on SQLite and PostgreSQL."""
    seen: list[list[str]] = []
    for store in (None, database_of_its_own(postgres)):
        service = decided_service(tmp_path, store=store)
        editor = client(service, "editor")
        token, _ = waiting(service)
        seen.append([words_of(editor.get(place).text) for place in (*LISTS, f"/applications/{token}")])
        service.ledger.close()
    for here, there in zip(*seen, strict=True):
        assert here == there


def words_of(text: str) -> str:
    """What a page says, without what is by chance in each store: the words of addresses and of forms."""
    text = re.sub(r'name="csrf" value="\w+"', "", text)
    return re.sub(r"/applications/[\w-]{16}", "/applications/ID", text)
