"""Reading what people wrote, with its places: the only part of the engine that opens files."""
