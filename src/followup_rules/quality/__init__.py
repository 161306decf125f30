"""From a text to what is wrong with it: one check a file in `checks/`, over one shared reading of the text."""
