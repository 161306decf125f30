"""Which part of a message its writer wrote."""
