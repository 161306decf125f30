"""Time that passes by itself: what came in becomes timelines, and what waits is decided when its moment comes."""
