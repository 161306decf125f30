"""The pages of the example ATS."""

from django.contrib import admin
from followup_rules_django.admin import WithFollowUps

from ats.models import Application, Candidate, Interview, Job, Message

admin.site.register([Candidate, Job])


class InterviewInline(admin.TabularInline):
    model = Interview
    extra = 0


class MessageInline(admin.TabularInline):
    model = Message
    extra = 0


@admin.register(Application)
class ApplicationAdmin(WithFollowUps):
    list_display = ("candidate", "job", "stage", "applied")
    inlines = (InterviewInline, MessageInline)
