"""Verdicts folded into one decision: pure functions of applications, policy and now."""
