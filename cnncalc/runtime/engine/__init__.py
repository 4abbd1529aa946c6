"""The fast executor: a plan of fused steps on blocked maps, made without an array, then bound to memory and run.

`fusing` finds what can be computed together, `lowering` names a kernel for it, `placing` finds a place in memory for
every map; together they make an `EnginePlan` (`planning`).  `packing` and `binding` turn it into a program of
addresses, `sessions` runs that.  Layers that only the readable kernels know are steps like any other.
"""
