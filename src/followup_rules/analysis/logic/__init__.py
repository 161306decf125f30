"""Conditions as formulas about what applications can be like, and two ways to ask whether one can be fulfilled."""
