"""Whether a text says why the candidate fits, or what happens next."""
