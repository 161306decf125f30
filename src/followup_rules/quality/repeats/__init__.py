"""Whether two passages say the same."""
