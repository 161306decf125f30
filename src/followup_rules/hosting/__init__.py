"""What every ATS needs that carries the engine inside: its records in, rows of follow-ups out, touches back in.

A host makes one `Desk` of rules and a form, and asks it about one record at a time. Nothing here knows a database,
a framework or the clock: the host keeps the rows, under the key that each of them brings.
"""

from __future__ import annotations

from followup_rules.hosting.desk import Desk, Look
from followup_rules.hosting.form import Form, read_form
from followup_rules.hosting.prints import fingerprint_of, version_of
from followup_rules.hosting.reaching import reach
from followup_rules.hosting.rows import Changes, FollowUp, State, Touch, settle, takes_a_word, touch

__all__ = [
    "Changes",
    "Desk",
    "FollowUp",
    "Form",
    "Look",
    "State",
    "Touch",
    "fingerprint_of",
    "reach",
    "read_form",
    "settle",
    "takes_a_word",
    "touch",
    "version_of",
]
