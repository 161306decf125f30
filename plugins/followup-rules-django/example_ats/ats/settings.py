"""Settings of the example ATS; FOLLOWUP_RULES is what a project adds."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
SECRET_KEY = os.environ.get("ATS_SECRET_KEY", "only for an example on one's own machine")
DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
USE_TZ = True
TIME_ZONE = "UTC"
ROOT_URLCONF = "ats.urls"
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.staticfiles",
    "ats", "followup_rules_django",
]  # fmt: skip
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]  # fmt: skip
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]  # fmt: skip
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("ATS_DATABASE", HERE / "ats.sqlite3"),
        "OPTIONS": {"timeout": 20},
    }
}

FOLLOWUP_RULES = {
    "rules": [str(HERE / "rules")],
    "direction": "employer_to_candidate",
    "model": "ats.Application",
    "candidate": "candidate",
    "watch": {"ats.Interview": "application", "ats.Message": "application", "ats.Candidate": "applications"},
    "record": {
        "status": {
            "path": "stage",
            "values": {"rejected": "rejected", "withdrawn": "withdrawn", "hired": "hired"},
            "otherwise": "active",
        },
        "stage": "stage",
        "candidate": {
            "id": "candidate.pk", "name": "candidate.name", "email": "candidate.email",
            "timezone": "candidate.time_zone",
        },
        "job": {"id": "job.pk", "title": "job.title", "timezone": "job.time_zone"},
        "events": [
            {"type": "applied", "at": "applied"},
            {"type": "stage_changed", "at": "moved", "to": "stage", "id": "stage"},
            {"type": "opted_out", "at": "candidate.opted_out"},
            {"each": "interviews", "type": "interview_completed", "at": "ends", "when": {"done": True}},
            {"each": "messages", "type": "message", "at": "sent", "body": "text",
             "from": {"path": "incoming", "values": {True: "candidate", False: "employer"}}},
        ],
    },
}  # fmt: skip
