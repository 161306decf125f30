"""Which conditions hold: one validated tree, two engines behind one small interface, proven to agree."""
