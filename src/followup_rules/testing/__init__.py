"""The kit: examples in rules are run here, and plugin authors find promises to inherit and samples."""
