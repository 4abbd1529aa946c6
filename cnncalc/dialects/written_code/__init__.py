"""A net as a program that a person would write: what the writers of PyTorch and Keras share.

A writer gives `Piece`s, one for what it writes in one go; `outline` finds the blocks, repeats and arguments among them;
`code_lines` lays texts out as black does.  No framework is known here.
"""
