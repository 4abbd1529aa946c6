"""PyTorch's notation: programs written with it, and what `print(model)` shows.

Its names are put to layers of ours by the tables of `cnncalc.graph.pasted`; what all frameworks share is in
`cnncalc.dialects.traced`.  Nothing of PyTorch itself is imported.
"""
