"""A Frappe app that decides follow-ups for job applicants, and keeps them beside these."""

__version__ = "0.1.0"
