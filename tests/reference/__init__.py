"""An independent, slow reading of the rule language, for differential tests of the real engine."""
