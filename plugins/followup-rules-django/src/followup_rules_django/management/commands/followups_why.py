"""`manage.py followups_why`: the whole reasoning about one application."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from followup_rules_django.commanding import DecidingCommand
from followup_rules_django.deciding import look_at
from followup_rules_django.models import FollowUp


class Command(DecidingCommand):
    help = "Tell why an application is decided as it is: every rule, with file and line."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("id", metavar="ID", help="The primary key of the application.")

    def handle(self, *args: Any, id: str, **options: Any) -> None:
        host = self.host()
        look = self.one(lambda: look_at(host, id, self.moment(options["at"])))
        if look is None:
            raise CommandError(f"there is no {host.model._meta.verbose_name} '{id}'")
        if look.problems:
            raise CommandError("\n".join(map(str, look.problems)))
        states = dict(FollowUp.objects.filter(application=id).values_list("key", "state"))
        for row in look.rows:
            self.stdout.write(f"{row.sentence}  [{states.get(row.key, row.state)}]")
            self.stdout.write("".join(f"  {line}\n" for line in row.why.splitlines()))
        if not look.rows:
            self.stdout.write("no rule has anything to follow up here yet")
        if look.again is not None:
            self.stdout.write(f"looked at again: {look.again.isoformat(timespec='minutes')}")
