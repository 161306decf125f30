"""Names: of the recipient, of the sender, and of those who have no place in a message."""
