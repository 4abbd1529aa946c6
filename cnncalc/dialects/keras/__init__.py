"""Keras' notation: programs written with it, what `to_json` writes, and what `model.summary()` prints.

Its names are put to layers of ours by the tables of `cnncalc.graph.pasted`; what all frameworks share is in
`cnncalc.dialects.traced`.  Nothing of Keras or TensorFlow itself is imported.
"""
