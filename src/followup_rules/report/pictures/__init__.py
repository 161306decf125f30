"""Timelines as pictures: SVG drawn by pure functions, and PNG made of it."""
