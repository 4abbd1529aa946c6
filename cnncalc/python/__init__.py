"""Python programs read without running them: a bounded evaluator over the tree of `ast`.

Nothing of a program is ever compiled, executed or imported.  Which libraries there are and what their names mean is
told by `Package`s from outside; no layer and no tensor is known here.
"""
