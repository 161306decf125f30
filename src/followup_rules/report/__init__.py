"""Decisions for people and for machines."""
