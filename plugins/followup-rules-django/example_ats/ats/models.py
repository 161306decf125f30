"""A small ATS: candidates, jobs, applications with stages, interviews, messages."""

from django.db import models
from django.utils import timezone


class Candidate(models.Model):
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    time_zone = models.CharField(max_length=40, default="America/New_York")
    opted_out = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.name


class Job(models.Model):
    title = models.CharField(max_length=100)
    time_zone = models.CharField(max_length=40, default="America/New_York")

    def __str__(self):
        return self.title


class Application(models.Model):
    STAGES = [(word, word) for word in ("applied", "interview", "offer", "hired", "rejected", "withdrawn")]

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="applications")
    job = models.ForeignKey(Job, models.CASCADE)
    stage = models.CharField(max_length=20, choices=STAGES, default="applied")
    applied = models.DateTimeField(default=timezone.now)
    moved = models.DateTimeField(null=True, blank=True, editable=False)

    def save(self, *args, **more):
        before = type(self).objects.filter(pk=self.pk).values_list("stage", flat=True).first()
        if before not in (None, self.stage):
            self.moved = timezone.now()
        super().save(*args, **more)

    def __str__(self):
        return f"{self.candidate} for {self.job}"


class Interview(models.Model):
    application = models.ForeignKey(Application, models.CASCADE, related_name="interviews")
    interviewer = models.CharField(max_length=100)
    ends = models.DateTimeField()
    done = models.BooleanField(default=False)


class Message(models.Model):
    application = models.ForeignKey(Application, models.CASCADE, related_name="messages")
    incoming = models.BooleanField(default=False)
    sent = models.DateTimeField(default=timezone.now)
    text = models.TextField()
