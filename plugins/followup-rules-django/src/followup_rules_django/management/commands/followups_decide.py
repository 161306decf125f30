"""`manage.py followups_decide`: decide some applications now, or all."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from followup_rules_django.commanding import DecidingCommand


class Command(DecidingCommand):
    help = "Decide applications now, whether their time has come or not; needed after bulk changes, which nobody hears."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("ids", nargs="*", metavar="ID", help="Primary keys; without any, all.")

    def handle(self, *args: Any, ids: list[str], **options: Any) -> None:
        host, now = self.host(), self.moment(options["at"])
        every = host.model._default_manager.order_by("pk").values_list("pk", flat=True)
        looked = self.decide(host, ids or [str(one) for one in every], now)
        self.stdout.write(f"{looked} decided")
