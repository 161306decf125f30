"""`manage.py followups_due`: what a timer calls, each minute or so."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.db.models import F

from followup_rules_django.commanding import DecidingCommand
from followup_rules_django.deciding import waiting
from followup_rules_django.models import FollowUp


class Command(DecidingCommand):
    help = "Look at the applications whose time has come, and list what is due now."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--quiet", action="store_true", help="Look, and list nothing.")

    def handle(self, *args: Any, quiet: bool, **options: Any) -> None:
        host, now = self.host(), self.moment(options["at"])
        looked = self.decide(host, waiting(host, now), now)
        rows = FollowUp.objects.filter(state="open", decision__in=("send", "revise"))
        for row in () if quiet else rows.order_by(F("due_at").asc(nulls_last=True), "application"):
            overdue = " (overdue)" if row.overdue and "(overdue)" not in row.sentence else ""
            self.stdout.write(f"{row.application}: {row.sentence}{overdue}  [{row.key}]")
        self.stdout.write(f"{looked} looked at; {rows.count()} due now")
