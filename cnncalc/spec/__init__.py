"""The grammar of our language: a text becomes a document, line by line, without knowing which layers exist."""
