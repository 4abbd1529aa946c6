"""The fast executor: a plan of fused steps on blocked maps, made without an array, then bound to memory and run.

`ops` is what it can do, one module an operation: which layers it serves, its tile, weights, call and traffic.  `passes`
make a plan of the net's layers, one after the other (`pipeline`); none knows an op.  The nouns of both are in `ir`,
`chain`, `window`, `weight_layout` and `tiling`.  `weights` and `program` bring a plan to memory, `session` runs it,
`work` tells how much a step computes and moves.  Layers that only the readable kernels know are steps like any other.
"""
