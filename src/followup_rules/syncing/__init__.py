"""From other systems and tables to timelines in the store, and from the store to whoever decides."""
