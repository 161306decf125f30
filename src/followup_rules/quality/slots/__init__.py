"""Slots that were left open, in every notation."""
