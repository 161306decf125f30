"""What adapters for mail share: a message made of an order, and how a mail server is reached and trusted."""
