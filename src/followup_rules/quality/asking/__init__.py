"""What a sentence asks of its reader, or invites to."""
