"""From a decision to what adapters are asked to do."""

from __future__ import annotations

import hashlib

from followup_rules.model.decision import Action
from followup_rules.model.words import Do


def actions(application: str, rule: str, occasion: str, step: int, do: tuple[Do, ...]) -> tuple[Action, ...]:
    """One action for each thing to do. The id is a hash of exactly these words: same decision, same action."""
    return tuple(Action(_identity(application, rule, occasion, step, one), one) for one in do)


def _identity(application: str, rule: str, occasion: str, step: int, do: str) -> str:
    # Ids hold no control characters, so the parts cannot run into each other.
    text = f"{application}\n{rule}\n{occasion}\n{step}\n{do}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
