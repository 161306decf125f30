"""Reading applicants, page by page; each page says from where to go on, also after a crash."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from followup_rules.adapter import Page
from followup_rules.errors import Misconfigured
from followup_rules.model.times import parse_time
from followup_rules_frappe.site import Document, Filters, Site
from followup_rules_frappe.timeline import Known, application_of

APPLICANT: Final = "Job Applicant"
_PAGE: Final = 50
_OVERLAP: Final = timedelta(minutes=5)
_FIELDS: Final = ("applicant_name", "email_id", "status", "job_title", "designation", "creation", "modified")
_INTERVIEW: Final = ("job_applicant", "status", "scheduled_on", "to_time", "creation", "modified")
_MAIL: Final = (
    "reference_name", "sent_or_received", "communication_medium", "communication_date", "subject", "content",
    "creation",
)  # fmt: skip
_COMMENT: Final = ("reference_name", "content", "creation")
_BESIDE: Final[Mapping[str, tuple[str, Filters, Sequence[str]]]] = {
    "Interview": ("job_applicant", (), _INTERVIEW),
    "Communication": (
        "reference_name",
        (("reference_doctype", "=", APPLICANT), ("communication_type", "=", "Communication")),
        _MAIL,
    ),
    "Comment": ("reference_name", (("reference_doctype", "=", APPLICANT), ("comment_type", "=", "Comment")), _COMMENT),
}
"""What stands beside an applicant: the field that names it, which of them count, and what is read."""


class Reading:
    """One reading of everything, or of what has changed. The clock that counts is the site's."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def changes(self, cursor: str | None) -> Iterator[Page]:
        """Pages from a cursor on; the last one's cursor asks for what changes from the beginning of this reading on."""
        state = _state(cursor)
        since, began, after = _moment(state.get("since")), _moment(state.get("began")), state.get("after", "")
        while True:
            names = self._names(since, after)
            began = began or self._site.seen or self._site.calls.now
            # The clock of answers has whole seconds.
            now = (self._site.seen or began) + timedelta(seconds=1)
            items = tuple(
                application_of(one, self._site.zone.key, self._site.moment, now) for one in self._known(names)
            )
            if len(names) < _PAGE:
                yield Page(items, _cursor(since=began - _OVERLAP))
                return
            after = names[-1]
            yield Page(items, _cursor(since=since, began=began, after=after))

    def _names(self, since: datetime | None, after: str) -> list[str]:
        if since is None:
            beyond = [["name", ">", after]] if after else []
            return [str(one["name"]) for one in self._site.page(APPLICANT, beyond, [], size=_PAGE)]
        # The order of what was gathered here is ours, which capitals make another one than the site's.
        later = ["modified", ">=", self._site.written(since)]
        found = {str(one["name"]) for one in self._site.every(APPLICANT, [later], [])}
        for doctype, (field, filters, _) in _BESIDE.items():
            found |= {str(one.get(field)) for one in self._site.every(doctype, [*filters, later], [field])}
        return sorted(name for name in found if name > after)[:_PAGE]

    def _known(self, names: Sequence[str]) -> Iterator[Known]:
        if not names:
            return
        applicants = list(self._site.every(APPLICANT, [["name", "in", list(names)]], _FIELDS))
        beside = [self._beside(doctype, names) for doctype in _BESIDE]
        for one in applicants:
            yield Known(one, *(tuple(found[str(one["name"])]) for found in beside))

    def _beside(self, doctype: str, names: Sequence[str]) -> dict[str, list[Document]]:
        field, filters, fields = _BESIDE[doctype]
        found: dict[str, list[Document]] = defaultdict(list)
        for one in self._site.every(doctype, [*filters, [field, "in", list(names)]], fields):
            found[str(one.get(field))].append(one)
        return found


def _cursor(**given: datetime | str | None) -> str:
    known = {
        key: one.isoformat() if isinstance(one, datetime) else one for key, one in given.items() if one is not None
    }
    return json.dumps(known, sort_keys=True)


def _state(cursor: str | None) -> dict[str, str]:
    if not cursor:
        return {}
    try:
        state: Any = json.loads(cursor)
        if isinstance(state, dict) and all(isinstance(one, str) for one in state.values()):
            return {key: state[key] for key in ("since", "began", "after") if key in state}
    except ValueError:
        pass
    raise Misconfigured("the adapter 'frappe' cannot go on from this cursor; read everything anew")


def _moment(text: str | None) -> datetime | None:
    try:
        return None if text is None else parse_time(text)
    except ValueError:
        raise Misconfigured("the adapter 'frappe' cannot go on from this cursor; read everything anew") from None
