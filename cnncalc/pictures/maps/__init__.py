"""The maps of a run as pictures, and which places of a photo an answer depends on."""
