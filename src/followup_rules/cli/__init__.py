"""The command line: arguments, the clock, exit codes; nothing else."""
