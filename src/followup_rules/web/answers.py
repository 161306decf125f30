"""`Idempotency-Key`: the same key with the same request gives the same answer, however often it is sent in a day."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple

from followup_rules.outbox.answers import Known, begin, forget_answers, give_up, keep
from followup_rules.web.access import Who
from followup_rules.web.problems import Fault
from followup_rules.web.service import Service

_KEY: Final = re.compile(r"[A-Za-z0-9_.~-]{1,200}", re.ASCII)
_KEPT: Final = timedelta(hours=24)


class Answer(NamedTuple):
    """A status and a body of JSON."""

    status: int
    body: str


def remembered(service: Service, who: Who, path: str, body: bytes, key: str, make: Callable[[], Answer]) -> Answer:
    """The answer that was given to this key, or a new one that is kept for it.

    Raises:
        Fault: 422, the key was used for something else; 409, the same is being answered just now.
    """
    if _KEY.fullmatch(key) is None:
        raise Fault(400, "an Idempotency-Key has 1 to 200 letters, digits and signs of _ . ~ -")
    # Whose key it is belongs to it: nobody gets the answer of somebody else.
    name = hashlib.sha256("\n".join([who.name, who.via, path, key]).encode()).hexdigest()
    request = hashlib.sha256(body).hexdigest()
    now = service.clock()
    known = begin(service.ledger, name, request, now)
    if known is not None:
        return _known(known, request)
    try:
        answer = make()
    except BaseException:
        give_up(service.ledger, name)
        raise
    keep(service.ledger, name, answer.status, answer.body)
    forget_answers(service.ledger, now - _KEPT)
    return answer


def _known(known: Known, request: str) -> Answer:
    if known.request != request:
        raise Fault(422, "this Idempotency-Key was used for another request", "FR974")
    if not known.status:
        raise Fault(409, "the same request is being answered just now")
    return Answer(known.status, known.body)
