"""One Odoo for all tests of this adapter, and what they ask of it without the adapter."""

from __future__ import annotations

import re
import secrets
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

# Where the plugin is not installed its tests try what stands beside them.
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from real.odoo import LOGIN, Odoo, serving

_OFFICER = """
import datetime
groups = [env.ref("base.group_user").id, env.ref("hr_recruitment.group_hr_recruitment_user").id]
user = env["res.users"].create({{"name": "Officer", "login": "{login}", "group_ids": [(6, 0, groups)]}})
tomorrow = datetime.datetime.now() + datetime.timedelta(days=1)
key = env["res.users.apikeys"].with_user(user)._generate("rpc", "tests", tomorrow)
env.cr.commit()
print("KEY=" + key)
"""

_COUNT = """
select (select count(*) from mail_activity where note like '%[followup-rules:%')
     + (select count(*) from mail_message where body like '%[followup-rules:%' and mail_activity_type_id is null)
"""


class Asked:
    """An Odoo, with records for applications by whatever name, and its own word about what was written."""

    def __init__(self, odoo: Odoo) -> None:
        self.odoo = odoo
        self._records: dict[str, str] = {}

    def record(self, name: str) -> str:
        """An applicant or lead of its own for each name."""
        if name not in self._records:
            lead = len(self._records) % 2
            self._records[name] = self.lead(f"L{len(self._records)}") if lead else self.applicant()
        return self._records[name]

    def clear(self) -> None:
        """Remove every applicant and lead, with what was said about them: no test reads what others have left."""
        self._records.clear()
        for model in ("hr.applicant", "crm.lead"):
            found = self.odoo.call(model, "search", domain=[], context={"active_test": False})
            if found:
                self.odoo.call(model, "unlink", ids=found)

    def applicant(self, **vals: Any) -> str:
        """A new applicant."""
        words = {"partner_name": "Ada Vale", "email_from": "ada@example.com", **vals}
        return f"hr.applicant:{self.odoo.call('hr.applicant', 'create', vals_list=[words])[0]}"

    def lead(self, title: str, **vals: Any) -> str:
        """A new opportunity."""
        words = {"name": title, "type": "opportunity", **vals}
        return f"crm.lead:{self.odoo.call('crm.lead', 'create', vals_list=[words])[0]}"

    def written(self, application: str | None = None) -> list[dict[str, Any]]:
        """Every activity and note with a marker, done ones too, by Odoo's own word."""
        model, _, number = (application or ":").partition(":")
        here = [["res_id", "=", int(number)]] if number else []
        of_model = [[name, "=", model] for name in ("res_model", "model")] if number else [[], []]
        activities = self.odoo.call(
            "mail.activity", "search_read", context={"active_test": False},
            domain=[*here, *([of_model[0]] if number else []), ["note", "ilike", "[followup-rules:"]],
            fields=["summary", "note", "date_deadline", "user_id", "res_id", "res_model", "active"],
        )  # fmt: skip
        notes = self.odoo.call(
            "mail.message", "search_read",
            domain=[
                *here, *([of_model[1]] if number else []), ["body", "ilike", "[followup-rules:"],
                ["mail_activity_type_id", "=", False],
            ],
            fields=["body", "subtype_id", "message_type", "res_id", "model"],
        )  # fmt: skip
        return [*activities, *notes]

    def count(self) -> int:
        """How many there are. The hostile server asks before and after each call, so the database is asked itself."""
        (found,) = self._database.execute(_COUNT).fetchone() or (0,)
        return int(found)

    @cached_property
    def _database(self) -> Any:
        import psycopg

        return psycopg.connect(self.odoo.address, autocommit=True, connect_timeout=10)

    @cached_property
    def officer(self) -> tuple[str, str]:
        """Login and key of an account that may do recruitment and nothing else; an account makes its own key."""
        login = f"officer-{secrets.token_hex(3)}"
        found = re.search(r"^KEY=(\w+)$", self.odoo.shell(_OFFICER.format(login=login)), re.M)
        assert found is not None
        return login, found[1]

    def settings(self, **more: Any) -> dict[str, Any]:
        """Settings that work; the key is in the environment."""
        given = {"url": self.odoo.url, "database": self.odoo.database, "key": "env:ODOO_KEY", "user": LOGIN}
        return {**given, **more}


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """A running Odoo with a database of its own; one for all tests of a process."""
    with serving(tmp_path_factory.mktemp("odoo")) as odoo:
        yield Asked(odoo)


@pytest.fixture
def server(running: Asked) -> Asked:
    """That Odoo, without applicants and leads."""
    running.clear()
    return running


@pytest.fixture
def key(server: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """The API key in the environment."""
    monkeypatch.setenv("ODOO_KEY", server.odoo.key)
