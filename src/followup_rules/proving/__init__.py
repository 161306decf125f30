"""Looking for histories in which a policy does what it must not, and in which two policies differ."""
