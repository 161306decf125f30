"""What is kept beside the project's own tables: when to look again, follow-ups, and what people have done."""

from __future__ import annotations

from typing import Any

from django.db import models


class Record(models.Model):
    """When an application was decided, by which rules, and when it must be looked at again."""

    application = models.CharField(max_length=200, primary_key=True)
    again = models.DateTimeField(null=True, blank=True, db_index=True)
    fingerprint = models.CharField(max_length=32, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    problems = models.TextField(blank=True)

    class Meta:
        verbose_name = "application looked at"
        verbose_name_plural = "applications looked at"

    def __str__(self) -> str:
        return self.application


class FollowUp(models.Model):
    """One step of one follow-up, under the id of its first action: however often it is decided, there is one."""

    STATES = (("open", "open"), ("ended", "ended"), ("done", "done"), ("dismissed", "dismissed"))
    DECISIONS = (
        ("send", "due now"),
        ("revise", "due now, but the draft has errors"),
        ("wait", "waiting"),
        ("hold", "held"),
        ("stop", "stopped"),
    )

    key = models.CharField(max_length=32, primary_key=True)
    application = models.CharField(max_length=200, db_index=True)
    state = models.CharField(max_length=10, choices=STATES, db_index=True)
    decision = models.CharField(max_length=10, choices=DECISIONS, db_index=True)
    reason = models.CharField(max_length=40)
    follow_up = models.CharField(max_length=200)
    rule = models.CharField(max_length=200)
    direction = models.CharField(max_length=30)
    occasion = models.CharField(max_length=500)
    contact = models.CharField(max_length=200, blank=True)
    step = models.PositiveIntegerField()
    at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    overdue = models.BooleanField(default=False)
    sentence = models.TextField()
    why = models.TextField()
    decided_by = models.CharField(max_length=200)
    file = models.TextField(blank=True)
    line = models.PositiveIntegerField(default=0)
    to = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    body = models.TextField(blank=True)
    findings = models.TextField(blank=True)
    actions = models.JSONField(default=list)
    decided_at = models.DateTimeField()
    said_by = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at", "at", "key")
        verbose_name = "follow-up"
        verbose_name_plural = "follow-ups"

    def __str__(self) -> str:
        return self.sentence


class Touch(models.Model):
    """A message that a person says was sent. Its key is that of the follow-up, so there is never a second one."""

    follow_up: Any = models.OneToOneField(FollowUp, on_delete=models.CASCADE, primary_key=True, related_name="touch")
    application = models.CharField(max_length=200, db_index=True)
    event = models.JSONField()

    class Meta:
        verbose_name_plural = "touches"

    def __str__(self) -> str:
        return f"{self.application} {self.pk}"
