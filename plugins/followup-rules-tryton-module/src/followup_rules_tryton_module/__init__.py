"""The Tryton module `followup_rules`: follow-ups on opportunities. Its classes are registered by tryton.cfg."""
