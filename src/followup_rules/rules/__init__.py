"""What rule files say: one kind a file, each with its model, its meaning and its page."""
