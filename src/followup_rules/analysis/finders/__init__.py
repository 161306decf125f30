"""One file for each sort of finding; each is a function from what stands to problems."""
