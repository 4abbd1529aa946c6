"""The fast executor: a plan of fused steps on blocked maps, made without an array, then bound to memory and run.

`fusing` finds what can be computed together, `lowering` names a kernel for it, `sharing` leaves out what is computed
twice, `striping` joins steps whose map between them need not be stored, `joining` and `placing` find a place in memory
for every other map; together they make an `EnginePlan` (`planning`).  `packing` and `binding` turn it into a program of
addresses, `sessions` runs that; `work` tells how much a step computes and moves.  Layers that only the readable kernels
know are steps like any other.
"""
