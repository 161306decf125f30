"""What the tests of checks share."""

from __future__ import annotations

from typing import Any

from followup_rules.check import Context, Fault
from followup_rules.quality.catalogue import Catalogue
from followup_rules.quality.text import Text

NOTHING = Context()


def faults(check: str, body: str, subject: str = "", context: Context = NOTHING, **options: Any) -> list[Fault]:
    """What a check finds."""
    kind = Catalogue()[check]
    return list(kind(kind.Options.model_validate(options)).faults(Text(body, subject), context))


def excerpts(found: list[Fault], body: str, subject: str = "") -> list[str]:
    """The text that faults point at."""
    return [(subject if one.part == "subject" else body)[one.start : one.end] for one in found]
