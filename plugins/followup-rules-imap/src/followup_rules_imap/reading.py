"""Reading mailboxes: what is new since the highest number that was read, some messages at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from followup_rules.adapter import Mail
from followup_rules.errors import Misconfigured
from followup_rules_imap.telling import told_by

if TYPE_CHECKING:
    from followup_rules_imap.mailboxes import Known, Mailboxes

_AT_ONCE: Final = 50


def read(
    mailboxes: Mailboxes, names: Sequence[str], owner: tuple[str, ...], cursor: str | None, now: datetime, days: int
) -> Iterator[Mail]:
    """Messages of some mailboxes, and of the one for sent mail. Each page's cursor knows how far each was read.

    Raises:
        Misconfigured: the cursor is none, or a mailbox is not there.
    """
    known = _marks(cursor)
    since = (now - timedelta(days=days)).date()
    for name in dict.fromkeys([*names, mailboxes.sent]):
        end, uids = mailboxes.new(name, known.get(name), since)
        for start in range(0, len(uids), _AT_ONCE):
            some = uids[start : start + _AT_ONCE]
            sent = name == mailboxes.sent
            items = tuple(told_by(one.data, one.at, sent=sent, owner=owner) for one in mailboxes.fetch(some))
            known[name] = (end[0], some[-1])
            yield Mail(items, json.dumps(known, sort_keys=True))
        known[name] = end
    yield Mail((), json.dumps(known, sort_keys=True))


def _marks(cursor: str | None) -> dict[str, Known]:
    if not cursor:
        return {}
    try:
        data: Any = json.loads(cursor)
        if isinstance(data, dict):
            return {str(name): (int(mark[0]), int(mark[1])) for name, mark in data.items()}
    except (ValueError, TypeError, LookupError):
        pass
    raise Misconfigured("the mailbox cannot be read on from this cursor; read it anew")
