"""How one number of a result comes about, as a picture and as the sliding window."""
