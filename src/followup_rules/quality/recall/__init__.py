"""Whether a text speaks of this conversation."""
