"""The app: its checks, and its ears in the models of the project."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.core.exceptions import ImproperlyConfigured


class FollowupRulesConfig(AppConfig):
    name = "followup_rules_django"
    label = "followup_rules"
    verbose_name = "Follow-ups"
    default_auto_field = "django.db.models.BigAutoField"

    _host: Any = None

    @property
    def host(self) -> Any:
        """The settings, read once.

        Raises:
            ImproperlyConfigured: they cannot be used.
        """
        if self._host is None:
            from followup_rules_django.conf import read_settings

            self._host = read_settings()
        return self._host

    def ready(self) -> None:
        from followup_rules_django.signals import listen

        checks.register(lambda **given: self.check_settings(**given))  # a method takes no tags
        try:
            listen(self.host)
        except ImproperlyConfigured:
            # Told by the check, before a server starts; a project must be able to start so far.
            return

    def check_settings(self, **_: Any) -> list[checks.CheckMessage]:
        """What `manage.py check` says of the settings and the rules."""
        from followup_rules.errors import InvalidInput

        try:
            self.host.desk()
        except ImproperlyConfigured as error:
            return [checks.Error(str(error), id="followup_rules.E001")]
        except InvalidInput as error:
            return [checks.Error(str(problem), id="followup_rules.E002") for problem in error.problems]
        return []
