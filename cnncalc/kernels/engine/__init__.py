"""The fast kernels: the same layers as in the readable ones beside them, on blocked maps, in vector instructions.

A map is stored as `[image][channel block][row][column][16]` with its pads around it, so that sixteen channels of a
pixel lie together and a window never leaves the memory.  A kernel is `kernel(row, first, last, thread)`: `row` is the
address of its numbers (`cnncalc.kernels.engine.fields`), `first .. last` are the units of work it is to do.  Nothing
here decides or checks anything: `cnncalc.runtime.engine` plans, packs weights and lays out memory.
"""
