"""How a message speaks to its reader."""
