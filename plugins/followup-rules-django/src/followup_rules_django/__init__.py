"""A Django app that decides follow-ups for a project's own models, and keeps them beside these."""
