"""The picture of a net: what becomes an item, where it lies, which arrows lead to it."""
