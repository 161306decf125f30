"""Proofreading: misspelt words and slips of grammar, read once for both checks."""
