"""Zones, calendars, opening times and lengths: the arithmetic of when. Exact across clock changes."""
