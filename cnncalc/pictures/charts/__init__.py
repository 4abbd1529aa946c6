"""Charts of what a net costs line by line, and of a sweep."""
