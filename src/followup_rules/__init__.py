"""followup-rules: decides when, how often and how well to follow up."""
