"""`python -m followup_rules`."""

from followup_rules.cli.main import main

main()
