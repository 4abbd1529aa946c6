"""The layers: all that can be said about each without an array, one small class for each."""
