"""What an editor is told about a text of ours while it is typed: faults, shapes, formulas, words that may come next.

`state` reads a text; every other module answers one kind of question about a `State` with records of its own, in lines
and columns as editors count them (`positions`).  `server` alone knows the protocol.
"""
