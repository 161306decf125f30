"""`settings.FOLLOWUP_RULES`: which model is an application, what its fields mean, and which rules there are."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from django.db.models import Model

from followup_rules.errors import InvalidInput, did_you_mean
from followup_rules.hosting import Desk, Form, reach, read_form, version_of

NAME = "FOLLOWUP_RULES"
KEYS = ("model", "record", "candidate", "rules", "direction", "watch")
DIRECTIONS = ("candidate_to_employer", "employer_to_candidate")


@dataclass
class Host:
    """The settings, read; `desk()` gives the rules, read again when their files have changed."""

    model: type[Model]
    form: Form
    candidate: str
    rules: tuple[str, ...]
    direction: Any
    watch: Mapping[type[Model], str]
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _version: object = None
    _desk: Desk | None = None

    def desk(self) -> Desk:
        """The compiled rules.

        Raises:
            InvalidInput: every fault of the rules.
        """
        version = version_of(self.rules)
        with self._lock:
            if self._desk is None or version != self._version:
                self._desk = Desk.open(self.rules, self.form, direction=self.direction, step=step)
                self._version = version
            return self._desk


def step(thing: Any, name: str) -> Any:
    """A field of a record; a related object that is not there is empty."""
    try:
        return reach(thing, name)
    except ObjectDoesNotExist:
        return None


def read_settings() -> Host:
    """The host of `settings.FOLLOWUP_RULES`.

    Raises:
        ImproperlyConfigured: says which key is wrong, and how to mend it.
    """
    given = getattr(settings, NAME, None)
    if not isinstance(given, Mapping):
        raise ImproperlyConfigured(f"{NAME} is missing in the settings; the README of followup-rules-django has one")
    for key in given:
        if key not in KEYS:
            hint = did_you_mean(str(key), KEYS) or f"known are {', '.join(KEYS)}"
            raise ImproperlyConfigured(f"{NAME} has an unknown key '{key}'; {hint}")
    for key in ("model", "record", "candidate"):
        if key not in given:
            raise ImproperlyConfigured(f"{NAME} lacks '{key}'")
    if given.get("direction") not in (None, *DIRECTIONS):
        raise ImproperlyConfigured(f"{NAME}['direction'] is one of {', '.join(DIRECTIONS)}, or left out for both")
    rules = given.get("rules", ("default",))
    record = given["record"]
    if not isinstance(record, Mapping) or record.get("id", "pk") != "pk":
        raise ImproperlyConfigured(f"{NAME}['record'] is a mapping, and its 'id' is 'pk' or left out")
    try:
        form = read_form({"id": "pk", **record}, f"{NAME}.record")
    except InvalidInput as error:
        raise ImproperlyConfigured(str(error)) from None
    return Host(
        model=_model(given["model"]),
        form=form,
        candidate=given["candidate"],
        rules=(str(rules),) if isinstance(rules, str) else tuple(map(str, rules)),
        direction=given.get("direction"),
        watch={_model(name): path for name, path in given.get("watch", {}).items()},
    )


def _model(name: object) -> type[Model]:
    try:
        return apps.get_model(str(name))
    except (LookupError, ValueError):
        raise ImproperlyConfigured(f"{NAME}: there is no model '{name}'; write it as 'app.Model'") from None
