"""Changing rule files: their form (`fmt`), slips that are safe to mend (`check --fix`), their version (`migrate`)."""
