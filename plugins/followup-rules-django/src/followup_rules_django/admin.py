"""Pages of the admin: what is due, waiting and held, and why; `done` and `dismiss`."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from followup_rules_django import deciding
from followup_rules_django.models import FollowUp, Record, Touch


def _host() -> Any:
    return apps.get_app_config("followup_rules").host  # type: ignore[attr-defined]


class _ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.fields]


class ShownFilter(admin.SimpleListFilter):
    """Due now, unless something else is asked for."""

    title = "what is shown"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "waiting"), ("held", "held"), ("done", "done or dismissed"), ("ended", "ended"),
                ("all", "everything")]  # fmt: skip

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        return [{**first, "display": "due now"}, *rest]

    def queryset(self, request: HttpRequest, queryset: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        return {
            None: queryset.filter(state="open", decision__in=("send", "revise")),
            "waiting": queryset.filter(state="open", decision="wait"),
            "held": queryset.filter(state="open", decision="hold"),
            "done": queryset.filter(state__in=("done", "dismissed")),
            "ended": queryset.filter(state="ended"),
        }.get(self.value(), queryset)


@admin.register(FollowUp)
class FollowUpAdmin(_ReadOnly):
    list_display = ("what", "of", "status", "due_at", "late", "rule_short")
    list_filter = (ShownFilter, "overdue", "follow_up", "direction")
    search_fields = ("application", "sentence", "subject")
    actions = ("mark_done", "dismiss")
    readonly = ("sentence", "of", "state", "decision", "reason", "at", "due_at", "expires_at", "late", "reasons",
                "rule_and_line", "to", "subject", "draft", "findings", "said_by", "said_at", "decided_at")  # fmt: skip
    fields = readonly

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.readonly)

    @admin.display(description="application")
    def of(self, row: FollowUp) -> str:
        """A link to the project's own page of the application, where its admin has one."""
        meta = _host().model._meta
        try:
            url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.application])
        except NoReverseMatch:
            return row.application
        return format_html('<a href="{}">{} {}</a>', url, meta.verbose_name, row.application)

    @admin.display(description="what to do", ordering="sentence")
    def what(self, row: FollowUp) -> str:
        """Without the dates, which have columns of their own."""
        return row.sentence.partition(", best by ")[0]

    @admin.display(description="status", ordering="decision")
    def status(self, row: FollowUp) -> str:
        return row.get_decision_display() if row.state == "open" else row.get_state_display()

    @admin.display(description="late", ordering="overdue")
    def late(self, row: FollowUp) -> str:
        return "overdue" if row.overdue and row.state == "open" else ""

    @admin.display(description="rule")
    def rule_short(self, row: FollowUp) -> str:
        return f"{row.decided_by} ({PurePath(row.file).name}:{row.line})"

    @admin.display(description="rule")
    def rule_and_line(self, row: FollowUp) -> str:
        return f"{row.decided_by} ({row.file}:{row.line})"

    @admin.display(description="why")
    def reasons(self, row: FollowUp) -> str:
        return format_html("<pre style='white-space: pre-wrap'>{}</pre>", row.why)

    @admin.display(description="draft")
    def draft(self, row: FollowUp) -> str:
        return format_html("<pre style='white-space: pre-wrap'>{}</pre>", row.body)

    def save_model(self, request: HttpRequest, obj: FollowUp, form: Any, change: bool) -> None:
        """The buttons of the page itself; nothing else of it can be changed."""
        word = "done" if "_done" in request.POST else "dismissed" if "_dismiss" in request.POST else None
        if word is not None:
            self._say(request, FollowUp.objects.filter(pk=obj.pk), word)

    def response_change(self, request: HttpRequest, obj: FollowUp) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:followup_rules_followup_changelist"))

    @admin.action(description="Done: it was sent", permissions=["change"])
    def mark_done(self, request: HttpRequest, queryset: QuerySet[FollowUp]) -> None:
        self._say(request, queryset, "done")

    @admin.action(description="Dismiss: it will not be sent", permissions=["change"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[FollowUp]) -> None:
        self._say(request, queryset, "dismissed")

    def _say(self, request: HttpRequest, queryset: QuerySet[FollowUp], word: Any) -> None:
        now, who = timezone.now(), request.user.get_username()
        taken = [row for row in queryset if deciding.say(row.key, word, who, now)]
        decided = deciding.decide_changed(_host(), dict.fromkeys(row.application for row in taken), now)
        self.message_user(request, f"{len(taken)} {word}", messages.SUCCESS)
        if not decided:
            self.message_user(request, "What comes next is decided later; the log says why", messages.WARNING)
        if len(taken) < queryset.count():
            self.message_user(request, "The others had been done or dismissed before", messages.WARNING)


@admin.register(Record)
class RecordAdmin(_ReadOnly):
    list_display = ("application", "decided_at", "again", "problems")
    list_filter = (("problems", admin.EmptyFieldListFilter),)


@admin.register(Touch)
class TouchAdmin(_ReadOnly):
    list_display = ("application", "follow_up")


class WithFollowUps(admin.ModelAdmin):  # type: ignore[type-arg]
    """For the project's own page of an application: its follow-ups stand there too."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), "follow_ups"]

    @admin.display(description="follow-ups")
    def follow_ups(self, obj: Any) -> str:
        rows = FollowUp.objects.filter(application=str(obj.pk)) if obj.pk else ()
        cells = [
            (reverse("admin:followup_rules_followup_change", args=[row.key]), row.sentence, row.state, row.why)
            for row in rows
        ]
        line = '<p><a href="{}">{}</a> <b>{}</b></p><pre style="white-space: pre-wrap">{}</pre>'
        return format_html_join("", line, cells) or "none"
