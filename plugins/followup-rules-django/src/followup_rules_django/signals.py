"""What the project saves and deletes is heard here, and decided as soon as it is committed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from followup_rules_django import deciding
from followup_rules_django.conf import Host, step


def listen(host: Host) -> None:
    """Hear of every change of the application's model and of those that are watched."""
    for model, path in [(host.model, ""), *host.watch.items()]:
        heard = partial(_heard, host, path)
        uid = f"followup-rules-{model._meta.label}"
        post_save.connect(heard, sender=model, weak=False, dispatch_uid=uid)
        post_delete.connect(heard, sender=model, weak=False, dispatch_uid=uid)


def _heard(host: Host, path: str, instance: Model, **_: Any) -> None:
    ids = [str(one.pk) for one in _records(instance, path) if one.pk is not None]
    if ids:
        deciding.mark(ids)
        transaction.on_commit(partial(_decide, host, tuple(ids)))


def _decide(host: Host, ids: tuple[str, ...]) -> None:
    deciding.decide_changed(host, ids, timezone.now())


def _records(instance: Any, path: str) -> Iterable[Any]:
    """The applications that an object belongs to: itself, or what a path leads to."""
    found = [instance]
    for name in path.split(".") if path else ():
        stepped = [step(one, name) for one in found if one is not None]
        found = [one for some in stepped for one in (some.all() if hasattr(some, "all") else [some])]
    return [one for one in found if one is not None]
