"""Delivering: from the outbox to adapters, one action after the other, each once."""
