"""What the commands share: the settings, the moment, and errors that are one line."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from followup_rules.errors import InvalidInput
from followup_rules_django.conf import Host
from followup_rules_django.deciding import decide, decide_all

_LOG = logging.getLogger("followup_rules_django")
_Found = TypeVar("_Found")


class DecidingCommand(BaseCommand):
    """Reads the settings, takes `--at`, and decides."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", metavar="TIME", help="The moment to decide for, as 2026-11-09T15:00:00-05:00.")

    def host(self) -> Host:
        """The settings, read."""
        try:
            host: Host = apps.get_app_config("followup_rules").host  # type: ignore[attr-defined]
            host.desk()
        except (ImproperlyConfigured, InvalidInput) as error:
            raise CommandError(str(error)) from None
        return host

    def moment(self, at: str | None) -> datetime:
        """The moment that was asked for, else now."""
        try:
            found = timezone.now() if at is None else parse_datetime(at)
        except ValueError:
            found = None
        if found is None or found.utcoffset() is None:
            raise CommandError(f"'{at}' is no time with an offset, as in 2026-11-09T15:00:00-05:00")
        return found

    def decide(self, host: Host, ids: Iterable[str], now: datetime) -> int:
        """Decide some records; says how many, and which are refused.

        Raises:
            CommandError: some could not be decided at all; the others have been.
        """
        wanted, failed = list(ids), []
        looks: list[Any] = []
        if wanted and host.desk().needs_all:
            looks = [*decide_all(host, now)]
            wanted = []
        for one in wanted:
            try:
                looks.append(decide(host, one, now))
            except (ValueError, ValidationError) as error:
                failed.append(f"{one}: that is no primary key: {error}")
            except Exception as error:
                _LOG.exception("application %s could not be decided", one)
                failed.append(f"{one}: it could not be decided now ({type(error).__name__}); the log says more")
        for look in looks:
            for problem in look.problems if look is not None else ():
                self.stderr.write(str(problem))
        if failed:
            raise CommandError("\n".join(failed))
        return sum(look is not None for look in looks)

    @staticmethod
    def one(ask: Callable[[], _Found]) -> _Found:
        """What is asked for; an id that cannot be one is said."""
        try:
            return ask()
        except (ValueError, ValidationError) as error:
            raise CommandError(f"that is no primary key: {error}") from None
